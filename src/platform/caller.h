// One call to a platform: within its limits, repeated where that is safe, its answer judged by the
// platform's own rules.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/rng.h"
#include "base/time.h"
#include "net/http.h"
#include "net/rate_budget.h"
#include "net/retry.h"
#include "platform/wire_text.h"

namespace rf::platform {

// How a client reaches its platform. What is pointed to must outlive the client. The HTTP client
// should not repeat anything by itself.
struct Line {
  net::HttpClient* http = nullptr;
  const Clock* clock = nullptr;
  // Waits, and tells whether to go on; without it nothing is waited for, hence nothing repeated.
  std::function<bool(Duration)> wait;
};

// One counter of a platform, as an answer's headers show it.
struct Usage {
  std::string scope;               // "app", "ads_insights": what the counter counts.
  double percent = 0;              // Of what is allowed; may pass 100.
  std::optional<Duration> regain;  // Until calls are taken again, where the platform says so.
};

// Why an answer is not what was asked for.
struct Fault {
  Error error;
  bool passing = false;             // A read may be sent again a little later.
  std::optional<Instant> until;     // Of throttled: when calls are taken again.
  std::vector<std::string> scopes;  // Of throttled: what is to stop until then.
};

struct Answer {
  int status = 200;
  const net::Headers* headers = nullptr;
  const Json* json = nullptr;  // Null where the body is no JSON.
  Instant now;
};

// What tells one platform's answers from another's.
struct Dialect {
  std::string_view name;  // "meta": begins every message.
  std::function<std::vector<Usage>(const Answer&)> usage;
  std::function<std::optional<Fault>(const Answer&)> fault;
  std::vector<Secret> secrets;  // Cut out of every message.
};

// Thread: one at a time.
class Caller {
 public:
  Caller(Line line, Dialect dialect) : line_(std::move(line)), dialect_(std::move(dialect)) {}

  // Asks, and asks again while that may help.
  // Errors: those of the dialect; throttled, with the time until which to wait; unavailable;
  // corrupt, when the answer is no JSON.
  Result<Json> read(const net::Request& request, const std::vector<std::string>& scopes);

  // Asks once. What failed in passing, or came back unreadable, may have happened all the same.
  // Errors: outcome_unknown; unavailable, when it was certainly not done; those of the dialect.
  Result<Json> write(const net::Request& request, const std::vector<std::string>& scopes);

  Instant now() const { return line_.clock->now(); }
  // False when there is nothing to wait with, or the wait was broken off.
  bool wait(Duration duration) const { return line_.wait && line_.wait(duration); }
  bool can_wait() const { return static_cast<bool>(line_.wait); }
  void set_secrets(std::vector<Secret> secrets) { dialect_.secrets = std::move(secrets); }

 private:
  struct Try {
    std::optional<Json> json;
    Fault fault;
    bool answered = false;
  };
  Status pass_limits(const std::vector<std::string>& scopes);
  Try once(const net::Request& request);
  Error told(Error error) const;

  Line line_;
  Dialect dialect_;
  net::RateBudget budget_{net::RateRules{}};
  Rng rng_{0x5EED};  // Only spreads retries; need not differ from run to run.
};

// A platform's own words, made safe to repeat: one line, not too long.
std::string quoted_words(std::string_view text);

// "throttled until 2026-11-01T14:05:00Z".
std::string until_text(Instant until);

}  // namespace rf::platform
