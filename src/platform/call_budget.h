// How many calls a platform still lets us make, as its own answers tell it.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace rf::platform {

// One counter of a platform, as an answer's headers show it.
struct Usage {
  std::string scope;               // "app", "ads_insights": what the counter counts.
  double percent = 0;              // Of what is allowed; may pass 100.
  std::optional<Duration> regain;  // Until calls are taken again, where the platform says so.
};

// Slows down before a limit and stops at it, each counter for itself.
// Thread: one at a time.
class CallBudget {
 public:
  void note(const Usage& usage, Instant now);

  // Nothing may be called under the scope before that.
  void block(std::string_view scope, Instant until);

  // Until when a call that is counted under these scopes must wait; none when it may go.
  std::optional<Instant> blocked_until(const std::vector<std::string>& scopes, Instant now) const;

  // How long to pause before the next call, so that the counters fall before they are full.
  Duration pause(const std::vector<std::string>& scopes, Instant now) const;

 private:
  struct Counter {
    double percent = 0;
    Instant seen;
    Instant blocked_until;
  };
  std::map<std::string, Counter, std::less<>> counters_;
};

}  // namespace rf::platform
