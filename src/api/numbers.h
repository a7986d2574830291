// Numbers that a person typed, such as those of receipts and alerts.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rf::api {

// Errors: invalid, with `place`, what was found, and `expected`.
Result<std::vector<std::int64_t>> numbers_in(const std::vector<std::string>& texts,
                                             std::string_view place, std::string_view expected);

}  // namespace rf::api
