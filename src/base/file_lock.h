// A lock between processes that goes with the process that holds it, however that ends.

#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/result.h"

namespace rf {

// Held from take() until it is destroyed. The file stays; what is written in it means nothing.
// Thread: also between threads of one process, each with a lock of its own.
class FileLock {
 public:
  // None while somebody else holds it. Makes the file if it is not there.
  // Errors: unavailable, when the file cannot be opened or locked.
  static Result<std::optional<FileLock>> take(const std::string& path);

  // Whether somebody holds it now; false where there is no file.
  static bool is_taken(const std::string& path);

  FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FileLock& operator=(FileLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int file) : file_(file) {}
  int file_;  // -1 once it was moved from.
};

}  // namespace rf
