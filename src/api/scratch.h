// A folder for work that leaves nothing behind.

#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/result.h"

namespace rf::api {

// A folder that is gone with this value.
class Scratch {
 public:
  // Errors: unavailable.
  static Result<std::unique_ptr<Scratch>> make(std::string_view name) {
    namespace fs = std::filesystem;
    std::error_code error;
    std::string pattern = "reelforge-";
    pattern.append(name).append("-XXXXXX");
    pattern = (fs::temp_directory_path(error) / pattern).string();
    if (!error && ::mkdtemp(pattern.data()) != nullptr) {
      return std::make_unique<Scratch>(fs::path(pattern));
    }
    return fail(ErrorCode::unavailable, pattern + ": cannot be made");
  }

  explicit Scratch(std::filesystem::path path) : path_(std::move(path)) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace rf::api
