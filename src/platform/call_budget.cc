#include "platform/call_budget.h"

#include <algorithm>
#include <chrono>

namespace rf::platform {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// Source: Meta's guidance for business use case limits: slow down early; the share at which to do
// so and the one at which to stop are chosen, with room for calls that are on their way.
constexpr double kSlowFrom = 75;
constexpr double kStopFrom = 95;

// Chosen: counters fall over an hour; a twelfth of it shows whether they do.
constexpr Duration kStopFor = minutes(5);

// Chosen: ten seconds before each call bring 360 calls an hour, which every tier allows.
constexpr double kPauseMaxS = 10;

// What a counter said an hour ago, says nothing of now: all windows are an hour or less.
constexpr Duration kForget = minutes(60);

}  // namespace

void CallBudget::note(const Usage& usage, Instant now) {
  Counter& counter = counters_[usage.scope];
  counter.percent = usage.percent;
  counter.seen = now;
  const bool regains = usage.regain && usage.regain->count() > 0;
  if (usage.percent >= kStopFrom || regains)
    counter.blocked_until = std::max(counter.blocked_until, now + usage.regain.value_or(kStopFor));
}

void CallBudget::block(std::string_view scope, Instant until) {
  Counter& counter = counters_[std::string(scope)];
  counter.blocked_until = std::max(counter.blocked_until, until);
}

std::optional<Instant> CallBudget::blocked_until(const std::vector<std::string>& scopes,
                                                 Instant now) const {
  std::optional<Instant> latest;
  for (const std::string& scope : scopes) {
    auto counter = counters_.find(scope);
    if (counter == counters_.end() || counter->second.blocked_until <= now) continue;
    if (!latest || *latest < counter->second.blocked_until) latest = counter->second.blocked_until;
  }
  return latest;
}

Duration CallBudget::pause(const std::vector<std::string>& scopes, Instant now) const {
  double most = 0;
  for (const std::string& scope : scopes) {
    auto counter = counters_.find(scope);
    if (counter == counters_.end() || now - counter->second.seen > kForget) continue;
    most = std::max(most, counter->second.percent);
  }
  if (most < kSlowFrom) return Duration(0);
  const double part = std::min(1.0, (most - kSlowFrom) / (kStopFrom - kSlowFrom));
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(part * kPauseMaxS));
}

}  // namespace rf::platform
