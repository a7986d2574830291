// The films of a folder, played by their bytes' fingerprint.

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "net/http.h"

namespace rf::server {

inline constexpr std::string_view kFilmsRoot = "/films/";

// Thread: any.
class Films {
 public:
  // Only plain files of this folder itself are ever sent; empty for none.
  explicit Films(std::string folder) : folder_(std::move(folder)) {}

  // A GET of /films/SHA256, whole or a range of its bytes, at most a few megabytes at a time.
  // Cost: the first request reads every film of the folder; later ones those that changed.
  net::Response answer(const net::Request& request);

 private:
  struct Known {
    std::int64_t size = 0;
    std::int64_t time = 0;
    std::string sha256;
  };

  std::string fingerprint(const std::filesystem::directory_entry& entry);
  std::string path_of(std::string_view sha256);

  std::string folder_;
  std::mutex mutex_;
  std::map<std::string, Known, std::less<>> known_;
};

}  // namespace rf::server
