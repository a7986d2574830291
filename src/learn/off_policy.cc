#include "learn/off_policy.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/check.h"
#include "learn/reward_model.h"

namespace rf::learn {
namespace {

// What every estimator needs of a row.
struct RowParts {
  double weight = 0;
  double reward = 0;
  double model = 0;     // Sum_a pi(a) q(x, a).
  double residual = 0;  // r - q(x, a) of the logged action.
};

struct Sums {
  double rows = 0;
  double weight = 0;
  double weighted_reward = 0;
  double model = 0;
  double weighted_residual = 0;
  double switched_residual = 0;

  void add(const RowParts& part, double switch_at) {
    rows += 1;
    weight += part.weight;
    weighted_reward += part.weight * part.reward;
    model += part.model;
    weighted_residual += part.weight * part.residual;
    if (part.weight <= switch_at) switched_residual += part.weight * part.residual;
  }
};

struct Estimator {
  std::string_view name;
  bool needs_model = false;
  double (*value)(const Sums& sums);
};

double ratio(double over, double under) { return under > 0 ? over / under : 0; }

constexpr auto kEstimators = std::to_array<Estimator>({
    {"IPW", false, [](const Sums& s) { return s.weighted_reward / s.rows; }},
    {"SNIPW", false, [](const Sums& s) { return ratio(s.weighted_reward, s.weight); }},
    {"DM", true, [](const Sums& s) { return s.model / s.rows; }},
    {"DR", true, [](const Sums& s) { return (s.model + s.weighted_residual) / s.rows; }},
    {"SNDR", true,
     [](const Sums& s) { return s.model / s.rows + ratio(s.weighted_residual, s.weight); }},
    {"Switch-DR", true, [](const Sums& s) { return (s.model + s.switched_residual) / s.rows; }},
});

std::span<const double> target_chances(const DecisionLog& log, std::size_t row) {
  const std::span<const double> target(log.target);
  return log.target.size() == log.actions ? target : target.subspan(row * log.actions, log.actions);
}

std::vector<RowParts> parts_of(const DecisionLog& log) {
  std::vector<RowParts> parts(log.rows.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const LoggedDecision& row = log.rows[i];
    RF_CHECK(row.propensity > 0 && row.target >= 0 && row.action < log.actions);
    parts[i].weight = row.target / row.propensity;
    parts[i].reward = row.reward;
    parts[i].residual = row.reward;
  }
  if (log.target.empty()) return parts;
  for (std::size_t fold = 0; fold < 2; ++fold) {
    const RewardModel model = fit_rewards(log, 1 - fold);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (fold_of(i) != fold) continue;
      const std::span<const double> chances = target_chances(log, i);
      for (std::size_t a = 0; a < log.actions; ++a) {
        if (chances[a] > 0) parts[i].model += chances[a] * model.of(log, i, a);
      }
      parts[i].residual = log.rows[i].reward - model.of(log, i, log.rows[i].action);
    }
  }
  return parts;
}

// The smallest weight to switch at whose interval, one standard error to a side, still meets those
// of all larger ones: from there on bias shows.
double choose_switch(const std::vector<RowParts>& parts) {
  std::vector<double> weights;
  weights.reserve(parts.size());
  for (const RowParts& part : parts) weights.push_back(part.weight);
  std::sort(weights.begin(), weights.end());
  constexpr std::array<double, 8> kShares{1, .99, .97, .95, .9, .8, .65, .5};
  double low = -1e300;
  double high = 1e300;
  double chosen = weights.back();
  const auto rows = static_cast<double>(parts.size());
  for (double share : kShares) {
    const auto last = static_cast<std::size_t>(share * (rows - 1));
    const double at = weights[last];
    double sum = 0;
    double squares = 0;
    for (const RowParts& part : parts) {
      const double value = part.model + (part.weight <= at ? part.weight * part.residual : 0);
      sum += value;
      squares += value * value;
    }
    const double center = sum / rows;
    const double half = std::sqrt(std::max(0.0, squares / rows - center * center) / rows);
    if (center + half < low || center - half > high) break;
    low = std::max(low, center - half);
    high = std::min(high, center + half);
    chosen = at;
  }
  return chosen;
}

struct Sampled {
  std::array<std::vector<double>, kEstimators.size()> values;
};

Sampled bootstrap(const std::vector<RowParts>& parts, double switch_at, Rng& rng) {
  // Chosen: ends of a 95 % interval from 400 samples; never more than some 1e8 draws.
  constexpr std::size_t kSamples = 400;
  constexpr std::size_t kDrawsMax = 100000000;
  const std::size_t samples = std::clamp(kDrawsMax / parts.size(), std::size_t{60}, kSamples);
  Sampled sampled;
  for (std::size_t s = 0; s < samples; ++s) {
    Sums sums;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      sums.add(parts[rng.below(parts.size())], switch_at);
    }
    for (std::size_t e = 0; e < kEstimators.size(); ++e) {
      sampled.values[e].push_back(kEstimators[e].value(sums));
    }
  }
  return sampled;
}

Interval middle_of(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  const auto last = static_cast<double>(values.size() - 1);
  return {.low = values[static_cast<std::size_t>(std::floor(0.025 * last))],
          .high = values[static_cast<std::size_t>(std::ceil(0.975 * last))]};
}

std::string refusal(double effective_size, double mean_weight) {
  if (effective_size < kEffectiveSizeMin) {
    return fmt::format(
        "the weights leave an effective {:.1f} rows, {:.0f} are needed: the target "
        "does what the log hardly ever did",
        effective_size, kEffectiveSizeMin);
  }
  if (mean_weight < kMeanWeightMin || mean_weight > kMeanWeightMax) {
    return fmt::format(
        "the weights average {:.3f} where 1 is expected, {} to {} allowed: the "
        "propensities are not those of this log, or the target does what the log "
        "never could",
        mean_weight, kMeanWeightMin, kMeanWeightMax);
  }
  return "";
}

}  // namespace

OffPolicyReport off_policy_values(const DecisionLog& log, Rng& rng) {
  RF_CHECK(!log.rows.empty() && log.context.size() == log.rows.size() * log.contexts);
  RF_CHECK(log.target.empty() || log.target.size() == log.actions ||
           log.target.size() == log.rows.size() * log.actions);
  double weight = 0;
  double squares = 0;
  for (const LoggedDecision& row : log.rows) {
    const double own = row.target / row.propensity;
    weight += own;
    squares += own * own;
  }
  OffPolicyReport report;
  report.mean_weight = weight / static_cast<double>(log.rows.size());
  report.effective_size = squares > 0 ? weight * weight / squares : 0;
  report.reason = refusal(report.effective_size, report.mean_weight);
  report.refused = !report.reason.empty();
  const bool model = !log.target.empty();
  if (report.refused) {
    for (const Estimator& estimator : kEstimators) {
      if (estimator.needs_model && !model) continue;
      report.estimators.push_back({.name = estimator.name, .value = std::nullopt, .interval = {}});
    }
    return report;
  }
  const std::vector<RowParts> parts = parts_of(log);
  const double switch_at = choose_switch(parts);
  Sums sums;
  for (const RowParts& part : parts) sums.add(part, switch_at);
  Sampled sampled = bootstrap(parts, switch_at, rng);
  for (std::size_t e = 0; e < kEstimators.size(); ++e) {
    if (kEstimators[e].needs_model && !model) continue;
    report.estimators.push_back({.name = kEstimators[e].name,
                                 .value = kEstimators[e].value(sums),
                                 .interval = middle_of(sampled.values[e])});
  }
  return report;
}

}  // namespace rf::learn
