#include "learn/stopping_trial.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "learn/anytime.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// The constant boundary that all looks together cross with chance alpha.
// Source: Pocock 1977, doi:10.1093/biomet/64.2.191.
double pocock_boundary(std::size_t looks, double alpha) {
  std::vector<double> information;
  for (std::size_t l = 1; l <= looks; ++l) {
    information.push_back(static_cast<double>(l) / static_cast<double>(looks));
  }
  double low = normal_quantile(1 - alpha / 2);
  double high = normal_quantile(1 - alpha / (2 * static_cast<double>(looks)));
  // A thousandth of a deviation.
  while (high - low > 1e-3) {
    const double middle = (low + high) / 2;
    const std::vector<double> boundary(looks, middle);
    (crossing_chance(information, boundary, 0) > alpha ? low : high) = middle;
  }
  return high;
}

double rate_of(const RateCount& count) { return count.successes / count.trials; }

bool promoter_stops(const Comparison& counts, double z_needed) {
  constexpr double kTrialsMin = 1000;
  constexpr double kLiftMin = 0.2;
  if (counts.arm.trials < kTrialsMin || std::abs(difference_z(counts)) <= z_needed) return false;
  const double first = rate_of(counts.arm);
  const double second = rate_of(counts.control);
  return std::max(first, second) >= (1 + kLiftMin) * std::min(first, second);
}

}  // namespace

std::vector<std::int64_t> counts_at_looks(std::span<const std::int64_t> places, std::size_t looks,
                                          std::int64_t per_look) {
  std::vector<std::int64_t> counts;
  counts.reserve(looks);
  std::size_t seen = 0;
  for (std::size_t l = 1; l <= looks; ++l) {
    const std::int64_t upto = static_cast<std::int64_t>(l) * per_look;
    while (seen < places.size() && places[seen] < upto) ++seen;
    counts.push_back(static_cast<std::int64_t>(seen));
  }
  return counts;
}

std::vector<StoppingRule> stopping_rules(std::size_t looks, double alpha) {
  const TestRule rule{.plan = plan_obrien_fleming(looks, alpha), .anytime = {.alpha = alpha}};
  const double z_once = normal_quantile(1 - alpha / 2);
  const double z_each = normal_quantile(1 - alpha / (2 * static_cast<double>(looks)));
  const double z_pocock = looks > 1 ? pocock_boundary(looks, alpha) : z_once;
  const double log_enough = -std::log(alpha);
  return {
      {"reelforge", [rule](const Comparison& counts,
                           std::size_t look) { return may_reject(counts, rule, look).reject; }},
      {"fixed_end",
       [z_once, looks](const Comparison& counts, std::size_t look) {
         return look + 1 == looks && std::abs(difference_z(counts)) > z_once;
       }},
      {"naive_peeking", [z_once](const Comparison& counts,
                                 std::size_t) { return std::abs(difference_z(counts)) > z_once; }},
      {"notes_promoter",
       [z_once](const Comparison& counts, std::size_t) { return promoter_stops(counts, z_once); }},
      {"bonferroni", [z_each](const Comparison& counts,
                              std::size_t) { return std::abs(difference_z(counts)) > z_each; }},
      {"pocock", [z_pocock](const Comparison& counts,
                            std::size_t) { return std::abs(difference_z(counts)) > z_pocock; }},
      {"confidence_sequence",
       [rule](const Comparison& counts, std::size_t) {
         return may_reject(counts, rule, std::nullopt).reject;
       }},
      {"click_labels",
       [log_enough](const Comparison& counts, std::size_t) {
         return label_log_e(counts.arm.successes, counts.control.successes, 0.5) >= log_enough;
       }},
  };
}

void StoppingCount::add(const StoppingRule& rule, const LookSeries& series) {
  RF_CHECK(series.first.size() == series.second.size());
  ++runs;
  for (std::size_t l = 0; l < series.first.size(); ++l) {
    const double trials = static_cast<double>(series.per_look) * static_cast<double>(l + 1);
    const Comparison counts{
        .arm = {.successes = static_cast<double>(series.first[l]), .trials = trials},
        .control = {.successes = static_cast<double>(series.second[l]), .trials = trials}};
    if (!rule.stops(counts, l)) continue;
    ++rejected;
    trials_to_stop += trials;
    return;
  }
  trials_to_stop += static_cast<double>(series.per_look) * static_cast<double>(series.first.size());
}

}  // namespace rf::learn
