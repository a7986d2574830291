// The model of rewards that off-policy estimates lean on: a line in the context for each action,
// drawn towards what all actions have in common.

#pragma once

#include <cstddef>
#include <vector>

#include "learn/off_policy.h"

namespace rf::learn {

class RewardModel {
 public:
  // q(x, a) = level[a] + slopes[a] x; slopes are actions x contexts.
  RewardModel(std::vector<double> levels, std::vector<double> slopes);

  // The reward to expect of `action` in the context of a row.
  double of(const DecisionLog& log, std::size_t row, std::size_t action) const;

 private:
  std::vector<double> levels_;
  std::vector<double> slopes_;
};

// Which half a row belongs to, 0 or 1: as by the toss of a coin, since a log may take turns.
std::size_t fold_of(std::size_t row);

// Least squares on every second row, from row `fold`: slopes that all actions share, from the rows
// less their action's means; then each action's own, drawn to them as by fifty rows, and its level,
// drawn to the overall one as by ten. Without rows all is 0.
// REQUIRES: fold 0 or 1, log as off_policy_values(), context columns of deviation near 1.
// Cost: rows x columns^2, and actions x columns^3.
// Source: ridge regression, Hoerl & Kennard 1970; the shared slopes, the within estimator.
RewardModel fit_rewards(const DecisionLog& log, std::size_t fold);

}  // namespace rf::learn
