// Whether the store has changed, asked of its files without opening it.

#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace rf::server {

// Every commit writes to the log beside the file or to the file, so one of these moves with it.
struct StoreVersion {
  std::int64_t file = 0;  // Inode, size and time of change of the two, as far as they are there.
  std::int64_t file_size = 0;
  std::int64_t file_time = 0;
  std::int64_t log = 0;
  std::int64_t log_size = 0;
  std::int64_t log_time = 0;

  bool operator==(const StoreVersion&) const = default;
};

StoreVersion store_version(const std::string& store_path);

// False while a change that follows at once could still bear the same time: file systems stamp with
// a clock that ticks some hundred times a second.
bool is_settled(const StoreVersion& version, Instant now);

}  // namespace rf::server
