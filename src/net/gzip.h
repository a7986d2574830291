// Gzip, for answers.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace rf::net {

// Source: RFC 1952. Cost: about 100 MB/s; speed is chosen over size.
std::string gzip(std::string_view bytes);

// Errors: corrupt; over_limit, when it would be larger than `bytes_max`.
Result<std::string> gunzip(std::string_view bytes, std::size_t bytes_max);

}  // namespace rf::net
