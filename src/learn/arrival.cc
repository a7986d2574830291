#include "learn/arrival.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// A share is never 0, so that what is expected stays finite: one in a thousand is reported at once.
constexpr double kShareMin = 1e-3;

// One day's counts by age, from 0 to the oldest version, carried forward over ages without one.
std::vector<double> counts_by_age(std::span<const DayVersion> versions, std::size_t ages) {
  std::vector<double> counts;
  for (const DayVersion& version : versions) {
    const auto age = static_cast<std::size_t>(version.as_of - version.day);
    if (age >= ages) break;
    const double before = counts.empty() ? 0 : counts.back();
    if (counts.size() < age + 1) counts.resize(age + 1, before);
    counts[age] = version.count;
    // A correction: what was reported before was too much by as much.
    for (double& earlier : counts) earlier = std::min(earlier, version.count);
  }
  return counts;
}

// The first version of a day may come late; what it holds then came at unknown ages, and only what
// follows is an arrival that was seen.
std::size_t first_age(std::span<const DayVersion> versions) {
  return static_cast<std::size_t>(versions.front().as_of - versions.front().day);
}

// P(X <= x) for X negative binomial: I_p(size, x + 1).
double missing_below(double size, double chance, double x) {
  return beta_lower(size, x + 1, chance);
}

// The least whole x with P(X <= x) >= mass.
double missing_quantile(double size, double chance, double mass) {
  double high = 1;
  while (missing_below(size, chance, high) < mass && high < 1e15) high *= 2;
  double low = -1;
  while (high - low > 1) {
    const double middle = std::floor((low + high) / 2);
    (missing_below(size, chance, middle) >= mass ? high : low) = middle;
  }
  return high;
}

}  // namespace

double ArrivalCurve::at(std::int64_t age) const {
  RF_CHECK(age >= 0 && !reported.empty());
  const auto index = static_cast<std::size_t>(age);
  return index < reported.size() ? reported[index] : 1;
}

ArrivalCurve assumed_curve(double first, double mean_delay, std::size_t ages) {
  RF_CHECK(first > 0 && first <= 1 && mean_delay > 0 && ages >= 1);
  ArrivalCurve curve;
  for (std::size_t age = 0; age < ages; ++age) {
    curve.reported.push_back(1 - (1 - first) * std::exp(-static_cast<double>(age) / mean_delay));
  }
  // Scaled so that the last age is all there is.
  const double last = curve.reported.back();
  for (double& share : curve.reported) share = std::max(kShareMin, share / last);
  return curve;
}

ArrivalCurve fit_arrival(std::span<const DayVersion> versions, const ArrivalCurve& parent,
                         double strength) {
  RF_CHECK(strength >= 0 && !parent.reported.empty());
  const std::size_t ages = parent.reported.size();
  std::vector<DayVersion> sorted(versions.begin(), versions.end());
  for (const DayVersion& version : sorted) {
    RF_CHECK(version.count >= 0 && std::isfinite(version.count) && version.as_of >= version.day);
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const DayVersion& x, const DayVersion& y) {
    return x.day != y.day ? x.day < y.day : x.as_of < y.as_of;
  });
  std::vector<double> arrived(ages, 0);
  std::vector<double> reached(ages, 0);
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin;
    while (end < sorted.size() && sorted[end].day == sorted[begin].day) ++end;
    const std::span<const DayVersion> day(sorted.data() + begin, end - begin);
    const std::vector<double> counts = counts_by_age(day, ages);
    for (std::size_t age = first_age(day) + 1; age < counts.size(); ++age) {
      arrived[age] += counts[age] - counts[age - 1];
      reached[age] += counts[age];
    }
    begin = end;
  }
  ArrivalCurve curve{.reported = std::vector<double>(ages, 1)};
  for (std::size_t age = ages - 1; age > 0; --age) {
    const double parent_share = 1 - parent.reported[age - 1] / parent.reported[age];
    const double all = reached[age] + strength;
    const double share = all > 0 ? (arrived[age] + strength * parent_share) / all : parent_share;
    curve.reported[age - 1] = std::max(kShareMin, curve.reported[age] * (1 - share));
  }
  if (ages > 1) curve.conversions = reached[1];
  return curve;
}

FinalCount expected_final(double reported, double share, double mass, const GammaPrior& prior) {
  RF_CHECK(reported >= 0 && share > 0 && share <= 1 && mass > 0 && mass < 1);
  RF_CHECK(prior.shape > 0 && prior.rate >= 0);
  const double size = reported + prior.shape;
  const double chance = (prior.rate + share) / (prior.rate + 1);
  FinalCount final{.expected = reported, .interval = {.low = reported, .high = reported}};
  if (chance >= 1) return final;
  final.expected += size * (1 - chance) / chance;
  final.interval.low += missing_quantile(size, chance, (1 - mass) / 2);
  final.interval.high += missing_quantile(size, chance, (1 + mass) / 2);
  return final;
}

double effective_trials(std::span<const double> trials_by_age, const ArrivalCurve& curve) {
  double sum = 0;
  for (std::size_t age = 0; age < trials_by_age.size(); ++age) {
    RF_CHECK(trials_by_age[age] >= 0);
    sum += trials_by_age[age] * curve.at(static_cast<std::int64_t>(age));
  }
  return sum;
}

}  // namespace rf::learn
