// Tells what a file is by its first bytes.

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "store/import/table_reader.h"

namespace rf::imports {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const {
    // NOLINTNEXTLINE(cppcoreguidelines-owning-memory)
    static_cast<void>(std::fclose(file));
  }
};

class FileBytes final : public ByteSource {
 public:
  FileBytes(std::unique_ptr<std::FILE, CloseFile> file, std::int64_t size)
      : file_(std::move(file)), size_(size) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file_.get());
    if (count == 0 && std::ferror(file_.get()) != 0)
      return fail(ErrorCode::unavailable, "the file cannot be read any further");
    return count;
  }
  std::int64_t size() const override { return size_; }

 private:
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::int64_t size_;
};

class MemoryBytes final : public ByteSource {
 public:
  explicit MemoryBytes(std::string bytes) : bytes_(std::move(bytes)) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t count = std::min(buffer.size(), bytes_.size() - at_);
    std::memcpy(buffer.data(), bytes_.data() + at_, count);
    at_ += count;
    return count;
  }
  std::int64_t size() const override { return static_cast<std::int64_t>(bytes_.size()); }

 private:
  std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found)
    return fail(ErrorCode::not_found, "there is no such file");
  if (!std::filesystem::is_regular_file(status)) {
    return fail(ErrorCode::invalid,
                "not an ordinary file; it is read twice, so save it to disk first");
  }
  const auto size = std::filesystem::file_size(path, error);
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (!file) {
    const std::string why = std::error_code(errno, std::generic_category()).message();
    return fail(ErrorCode::unavailable, fmt::format("cannot be opened: {}", why));
  }
  return std::unique_ptr<ByteSource>(
      std::make_unique<FileBytes>(std::move(file), static_cast<std::int64_t>(size)));
}

std::unique_ptr<ByteSource> bytes_of(std::string bytes) {
  return std::make_unique<MemoryBytes>(std::move(bytes));
}

Result<std::unique_ptr<TableReader>> open_table(const std::string& path) {
  std::unique_ptr<ByteSource> source = RF_TRY(open_bytes(path));
  std::array<char, 4> head{};
  const std::size_t count = RF_TRY(source->read(head));
  const std::string_view start(head.data(), count);
  if (start.starts_with("PK\x03\x04")) return open_workbook(path);
  if (start == "\xD0\xCF\x11\xE0") {
    return fail(ErrorCode::unsupported,
                "an .xls workbook of before 2007; save it as .xlsx or CSV UTF-8");
  }
  std::unique_ptr<ByteSource> again = RF_TRY(open_bytes(path));
  return open_delimited(std::move(again));
}

}  // namespace rf::imports
