#include "learn/predict/score.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// Chosen: the number of groups in common use.
constexpr std::size_t kCalibrationGroups = 10;

std::vector<std::size_t> order_by(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
  return order;
}

double group_error(std::span<const double> outcomes, std::span<const double> means) {
  const std::vector<std::size_t> order = order_by(means);
  const std::size_t groups = std::min(kCalibrationGroups, order.size());
  double error = 0;
  for (std::size_t g = 0; g < groups; ++g) {
    double gap = 0;
    for (std::size_t i = g * order.size() / groups; i < (g + 1) * order.size() / groups; ++i) {
      gap += means[order[i]] - outcomes[order[i]];
    }
    error += std::abs(gap);
  }
  return error / static_cast<double>(order.size());
}

// The loss of a model that says exactly what happened; 0 for 0/1 and reals.
double saturated_loss(Family family, std::span<const double> outcomes) {
  if (family != Family::count) return 0;
  double sum = 0;
  for (double outcome : outcomes) {
    if (outcome > 0) sum += loss_of(family, outcome, std::log(outcome));
  }
  return sum / static_cast<double>(outcomes.size());
}

// The loss of the rows' own average rate.
double average_loss(Family family, std::span<const double> outcomes,
                    std::span<const double> exposure) {
  const double sum = std::accumulate(outcomes.begin(), outcomes.end(), 0.0);
  const double weight = exposure.empty() ? static_cast<double>(outcomes.size())
                                         : std::accumulate(exposure.begin(), exposure.end(), 0.0);
  const double mean = sum / weight;
  const bool certain =
      (family != Family::real && mean <= 0) || (family == Family::binary && mean >= 1);
  if (certain) return 0;
  const double margin = margin_of(family, mean);
  double loss = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const double offset = family == Family::count && !exposure.empty() ? std::log(exposure[i]) : 0;
    loss += loss_of(family, outcomes[i], margin + offset);
  }
  return loss / static_cast<double>(outcomes.size());
}

}  // namespace

std::optional<double> auc_of(std::span<const double> outcomes, std::span<const double> scores) {
  const std::vector<std::size_t> order = order_by(scores);
  double positives = 0;
  double rank_sum = 0;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    double ones = 0;
    while (end < order.size() && scores[order[end]] == scores[order[begin]]) {
      ones += outcomes[order[end]];
      ++end;
    }
    // Ranks from 1; tied rows share their mean rank.
    rank_sum += ones * (static_cast<double>(begin + end) + 1) / 2;
    positives += ones;
    begin = end;
  }
  const double negatives = static_cast<double>(order.size()) - positives;
  if (!(positives > 0 && negatives > 0)) return std::nullopt;
  return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

std::vector<double> losses_of(Family family, std::span<const double> outcomes,
                              std::span<const double> margins) {
  std::vector<double> losses(outcomes.size());
  for (std::size_t i = 0; i < losses.size(); ++i) {
    losses[i] = loss_of(family, outcomes[i], margins[i]);
  }
  return losses;
}

Score score_of(Family family, std::span<const double> outcomes, std::span<const double> margins,
               std::span<const double> exposure) {
  RF_CHECK(!outcomes.empty() && outcomes.size() == margins.size());
  Score score;
  score.n = static_cast<double>(outcomes.size());
  std::vector<double> means(margins.size());
  double absolute = 0;
  double squared = 0;
  for (std::size_t i = 0; i < margins.size(); ++i) {
    means[i] = mean_of(family, margins[i]);
    const double miss = outcomes[i] - means[i];
    score.observed += outcomes[i];
    score.predicted += means[i];
    absolute += std::abs(miss);
    squared += miss * miss;
  }
  score.rmse = std::sqrt(squared / score.n);
  score.mae = absolute / score.n;
  if (score.observed > 0) score.wape = absolute / score.observed;
  const double level = family == Family::binary ? 1 : std::abs(score.observed) / score.n;
  score.calibration_error = level > 0 ? group_error(outcomes, means) / level : 0;
  const double loss = mean_loss(family, outcomes, margins);
  const double average = average_loss(family, outcomes, exposure);
  const double saturated = saturated_loss(family, outcomes);
  if (average > saturated) score.d2 = 1 - (loss - saturated) / (average - saturated);
  if (family == Family::real) return score;
  score.log_loss = loss;
  if (average > 0) score.normalised_entropy = loss / average;
  if (family == Family::binary) score.auc = auc_of(outcomes, margins);
  return score;
}

PairedDifference paired_difference(std::span<const double> first, std::span<const double> second,
                                   double mass) {
  RF_CHECK(first.size() == second.size() && mass > 0 && mass < 1);
  PairedDifference found{.n = static_cast<double>(first.size())};
  for (std::size_t i = 0; i < first.size(); ++i) found.mean += (first[i] - second[i]) / found.n;
  double squares = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double miss = first[i] - second[i] - found.mean;
    squares += miss * miss;
  }
  const double error = found.n > 1 ? std::sqrt(squares / (found.n - 1) / found.n)
                                   : std::numeric_limits<double>::infinity();
  const double reach = normal_quantile((1 + mass) / 2) * error;
  found.interval = {.low = found.mean - reach, .high = found.mean + reach};
  return found;
}

}  // namespace rf::learn
