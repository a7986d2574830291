// The parts of a workbook, unpacked a block at a time and under limits.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <zip.h>

#include "base/result.h"

namespace rf::imports {

struct CloseZip {
  void operator()(zip_t* zip) const { zip_discard(zip); }
};
using Zip = std::unique_ptr<zip_t, CloseZip>;

// Errors: corrupt, when it is not a ZIP archive.
Result<Zip> open_zip(const std::string& path);

// `bytes` must outlive the archive.
Result<Zip> open_zip_bytes(std::string_view bytes);

// One entry being unpacked.
class ZipEntry {
 public:
  // Errors: not_found; corrupt.
  static Result<ZipEntry> open(zip_t* zip, const std::string& name);

  // Errors: corrupt; over_limit, when it unpacks to far more than tables do.
  Result<std::size_t> read(std::span<char> buffer);

  std::int64_t done() const { return done_; }
  std::int64_t size() const { return size_; }

 private:
  struct Close {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
  };
  std::unique_ptr<zip_file_t, Close> file_;
  std::string name_;
  std::int64_t done_ = 0;
  std::int64_t size_ = 0;
  std::int64_t limit_ = 0;
};

}  // namespace rf::imports
