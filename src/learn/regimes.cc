#include "learn/regimes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// Chosen: as many starts as keep a turn's cost bounded; beyond it the unlikeliest is dropped.
constexpr std::size_t kRegimesMax = 64;

// Chosen: far below the hazard, since a start that is right begins there and has to live through
// the periods until it shows.
constexpr double kWeightMin = 1e-7;

double log_predictive(RateCount seen, const BetaPrior& prior, RateCount next) {
  const double a = prior.a + seen.successes;
  const double b = prior.b + seen.trials - seen.successes;
  return log_rising(a, next.successes) + log_rising(b, next.trials - next.successes) -
         log_rising(a + b, next.trials);
}

void add_to(RateCount& count, const RateCount& more, double discount) {
  count.successes = discount * count.successes + more.successes;
  count.trials = discount * count.trials + more.trials;
}

}  // namespace

ArmMemory::ArmMemory(std::size_t arms, const GroupPrior& prior, const RegimeRule& rule)
    : prior_(prior), rule_(rule), total_(arms), starts_(1) {
  RF_CHECK(arms >= 1 && prior.likeness > 0 && prior.level.a > 0 && prior.level.b > 0);
  RF_CHECK(rule.hazard >= 0 && rule.hazard < 1 && rule.discount > 0 && rule.discount <= 1);
  starts_.front().since.resize(arms);
}

// An arm with n trials says as much of the group's mean as n s/(n + s) trials of the mean itself
// would, s the likeness: its own rate stands between.
BetaPrior ArmMemory::arm_prior(double trust) const {
  double successes = prior_.level.a;
  double trials = prior_.level.a + prior_.level.b;
  for (const RateCount& count : total_) {
    const double share = prior_.likeness / (count.trials + prior_.likeness);
    successes += share * count.successes;
    trials += share * count.trials;
  }
  const double level = successes / trials;
  return {.a = trust * prior_.likeness * level, .b = trust * prior_.likeness * (1 - level)};
}

// A new start may be now; every start is weighed by how well it foretold the period.
void ArmMemory::weigh_starts(std::span<const RateCount> period) {
  const BetaPrior prior = arm_prior(1);
  Start now{.log_weight = std::log(rule_.hazard), .since = std::vector<RateCount>(arms())};
  for (Start& start : starts_) start.log_weight += std::log1p(-rule_.hazard);
  starts_.push_back(std::move(now));
  for (Start& start : starts_) {
    for (std::size_t k = 0; k < period.size(); ++k) {
      if (period[k].trials > 0) {
        start.log_weight += log_predictive(start.since[k], prior, period[k]);
      }
    }
  }
}

void ArmMemory::add(std::span<const RateCount> period) {
  RF_CHECK(period.size() == total_.size());
  const bool first =
      std::ranges::all_of(total_, [](const RateCount& count) { return count.trials == 0; });
  for (std::size_t k = 0; k < period.size(); ++k) {
    RF_CHECK(period[k].successes >= 0 && period[k].successes <= period[k].trials);
    add_to(total_[k], period[k], rule_.discount);
  }
  if (rule_.hazard > 0 && !first) weigh_starts(period);
  for (Start& start : starts_) {
    for (std::size_t k = 0; k < period.size(); ++k) {
      add_to(start.since[k], period[k], rule_.discount);
    }
  }
  forget_unlikely();
}

// Scales the weights to sum to 1 and drops what no longer matters.
void ArmMemory::forget_unlikely() {
  std::stable_sort(starts_.begin(), starts_.end(),
                   [](const Start& x, const Start& y) { return x.log_weight > y.log_weight; });
  if (starts_.size() > kRegimesMax) starts_.resize(kRegimesMax);
  double sum = 0;
  const double highest = starts_.front().log_weight;
  for (const Start& start : starts_) sum += std::exp(start.log_weight - highest);
  const double all = highest + std::log(sum);
  for (Start& start : starts_) start.log_weight -= all;
  while (starts_.back().log_weight < std::log(kWeightMin)) starts_.pop_back();
}

std::vector<Regime> ArmMemory::regimes(double trust) const {
  RF_CHECK(trust > 0);
  const BetaPrior prior = arm_prior(trust);
  double sum = 0;
  for (const Start& start : starts_) sum += std::exp(start.log_weight);
  std::vector<Regime> found;
  found.reserve(starts_.size());
  for (const Start& start : starts_) {
    Regime regime{.weight = std::exp(start.log_weight) / sum, .arms = {}};
    regime.arms.reserve(arms());
    for (const RateCount& count : start.since) {
      regime.arms.push_back(rate_posterior(count, prior, 1));
    }
    found.push_back(std::move(regime));
  }
  return found;
}

}  // namespace rf::learn
