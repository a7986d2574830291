// How fast each key may be used: an account, a token, an application; learnt from what answers say.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "net/http.h"

namespace rf::net {

// What one answer, good or bad, said of a key's use. Whatever it did not say stays empty.
struct RateReading {
  std::optional<double> limit;       // Requests in a window.
  std::optional<double> remaining;   // Of them.
  std::optional<Duration> reset_in;  // Until the window begins anew.
  std::optional<double> used_share;  // 0 to 1; more is over the limit.
  std::optional<Duration> blocked_for;

  bool operator==(const RateReading&) const = default;
};

// Reads Retry-After (of 429 and 503), RateLimit-Limit/-Remaining/-Reset and their X- forms, with
// the endings "-Requests" that some services give them; a reset is in seconds ("30"), in a span
// ("1m30s", "250ms"), or, when it is far too large for a span, a Unix time. Headers of one
// platform's own are read by its client.
// Source: IETF draft-ietf-httpapi-ratelimit-headers-03 for the names and for seconds.
RateReading read_rate(const Response& response, Instant now);

// A span such as "6m0s", "1.5s" or "20ms".
std::optional<Duration> parse_span(std::string_view text);

struct RateRules {
  double per_second = 10;  // Before anything is learnt.
  double burst = 10;       // Requests that may go at once after a rest.
  // From this share on the pace falls, to reach a standstill at 1. Chosen: at three quarters there
  // is still room for what a person does by hand.
  double slow_from = 0.75;
  // How long a share of 1 or more, or a used-up window, stops a key when nothing says how long.
  Duration stop_for = std::chrono::minutes{1};
};

// Thread: one at a time.
class RateBudget {
 public:
  explicit RateBudget(RateRules rules) : rules_(rules) {}

  // Sets a key's own rules, where a platform documents them.
  void set_rules(const std::string& key, RateRules rules);

  // How long a request that uses all of these keys has to wait; 0 is now. Changes nothing.
  Duration wait_for(const std::vector<std::string>& keys, Instant now) const;

  // A request with these keys goes out.
  void spend(const std::vector<std::string>& keys, Instant now);

  // From any answer, also a refusal. What was learnt ends when the window does.
  void learn(const std::string& key, const RateReading& reading, Instant now);

  // Keeps the key from being used until then.
  void stop(const std::string& key, Instant until);

 private:
  struct Bucket {
    RateRules rules;
    double tokens = 0;
    Instant counted_at{};
    Instant stopped_until{};
    double pace = 1;       // Of the rules' rate.
    Instant pace_until{};  // Then it is 1 again.
  };

  Bucket& bucket(const std::string& key, Instant now);
  Duration wait_for(const Bucket& bucket, Instant now) const;

  RateRules rules_;
  std::map<std::string, RateRules, std::less<>> own_rules_;
  std::map<std::string, Bucket, std::less<>> buckets_;
};

}  // namespace rf::net
