#include "server/store_version.h"

#include <algorithm>
#include <chrono>

#include <sys/stat.h>

namespace rf::server {
namespace {

// The coarsest usual kernel tick is 10 ms; with room for a slow write in between.
constexpr std::chrono::milliseconds kTickMax{50};

void look_at(const std::string& path, std::int64_t& file, std::int64_t& size, std::int64_t& time) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return;
  file = static_cast<std::int64_t>(found.st_ino);
  size = found.st_size;
  time = found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec;
}

}  // namespace

StoreVersion store_version(const std::string& store_path) {
  StoreVersion version;
  look_at(store_path, version.file, version.file_size, version.file_time);
  look_at(store_path + "-wal", version.log, version.log_size, version.log_time);
  return version;
}

bool is_settled(const StoreVersion& version, Instant now) {
  const std::int64_t last = std::max(version.file_time, version.log_time);
  const Instant changed{std::chrono::duration_cast<Duration>(std::chrono::nanoseconds{last})};
  return now - changed > kTickMax;
}

}  // namespace rf::server
