#include "learn/predict/predictive.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "learn/highest.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// A level needs this many misses for its own tail: the 90 % point of 200 is good to 2 %.
constexpr std::size_t kLevelRowsMin = 200;
constexpr std::size_t kLevelsMost = 5;
// Below this scatter a gamma-Poisson is a Poisson to all digits that matter.
constexpr double kDispersionMin = 1e-6;

// P(count <= k) for whole k.
double count_below(double mean, double dispersion, double k) {
  if (k < 0) return 0;
  if (dispersion <= kDispersionMin) return gamma_upper(k + 1, mean);
  const double shape = 1 / dispersion;
  return beta_lower(shape, k + 1, shape / (shape + mean));
}

// How far from the middle of its distribution an outcome is, 0 to 1; half of its own probability
// counts, so that whole numbers spread evenly.
double distance(double mean, double dispersion, double outcome) {
  const double under = count_below(mean, dispersion, outcome - 1);
  const double upto = count_below(mean, dispersion, outcome);
  return std::abs(under + upto - 1);
}

double log_density(double mean, double dispersion, double outcome) {
  const double shape = 1 / dispersion;
  return log_rising(shape, outcome) - outcome * std::log(shape + mean) +
         shape * std::log(shape / (shape + mean)) + outcome * std::log(mean);
}

double fit_dispersion(std::span<const double> means, std::span<const double> outcomes,
                      std::span<const std::size_t> rows) {
  return std::exp(highest_between(
      [&](double x) {
        double sum = 0;
        for (std::size_t i : rows) sum += log_density(means[i], std::exp(x), outcomes[i]);
        return sum;
      },
      std::log(kDispersionMin), std::log(100.0), 0.01));
}

// The conformal point: the ceil((n + 1) coverage)-th smallest score.
double cut_at(std::vector<double> scores, double coverage) {
  std::sort(scores.begin(), scores.end());
  const double place = std::ceil(static_cast<double>(scores.size() + 1) * coverage);
  const auto index =
      static_cast<std::size_t>(std::clamp(place - 1, 0.0, static_cast<double>(scores.size() - 1)));
  return scores[index];
}

PredictiveLevel fit_level(Family family, std::span<const double> means,
                          std::span<const double> outcomes, std::span<const std::size_t> rows,
                          double coverage) {
  PredictiveLevel level;
  level.n = static_cast<double>(rows.size());
  std::vector<double> scores;
  if (family == Family::real) {
    double sum = 0;
    for (std::size_t i : rows) sum += std::abs(outcomes[i] - means[i]);
    level.dispersion = std::max(sum / level.n, 1e-12);
    for (std::size_t i : rows) {
      scores.push_back(std::abs(outcomes[i] - means[i]) / level.dispersion);
    }
  } else {
    level.dispersion = fit_dispersion(means, outcomes, rows);
    for (std::size_t i : rows) {
      scores.push_back(distance(means[i], level.dispersion, outcomes[i]));
    }
  }
  level.cut = cut_at(std::move(scores), coverage);
  return level;
}

// The least whole number in (low, high] for which `holds` is true; it must be true of high and,
// once true, stay so. Ends where doubles have no whole number between.
template <typename Holds>
double first_whole(double low, double high, const Holds& holds) {
  while (high - low > 1) {
    const double middle = std::floor(low + (high - low) / 2);
    if (middle <= low || middle >= high) break;
    (holds(middle) ? high : low) = middle;
  }
  return high;
}

// The widest whole-number range around the median whose ends are no farther out than the cut.
Interval count_interval(double mean, const PredictiveLevel& level) {
  const auto outside = [&](double k) { return distance(mean, level.dispersion, k) > level.cut; };
  const double deviation = std::sqrt(mean + level.dispersion * mean * mean);
  const double far = std::ceil(mean + 40 * deviation + 40);
  const double median =
      first_whole(-1, far, [&](double k) { return count_below(mean, level.dispersion, k) >= 0.5; });
  Interval found;
  found.low = std::max(first_whole(-1, median, [&](double k) { return !outside(k); }), 0.0);
  const double beyond = first_whole(median, far, outside);
  found.high = std::max(beyond - 1, median);
  return found;
}

}  // namespace

Predictive Predictive::fit(Family family, std::span<const double> means,
                           std::span<const double> outcomes, double coverage) {
  RF_CHECK(means.size() == outcomes.size() && !means.empty() && coverage > 0 && coverage < 1);
  Predictive found;
  found.family_ = family;
  found.coverage_ = coverage;
  std::vector<std::size_t> order(means.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return means[i]; });
  const std::size_t levels = std::clamp(order.size() / kLevelRowsMin, std::size_t{1}, kLevelsMost);
  for (std::size_t l = 0; l < levels; ++l) {
    const std::size_t begin = l * order.size() / levels;
    const std::size_t end = (l + 1) * order.size() / levels;
    const std::span<const std::size_t> rows =
        std::span<const std::size_t>(order).subspan(begin, end - begin);
    PredictiveLevel level = fit_level(family, means, outcomes, rows, coverage);
    level.mean_below = end < order.size() ? means[order[end]] : means[order.back()];
    found.levels_.push_back(level);
  }
  return found;
}

const PredictiveLevel& Predictive::level_of(double mean) const {
  RF_CHECK(!levels_.empty());
  for (const PredictiveLevel& level : levels_) {
    if (mean < level.mean_below) return level;
  }
  return levels_.back();
}

Interval Predictive::interval(double mean) const {
  const PredictiveLevel& level = level_of(mean);
  if (family_ != Family::real) return count_interval(std::max(mean, 1e-12), level);
  const double reach = level.cut * level.dispersion;
  return {.low = mean - reach, .high = mean + reach};
}

RowSums sum_rows(std::span<const double> means, std::span<const double> outcomes) {
  RF_CHECK(means.size() == outcomes.size() && !means.empty());
  // Chosen: five expected ones on average are few enough to have many sums, and since rows are
  // taken by number the sums' means differ, so that whole-number ends do not all jump together.
  constexpr double kExpected = 5;
  std::vector<std::size_t> order(means.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return means[i]; });
  const double total = std::accumulate(means.begin(), means.end(), 0.0);
  const auto sums_wanted = static_cast<std::size_t>(std::max(total / kExpected, 1.0));
  const std::size_t count = std::min(sums_wanted, order.size());
  RowSums sums;
  for (std::size_t s = 0; s < count; ++s) {
    double mean = 1e-12;
    double outcome = 0;
    for (std::size_t i = s * order.size() / count; i < (s + 1) * order.size() / count; ++i) {
      mean += means[order[i]];
      outcome += outcomes[order[i]];
    }
    sums.means.push_back(mean);
    sums.outcomes.push_back(outcome);
  }
  return sums;
}

Coverage coverage_of(const Predictive& predictive, std::span<const double> means,
                     std::span<const double> outcomes) {
  Coverage found;
  for (std::size_t i = 0; i < means.size(); ++i) {
    const Interval interval = predictive.interval(means[i]);
    found.inside += outcomes[i] >= interval.low && outcomes[i] <= interval.high ? 1 : 0;
    found.n += 1;
  }
  return found;
}

}  // namespace rf::learn
