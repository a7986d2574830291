// What another policy would have earned, worked out from the log of the one that ran.
//
// Each logged decision has the chance with which it was made, its propensity; the target policy
// would have made it with another chance. Their ratio w weighs the rewards:
//   IPW        mean of w r                        unbiased, wild where w is large
//   SNIPW      Sum w r / Sum w                    steadier; a little biased
//   DM         mean of Sum_a pi(a) q(x, a)        as good as the model q of rewards
//   DR         DM + mean of w (r - q)             right if either w or q is
//   SNDR       the same with Sum w for n
//   Switch-DR  DR that trusts q alone where w > tau; tau by the width of intervals (SLOPE)
// q is fitted on one half of the rows and used on the other (cross-fitting).
// Where the weights cannot carry it there is no answer: few rows count (effective size below 100),
// or the weights, whose mean is 1 when propensities are right, do not average near it.
// Source: Dudik, Langford & Li 2011; Swaminathan & Joachims 2015; Wang, Agarwal & Dudik 2017; Su,
// Srinath & Krishnamurthy 2020, arXiv 2006.03520 (SLOPE); effective size, Kong 1992.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "learn/posterior.h"

namespace rf::learn {

struct LoggedDecision {
  std::uint32_t action = 0;  // From 0.
  double reward = 0;
  double propensity = 1;
  double target = 0;  // The target policy's chance of the same action.
};

struct DecisionLog {
  std::vector<LoggedDecision> rows;
  std::size_t actions = 0;
  // What was known beforehand: rows() x contexts, row by row, numbers; may have no columns.
  std::vector<double> context;
  std::size_t contexts = 0;
  // The target policy's chance of every action, row by row; or one row for all; or empty when only
  // those of the logged actions are known, and then there is no model of rewards.
  std::vector<double> target;
};

struct PolicyValue {
  std::string_view name;
  std::optional<double> value;  // None when refused.
  Interval interval;            // 95 %, by bootstrap over rows.
};

struct OffPolicyReport {
  std::vector<PolicyValue> estimators;
  double effective_size = 0;
  double mean_weight = 0;
  bool refused = false;
  std::string reason;
};

constexpr double kEffectiveSizeMin = 100;
constexpr double kMeanWeightMin = 0.8;
constexpr double kMeanWeightMax = 1.25;

// REQUIRES: rows; actions in range; finite rewards; 0 < propensity <= 1; target >= 0; sizes as
// said above.
// Cost: rows x (columns + actions) and 400 passes of the bootstrap (fewer beyond 250,000 rows).
OffPolicyReport off_policy_values(const DecisionLog& log, Rng& rng);

}  // namespace rf::learn
