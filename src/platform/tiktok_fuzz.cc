// Any answer of TikTok's: it is read or refused, and what is refused is called corrupt.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "platform/corrupt_for_test.h"
#include "platform/tiktok_errors.h"
#include "platform/tiktok_replies.h"

namespace rf::platform {
namespace {

void read_item(const Reply& item) {
  const Currency euros = Currency::parse("EUR").value();
  for (Level level : {Level::campaign, Level::adset, Level::ad}) {
    must_be_corrupt(tiktok_entity(item, level, euros));
    for (const char* conversion : {"conversions", "purchases"}) {
      const TiktokForm form{
          .level = level, .kinds = {"age"}, .conversion = conversion, .entities = {}};
      must_be_corrupt(tiktok_row(item, form));
    }
    must_be_corrupt(tiktok_row(
        item, {.level = level, .kinds = {}, .conversion = "conversions", .entities = {}}));
  }
}

void read_answer(std::string_view text) {
  const Result<Json> json = parse_body(text, "tiktok");
  const net::Headers headers;
  static_cast<void>(tiktok_fault(
      {.status = 200, .headers = &headers, .json = json ? &*json : nullptr, .now = Instant()}));
  if (!json) return;
  const Reply reply(*json, "tiktok");
  const auto found = reply.find("data");
  const Reply& place = found ? *found : reply;
  must_be_corrupt(tiktok_accounts(place));
  must_be_corrupt(tiktok_page(place));
  const auto take = [](const Reply& item) -> Status {
    read_item(item);
    return {};
  };
  must_be_corrupt(place.each("list", take));
  read_item(place);
}

}  // namespace
}  // namespace rf::platform

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rf::platform::read_answer({reinterpret_cast<const char*>(data), size});
  return 0;
}
