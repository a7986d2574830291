// Whole small files.

#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace rf {

// Errors: not_found; over_limit, when it is larger than `bytes_max`; unavailable, when it cannot be
// read.
Result<std::string> read_file(const std::string& path, std::int64_t bytes_max);

}  // namespace rf
