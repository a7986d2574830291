// The bytes of one film: a descriptor in the decoder's process, memory in fuzzers.

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>

#include <unistd.h>

namespace rf::media {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::int64_t size() const = 0;
  // How many bytes were read; 0 at the end, negative when reading fails.
  virtual std::int64_t read_at(std::int64_t offset, std::span<std::uint8_t> into) = 0;
};

class FileBytes final : public ByteSource {
 public:
  FileBytes(int descriptor, std::int64_t size) : descriptor_(descriptor), size_(size) {}
  std::int64_t size() const override { return size_; }
  std::int64_t read_at(std::int64_t offset, std::span<std::uint8_t> into) override {
    return pread(descriptor_, into.data(), into.size(), offset);
  }

 private:
  int descriptor_;
  std::int64_t size_;
};

class MemoryBytes final : public ByteSource {
 public:
  explicit MemoryBytes(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  std::int64_t size() const override { return std::ssize(bytes_); }
  std::int64_t read_at(std::int64_t offset, std::span<std::uint8_t> into) override {
    if (offset < 0 || offset >= size()) return 0;
    const auto count = std::min(std::ssize(into), size() - offset);
    std::memcpy(into.data(), bytes_.data() + offset, static_cast<std::size_t>(count));
    return count;
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

}  // namespace rf::media
