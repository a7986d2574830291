// Any answer of Google's: it is read or refused, and what is refused is called corrupt.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "platform/corrupt_for_test.h"
#include "platform/google_errors.h"
#include "platform/google_replies.h"

namespace rf::platform {
namespace {

void read_answer(std::string_view text) {
  const Result<Json> json = parse_body(text, "google");
  const net::Headers headers;
  static_cast<void>(google_fault(
      {.status = 400, .headers = &headers, .json = json ? &*json : nullptr, .now = Instant()}));
  if (!json) return;
  const auto take = [](const Reply& result) -> Status {
    must_be_corrupt(google_account(result));
    for (Level level : {Level::campaign, Level::adset, Level::ad}) {
      must_be_corrupt(google_entity(result, level, Currency::parse("USD").value()));
      must_be_corrupt(google_row(result, level));
    }
    return {};
  };
  must_be_corrupt(google_each_result(*json, "google", take));
}

}  // namespace
}  // namespace rf::platform

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rf::platform::read_answer({reinterpret_cast<const char*>(data), size});
  return 0;
}
