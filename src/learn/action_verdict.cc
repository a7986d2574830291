#include "learn/action_verdict.h"

#include <limits>

#include "base/check.h"

namespace rf::learn {
namespace {

constexpr double kMass = 0.9;  // As every interval the program shows.

BetaPosterior win_posterior(std::int64_t right, std::int64_t wrong) {
  RF_CHECK(right >= 0 && wrong >= 0);
  return {.a = 1 + static_cast<double>(right),
          .b = 1 + static_cast<double>(wrong),
          .n = static_cast<double>(right + wrong)};
}

}  // namespace

MatchedRatio matched_ratio(const Matched& matched, double phi) {
  RF_CHECK(matched.expected > 0 && matched.control_events > 0 && phi >= 1);
  const double events = matched.events / phi;
  const double control = matched.control_events / phi;
  // Events the ad would bring for each of the control's, if it were like them.
  const double scale = matched.expected / matched.control_events;
  const auto ratio = [&](double share) {
    return share < 1 ? share / (1 - share) / scale : std::numeric_limits<double>::max();
  };
  const BetaPosterior share{.a = events + 0.5, .b = control + 0.5, .n = events + control};
  const Interval shares = central_interval(share, kMass);
  return {.value = matched.events / matched.expected,
          .interval = {.low = ratio(shares.low), .high = ratio(shares.high)}};
}

Rightness rightness(Direction direction, const MatchedRatio& ratio) {
  const bool better = ratio.interval.low > 1;
  const bool worse = ratio.interval.high < 1;
  if (!better && !worse) return Rightness::unclear;
  return better == (direction == Direction::more) ? Rightness::right : Rightness::wrong;
}

double chance_right_more_than(double share, std::int64_t right, std::int64_t wrong) {
  RF_CHECK(share >= 0 && share <= 1);
  return chance_above(win_posterior(right, wrong), share);
}

MatchedRatio win_rate(std::int64_t right, std::int64_t wrong) {
  const BetaPosterior posterior = win_posterior(right, wrong);
  return {.value = mean(posterior), .interval = central_interval(posterior, kMass)};
}

}  // namespace rf::learn
