#include "learn/anytime.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

double rho_square(const AnytimeRule& rule) {
  RF_CHECK(rule.alpha > 0 && rule.alpha < 1 && rule.tightest_at > 0);
  const double nats = -2 * std::log(rule.alpha);
  return (nats + std::log(nats + 1)) / rule.tightest_at;
}

// ln[B(a + x, b + y)/B(a, b)].
double log_beta_ratio(double a, double b, double x, double y) {
  return log_rising(a, x) + log_rising(b, y) - log_rising(a + b, x + y);
}

// ln of the uncut mixture: e^M G(1 + S)/(1 + M)^(1+S).
double log_mixture(double s, double m) { return m + log_rising(1, s) - (1 + s) * std::log1p(m); }

struct PoissonCount {
  double seen = 0;
  double due = 0;  // Expected under the null.
};

PoissonCount against(SpendCount count, double cpa, double phi) {
  RF_CHECK(cpa > 0 && count.conversions >= 0 && count.spend >= 0 && phi >= 1);
  return {.seen = count.conversions / phi, .due = count.spend / cpa / phi};
}

// P(1, 1): the prior's mass at ratios below one.
constexpr double kMassBelowOne = 0.63212055882855767840;

}  // namespace

double anytime_boundary(double n, const AnytimeRule& rule) {
  RF_CHECK(n > 0);
  const double v = n * rho_square(rule);
  return std::sqrt(2 * (v + 1) / v * (0.5 * std::log1p(v) - std::log(rule.alpha)));
}

double anytime_log_e(double z, double n, const AnytimeRule& rule) {
  const double v = n * rho_square(rule);
  return z * z * v / (2 * (v + 1)) - 0.5 * std::log1p(v);
}

double anytime_p_value(double log_e) { return std::min(1.0, std::exp(-log_e)); }

Interval difference_sequence(RateCount arm, RateCount control, double phi,
                             const AnytimeRule& rule) {
  RF_CHECK(arm.trials > 0 && control.trials > 0 && phi >= 1);
  RF_CHECK(arm.successes <= arm.trials && control.successes <= control.trials);
  auto variance = [](RateCount count) {
    const double rate = (count.successes + 1) / (count.trials + 2);
    return rate * (1 - rate) / count.trials;
  };
  const double error = std::sqrt(phi * (variance(arm) + variance(control)));
  const double reach = error * anytime_boundary((arm.trials + control.trials) / phi, rule);
  const double difference = arm.successes / arm.trials - control.successes / control.trials;
  return {.low = difference - reach, .high = difference + reach};
}

double label_log_e(double x, double y, double share) {
  RF_CHECK(x >= 0 && y >= 0 && share > 0 && share < 1);
  constexpr double kStrength = 60;
  return log_beta_ratio(kStrength * share, kStrength * (1 - share), x, y) - x * std::log(share) -
         y * std::log1p(-share);
}

double cost_above_log_e(SpendCount count, double cpa, double phi) {
  const PoissonCount poisson = against(count, cpa, phi);
  return log_mixture(poisson.seen, poisson.due) +
         std::log(gamma_lower(1 + poisson.seen, 1 + poisson.due) / kMassBelowOne);
}

double cost_below_log_e(SpendCount count, double cpa, double phi) {
  const PoissonCount poisson = against(count, cpa, phi);
  return log_mixture(poisson.seen, poisson.due) +
         std::log(gamma_upper(1 + poisson.seen, 1 + poisson.due) / (1 - kMassBelowOne));
}

}  // namespace rf::learn
