#include "store/import/zip_entry.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace rf::imports {
namespace {

// Sheets of export files pack 10 to 40 times; what packs 300 times and is large is made to harm.
constexpr std::int64_t kRatioMax = 300;
constexpr std::int64_t kFreely = std::int64_t{32} << 20;
constexpr std::int64_t kUnpackedMax = std::int64_t{8} << 30;

Error not_a_workbook() {
  return fail(ErrorCode::corrupt, "begins like a workbook but is not a sound ZIP archive");
}

}  // namespace

Result<Zip> open_zip(const std::string& path) {
  int error = 0;
  Zip zip(zip_open(path.c_str(), ZIP_RDONLY, &error));
  if (!zip) return not_a_workbook();
  return zip;
}

Result<Zip> open_zip_bytes(std::string_view bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source == nullptr) return not_a_workbook();
  Zip zip(zip_open_from_source(source, ZIP_RDONLY, &error));
  zip_error_fini(&error);
  if (!zip) {
    zip_source_free(source);
    return not_a_workbook();
  }
  return zip;
}

Result<ZipEntry> ZipEntry::open(zip_t* zip, const std::string& name) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_stat(zip, name.c_str(), 0, &stat) != 0)
    return fail(ErrorCode::not_found, fmt::format("the workbook has no part '{}'", name));
  ZipEntry entry;
  entry.file_.reset(zip_fopen(zip, name.c_str(), 0));
  if (!entry.file_)
    return fail(ErrorCode::corrupt, fmt::format("the workbook's part '{}' cannot be unpacked", name));
  entry.name_ = name;
  entry.size_ = static_cast<std::int64_t>(std::min<zip_uint64_t>(stat.size, kUnpackedMax));
  const auto packed = static_cast<std::int64_t>(std::min<zip_uint64_t>(stat.comp_size, kUnpackedMax));
  entry.limit_ = std::min(kUnpackedMax, std::max(kFreely, packed * kRatioMax));
  return entry;
}

Result<std::size_t> ZipEntry::read(std::span<char> buffer) {
  const zip_int64_t count = zip_fread(file_.get(), buffer.data(), buffer.size());
  if (count < 0)
    return fail(ErrorCode::corrupt, fmt::format("the workbook's part '{}' is damaged", name_));
  done_ += count;
  if (done_ > limit_) {
    return fail(ErrorCode::over_limit,
                fmt::format("the workbook's part '{}' unpacks to more than {} bytes", name_, limit_));
  }
  return static_cast<std::size_t>(count);
}

}  // namespace rf::imports
