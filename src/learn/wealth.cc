#include "learn/wealth.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// Beyond this many expected events the closed form is cheaper than its series.
constexpr double kSeriesMax = 2000;

// Lifts that are bet on beyond the claimed one, evenly spaced in their logarithm. Chosen: sixteen
// stakes cost ln 16 of wealth at worst, and neighbours are close enough that a lift between two
// loses little more.
constexpr std::array<double, 16> kBets{1.05, 1.10, 1.15, 1.22, 1.30, 1.40, 1.52, 1.67,
                                       1.85, 2.08, 2.38, 2.78, 3.33, 4.17, 5.56, 8.00};

double series_below(double events, double expected, double enough) {
  const double s = events + 0.5;
  double term = 0.5 / s;
  double sum = term;
  double k = 0;
  while (sum < enough) {
    ++k;
    const double ratio = expected / (s + k);
    term *= ratio;
    sum += term;
    // Past its peak the rest is below a geometric series.
    if (ratio < 1 && term * ratio < 1e-12 * sum * (1 - ratio)) break;
  }
  return std::min(sum, kWealthMax);
}

double closed_below(double events, double expected) {
  const double s = events + 0.5;
  const double tail = gamma_lower(s, expected);
  if (tail <= 0) return 0;
  const double log_wealth =
      std::log(0.5) + expected - s * std::log(expected) + log_gamma(s) + std::log(tail);
  return log_wealth >= std::log(kWealthMax) ? kWealthMax : std::exp(log_wealth);
}

// ln of the best bet that hindsight could have made on fewer events.
double hindsight_below(double events, double expected) {
  if (events >= expected) return 0;
  if (events == 0) return expected;
  return expected - events + events * std::log(events / expected);
}

// The chance that an event is the arm's when the arm is exactly (1 + lift) times the control.
double label_chance(const Observed& arm, const Observed& control, double lift) {
  const double claimed = (1 + lift) * arm.exposure;
  return claimed / (claimed + control.exposure);
}

}  // namespace

double wealth_below(double events, double expected) {
  RF_CHECK(events >= 0 && expected >= 0 && std::isfinite(events) && std::isfinite(expected));
  if (expected > kSeriesMax) return closed_below(events, expected);
  return series_below(events, expected, kWealthMax);
}

bool wealth_below_reaches(double events, double expected, double wealth) {
  RF_CHECK(wealth >= 1 && wealth <= kWealthMax);
  if (events >= expected) return false;
  if (hindsight_below(events, expected) < std::log(wealth)) return false;
  if (expected > kSeriesMax) return closed_below(events, expected) >= wealth;
  return series_below(events, expected, wealth) >= wealth;
}

double wealth_above(const Observed& arm, const Observed& control, double lift) {
  RF_CHECK(arm.events >= 0 && control.events >= 0 && lift > -1);
  RF_CHECK(arm.exposure > 0 && control.exposure > 0);
  const double chance = label_chance(arm, control, lift);
  const double total = arm.events + control.events;
  double sum = 0;
  for (double bet : kBets) {
    const double log_wealth = arm.events * std::log(bet) - total * std::log1p(chance * (bet - 1));
    sum += std::exp(std::min(log_wealth, 50.0));
  }
  return std::min(sum / static_cast<double>(kBets.size()), kWealthMax);
}

bool wealth_above_reaches(const Observed& arm, const Observed& control, double lift,
                          double wealth) {
  RF_CHECK(wealth >= 1 && wealth <= kWealthMax);
  if (arm.events * control.exposure <= (1 + lift) * control.events * arm.exposure) return false;
  const double chance = label_chance(arm, control, lift);
  const double total = arm.events + control.events;
  const double arm_part = arm.events * std::log(arm.events / (total * chance));
  const double control_part =
      control.events > 0 ? control.events * std::log(control.events / (total * (1 - chance))) : 0;
  if (arm_part + control_part < std::log(wealth)) return false;
  return wealth_above(arm, control, lift) >= wealth;
}

double expected_to_settle(double share, double wealth) {
  RF_CHECK(share >= 0 && wealth > 1 && wealth <= kWealthMax);
  // Nearer to the threshold than this the answer would be a number nobody can wait for.
  constexpr double kShareMax = 0.995;
  if (share >= kShareMax) return std::numeric_limits<double>::infinity();
  double high = 1;
  while (!wealth_below_reaches(share * high, high, wealth)) high *= 2;
  double low = high / 2;
  for (int i = 0; i < 40 && high - low > 1e-6 * high; ++i) {
    const double middle = (low + high) / 2;
    (wealth_below_reaches(share * middle, middle, wealth) ? high : low) = middle;
  }
  return high;
}

}  // namespace rf::learn
