// What all faces of the sandbox share: the fault plan, rate limits that fill up and drain, the
// token that expires, and the list of requests that broke the contract.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "net/http.h"
#include "sim/platform/sandbox.h"

namespace rf::sim {

// Shares of calls. Which call is hit follows from the seed and the call's number alone.
struct FaultPlan {
  std::uint64_t seed = 1;
  double refused = 0;            // A passing error, nothing done.
  double throttled = 0;          // A limit's error, nothing done.
  double lost_before = 0;        // No answer, nothing done.
  double lost_after = 0;         // No answer, but done.
  double twice = 0;              // Done twice, as when a proxy sends again.
  double cut_short = 0;          // A list's page without its last row.
  std::int64_t token_calls = 0;  // The token expires after so many calls; 0: never.
};

enum class Fault : std::uint8_t {
  none,
  refused,
  throttled,
  lost_before,
  lost_after,
  twice,
  cut_short
};

struct FaceRules {
  std::string token = "sandbox-token";
  std::string app_secret = "sandbox-secret";
  std::string developer_token = "sandbox-developer";  // Google's.
  FaultPlan faults;
  double calls_per_hour = 0;  // Of one account; 0: what the platform documents.
};

// How far a limit of calls is used up.
class RateGauge {
 public:
  // Counts one call at `now`; the limit drains evenly over an hour.
  void count(Instant now, double per_hour);

  // Of the limit. [0, ...)
  double used_share(double per_hour) const { return used_ / per_hour; }

 private:
  double used_ = 0;
  Instant last_{};
};

// One face's day book.
// Thread: under the sandbox's lock.
class CallBook {
 public:
  CallBook(Sandbox& sandbox, FaceRules rules) : sandbox_(sandbox), rules_(std::move(rules)) {}

  Sandbox& sandbox() { return sandbox_; }
  const FaceRules& rules() const { return rules_; }

  // Counts a call and says what happens to it.
  Fault begin();

  std::int64_t calls() const { return calls_; }
  std::int64_t faults() const { return faults_; }

  // A request that no client may send: an unknown path or field, a wrong type or value.
  void breach(std::string_view method, std::string_view path, std::string_view what);
  std::int64_t breaches() const { return breaches_; }
  // The first hundred of them, in words.
  const std::vector<std::string>& breach_texts() const { return breach_texts_; }

  bool token_is_good(std::string_view token) const;
  bool token_expired() const;
  // As when somebody signs in again.
  void renew_token() { renewed_at_ = calls_; }

  RateGauge& gauge(const std::string& key) { return gauges_[key]; }

 private:
  Sandbox& sandbox_;
  FaceRules rules_;
  std::int64_t calls_ = 0;
  std::int64_t faults_ = 0;
  std::int64_t breaches_ = 0;
  std::int64_t renewed_at_ = 0;
  std::vector<std::string> breach_texts_;
  std::map<std::string, RateGauge, std::less<>> gauges_;
};

net::Response json_response(int status, const Json& body);
inline net::Response no_answer() { return {.status = net::kNoAnswer}; }

}  // namespace rf::sim
