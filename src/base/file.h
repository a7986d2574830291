// Whole small files, and fingerprints of large ones.

#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace rf {

// Errors: not_found; over_limit, when it is larger than `bytes_max`; unavailable, when it cannot be
// read.
Result<std::string> read_file(const std::string& path, std::int64_t bytes_max);

// SHA-256 of the file's bytes, 64 lower-case hexadecimal digits.
// Errors: not_found; unavailable, when it cannot be read.
// Cost: reads all of it, in pieces.
Result<std::string> file_sha256(const std::string& path);

}  // namespace rf
