// Any answer of Meta's: it is read or refused, and what is refused is called corrupt.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "platform/corrupt_for_test.h"
#include "platform/meta_errors.h"
#include "platform/meta_replies.h"

namespace rf::platform {
namespace {

void read_item(const Reply& reply) {
  const Currency dollars = Currency::parse("USD").value();
  for (Level level : {Level::campaign, Level::adset, Level::ad})
    must_be_corrupt(meta_entity(reply, level, dollars));
  must_be_corrupt(meta_account(reply));
  for (const char* window : {"", "7d_click"}) {
    MetaRowReader reader(
        {.level = Level::ad, .currency = dollars, .kinds = {}, .conversion = "", .window = window});
    must_be_corrupt(reader.read(reply));
    static_cast<void>(reader.notices());
  }
}

void read_answer(std::string_view text) {
  const Result<Json> json = parse_body(text, "meta");
  net::Headers headers;
  for (const char* name : {"x-app-usage", "x-business-use-case-usage", "x-ad-account-usage",
                           "x-fb-ads-insights-throttle"})
    headers.add(name, std::string(text));
  const Answer answer{
      .status = 200, .headers = &headers, .json = json ? &*json : nullptr, .now = Instant()};
  static_cast<void>(meta_fault(answer));
  static_cast<void>(meta_usage(answer));
  if (!json) return;
  const Reply reply(*json, "meta");
  read_item(reply);
  must_be_corrupt(meta_next_page(reply));
  must_be_corrupt(meta_report(reply));
  must_be_corrupt(meta_smallest_budget(reply, Currency::parse("USD").value()));
  const auto take = [](const Reply& item) -> Status {
    read_item(item);
    return {};
  };
  must_be_corrupt(reply.each("data", take));
}

}  // namespace
}  // namespace rf::platform

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rf::platform::read_answer({reinterpret_cast<const char*>(data), size});
  return 0;
}
