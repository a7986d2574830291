// When a request is sent again, and after how long.

#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/rng.h"
#include "base/time.h"
#include "net/http.h"

namespace rf::net {

// Chosen, and the same for every platform.
struct RetryRules {
  Duration first_max = std::chrono::seconds{1};  // The longest first wait; doubles each time.
  Duration longest = std::chrono::seconds{60};   // Of our own waits.
  Duration asked_max = std::chrono::minutes{5};  // Longer waits asked for are the caller's to plan.
  int tries_max = 6;                             // The first one included.
};

// A time to wait after the `failures`-th failure: uniform between 0 and the doubling bound, so that
// clients that failed together do not come back together.
// REQUIRES: failures >= 1.
// Source: "Exponential Backoff And Jitter", M. Brooker 2015, the "full jitter" rule.
Duration backoff(int failures, const RetryRules& rules, Rng& rng);

// What Retry-After says, in seconds or as a date; nothing when it says nothing readable. Not before
// now.
// Source: RFC 9110, 10.2.3.
std::optional<Duration> retry_after(const Headers& headers, Instant now);

// An IMF-fixdate: "Sun, 06 Nov 1994 08:49:37 GMT".
// Source: RFC 9110, 5.6.7; the two older forms are not read.
std::optional<Instant> parse_http_date(std::string_view text);
std::string to_http_date(Instant instant);

// What one try showed.
struct Verdict {
  bool again = false;
  Duration at_least{0};  // What the server asked for.
};
using Judge = std::function<Verdict(const Result<Response>&)>;

// GET, HEAD and OPTIONS: asking twice is asking once.
bool is_read(std::string_view method);

// A read is sent again after 408, 425, 429, 500, 502, 503, 504, an unavailable server and a lost
// answer. A write only when it was surely not done: not sent, 429, or 503 with Retry-After.
// Never after a wait longer than rules.asked_max.
Verdict judge(const Result<Response>& answer, bool read, const RetryRules& rules, Instant now);

struct Patience {
  const RetryRules& rules;
  const Clock& clock;
  Rng& rng;
  // Returns when the time has passed, true; or false at once when asked to stop.
  std::function<bool(Duration)> wait;
};

// Sends until `judged` says it is enough, the tries are used up, or waiting is broken off; the last
// try's answer or error. Where a platform speaks of errors in its bodies, it brings its own judge.
Result<Response> send_patiently(HttpClient& client, const Request& request,
                                const Patience& patience, const Judge& judged);

// With the judge above, a read being what is_read() says.
Result<Response> send_patiently(HttpClient& client, const Request& request,
                                const Patience& patience);

}  // namespace rf::net
