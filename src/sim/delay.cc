#include "sim/delay.h"

#include <cmath>

namespace rf::sim {
namespace {

constexpr double kMinute = 60;
constexpr double kHour = 3600;
constexpr double kDay = 86400;
constexpr double kLast = 28 * kDay;

constexpr double kWithinHour = 0.35;
constexpr double kWithinDay = 0.50;

// Chosen: mean of the exponential that the tail is cut from, so that about 85 % are there after a
// week. A longer one would make the window of 28 days cut visibly.
constexpr double kTailMean = 5 * kDay;

// Log-uniform between two ages: every doubling of the age is as likely as the next.
double log_uniform(double from, double to, double u) { return from * std::pow(to / from, u); }
double log_uniform_share(double from, double to, double age) {
  return std::log(age / from) / std::log(to / from);
}

double tail_mass() { return -std::expm1(-(kLast - kDay) / kTailMean); }

double seconds_of(double u) {
  if (u < kWithinHour) return log_uniform(kMinute, kHour, u / kWithinHour);
  if (u < kWithinDay) {
    return log_uniform(kHour, kDay, (u - kWithinHour) / (kWithinDay - kWithinHour));
  }
  double v = (u - kWithinDay) / (1 - kWithinDay);
  return kDay - kTailMean * std::log1p(-v * tail_mass());
}

}  // namespace

Duration draw_delay(Rng& rng) {
  return Duration(static_cast<std::int64_t>(seconds_of(rng.uniform()) * 1e6));
}

double arrived_share(Duration age) {
  const double s = static_cast<double>(age.count()) / 1e6;
  if (s <= kMinute) return 0;
  if (s <= kHour) return kWithinHour * log_uniform_share(kMinute, kHour, s);
  if (s <= kDay) {
    return kWithinHour + (kWithinDay - kWithinHour) * log_uniform_share(kHour, kDay, s);
  }
  if (s >= kLast) return 1;
  return kWithinDay + (1 - kWithinDay) * -std::expm1(-(s - kDay) / kTailMean) / tail_mass();
}

}  // namespace rf::sim
