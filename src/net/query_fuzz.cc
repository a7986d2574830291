// Any address, and any text that an answer's headers may hold.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "net/address.h"
#include "net/query.h"
#include "net/rate_budget.h"
#include "net/redact.h"
#include "net/retry.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace net = rf::net;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(net::without_secrets(text));
  static_cast<void>(net::names_a_secret(text));
  static_cast<void>(net::is_public(text));
  static_cast<void>(net::parse_span(text));
  const auto fields = net::parse_query(net::split_target(text).second);
  RF_CHECK(!fields || fields->size() <= 1000);
  const auto decoded = net::percent_decoded(text);
  RF_CHECK(!decoded || net::percent_decoded(net::percent_encoded(*decoded)).value() == *decoded);
  const auto date = net::parse_http_date(text);
  RF_CHECK(!date || net::parse_http_date(net::to_http_date(*date)) == date);
  const rf::Instant now{std::chrono::seconds{1'700'000'000}};
  const net::Response refused{.status = 429,
                              .headers = {{"Retry-After", std::string(text)},
                                          {"RateLimit-Limit", std::string(text)},
                                          {"RateLimit-Remaining", std::string(text)},
                                          {"RateLimit-Reset", std::string(text)}},
                              .body = {}};
  net::RateBudget budget({});
  budget.learn("key", net::read_rate(refused, now), now);
  RF_CHECK(budget.wait_for({"key"}, now) <= std::chrono::hours{24});
  return 0;
}
