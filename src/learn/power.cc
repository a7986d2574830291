#include "learn/power.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// Deviations of one trial's difference, under no difference and under the lift.
struct Spread {
  double gap = 0;
  double none = 0;
  double lifted = 0;
};

Spread spread_of(const PowerQuestion& question) {
  const double low = question.base_rate;
  const double high = low * (1 + question.lift);
  RF_CHECK(low > 0 && low < 1 && high > 0 && high < 1 && question.lift != 0);
  RF_CHECK(question.alpha > 0 && question.alpha < 1 && question.phi >= 1);
  const double middle = (low + high) / 2;
  return {.gap = std::abs(high - low),
          .none = std::sqrt(2 * middle * (1 - middle)),
          .lifted = std::sqrt(low * (1 - low) + high * (1 - high))};
}

}  // namespace

double trials_per_arm(const PowerQuestion& question) {
  RF_CHECK(question.power > 0 && question.power < 1);
  const Spread spread = spread_of(question);
  const double reach = normal_quantile(1 - question.alpha / 2) * spread.none +
                       normal_quantile(question.power) * spread.lifted;
  const double root = std::max(reach, 0.0) / spread.gap;
  return std::ceil(question.phi * root * root);
}

double power_at(const PowerQuestion& question, double trials) {
  RF_CHECK(trials >= 0);
  const Spread spread = spread_of(question);
  const double z = normal_quantile(1 - question.alpha / 2);
  return normal_below((spread.gap * std::sqrt(trials / question.phi) - z * spread.none) /
                      spread.lifted);
}

std::optional<double> lift_found_with(const PowerQuestion& question, double trials) {
  PowerQuestion tried = question;
  double low = 0;
  // Just short of the rate 1, where the formula ends.
  double high = (1 - 1e-9) / question.base_rate - 1;
  if (high <= 0) return std::nullopt;
  tried.lift = high;
  if (power_at(tried, trials) < question.power) return std::nullopt;
  constexpr int kHalvings = 60;
  for (int i = 0; i < kHalvings; ++i) {
    tried.lift = (low + high) / 2;
    if (tried.lift == low || tried.lift == high) break;
    (power_at(tried, trials) < question.power ? low : high) = tried.lift;
  }
  return high;
}

Need needed_more(const PowerQuestion& question, double trials_seen, double daily_trials) {
  RF_CHECK(trials_seen >= 0 && daily_trials >= 0);
  Need need;
  need.trials = std::max(0.0, trials_per_arm(question) - trials_seen);
  if (need.trials == 0) {
    need.days = 0;
  } else if (daily_trials > 0) {
    need.days = std::ceil(need.trials / daily_trials);
  }
  return need;
}

}  // namespace rf::learn
