#include "base/result.h"

#include <array>
#include <cstddef>

namespace rf {
namespace {

constexpr auto kCodes = std::to_array<ErrorCodeRow>({
    {ErrorCode::invalid, "invalid", 400, -32602, 2, false},
    {ErrorCode::not_found, "not_found", 404, -32001, 3, false},
    {ErrorCode::conflict, "conflict", 409, -32002, 4, false},
    {ErrorCode::denied, "denied", 403, -32003, 5, false},
    {ErrorCode::throttled, "throttled", 429, -32004, 6, true},
    {ErrorCode::unavailable, "unavailable", 503, -32005, 7, true},
    {ErrorCode::outcome_unknown, "outcome_unknown", 504, -32006, 8, false},
    {ErrorCode::corrupt, "corrupt", 422, -32007, 9, false},
    {ErrorCode::unsupported, "unsupported", 501, -32008, 10, false},
    {ErrorCode::over_limit, "over_limit", 402, -32009, 11, false},
});

constexpr bool in_order() {
  for (std::size_t i = 0; i < kCodes.size(); ++i) {
    if (static_cast<std::size_t>(kCodes[i].code) != i) return false;
  }
  return true;
}
static_assert(in_order(), "kCodes is looked up by position");

}  // namespace

const ErrorCodeRow& row_of(ErrorCode code) {
  auto index = static_cast<std::size_t>(code);
  RF_CHECK(index < kCodes.size());
  return kCodes[index];
}

std::string_view to_string(ErrorCode code) { return row_of(code).name; }

Error Error::with(std::string_view context) && {
  message.insert(0, std::string(context) + ": ");
  return std::move(*this);
}

Error fail(ErrorCode code, std::string message) { return {code, std::move(message)}; }

}  // namespace rf
