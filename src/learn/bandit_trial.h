// Allocation policies against each other, on arms whose truth is known: finished A/B tests.
//
//   replay     an arm is the bag of its own impressions, in random order; the horizon ends with the
//              smallest bag. No model of the world, but the bag's own luck counts as its rate.
//   bernoulli  an arm clicks at its shrunk rate, for as long as asked.
// What a policy is worth is its capture: (clicks - uniform)/(oracle - uniform).

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "learn/allocation.h"
#include "learn/posterior.h"
#include "learn/regimes.h"

namespace rf::learn {

// Shares the coming batches out, and learns from each.
class BanditPolicy {
 public:
  virtual ~BanditPolicy() = default;
  // Sums to 1.
  virtual std::vector<double> shares(Rng& rng) = 0;
  virtual void learn(std::span<const RateCount> batch) = 0;
  // The arm it would keep if it had to choose now.
  virtual std::size_t choice() const = 0;
};

// What a policy may know beforehand: from other tests, never from the one it is tried on.
struct BanditPrior {
  GroupPrior group;
  BetaPrior arm;  // Over all arms of all tests, for the policies that know no groups.
};

struct BanditPolicyRow {
  std::string_view name;
  std::string_view what;
  std::unique_ptr<BanditPolicy> (*make)(std::size_t arms, const BanditPrior& prior);
};

// Ours, "reelforge", first.
std::span<const BanditPolicyRow> bandit_policies();

// The arms of a test as the policies meet them.
struct BanditWorld {
  // Impressions and clicks of each arm's bag; without trials the arms click at `rates`.
  std::vector<RateCount> bags;
  std::vector<double> rates;
  std::int64_t horizon = 0;
  std::int64_t batch = 1;
  // From this impression on the arms' ranks are reversed; the horizon or beyond: never. Not with
  // bags.
  std::int64_t reverse_at = 0;
};

// REQUIRES: at least one arm, counts whole, horizon >= 1.
BanditWorld replay_world(std::span<const RateCount> arms, std::int64_t horizon, std::int64_t batch);
// An arm's rate is (c + s m)/(n + s), m the mean of its test and s the strength.
BanditWorld bernoulli_world(std::span<const RateCount> arms, double strength, std::int64_t horizon,
                            std::int64_t batch);

struct BanditScore {
  double earned = 0;  // Clicks; in a bernoulli world their expectation, which chance leaves alone.
  double uniform = 0;
  double oracle = 0;
  bool found_best = false;  // Its choice at the end is the best arm, or as good.
  double regret = 0;        // Best rate less that of its choice.
};

// REQUIRES: a world of the functions above, a policy for as many arms.
// Cost: one shares() and one learn() a batch.
BanditScore run_bandit(const BanditWorld& world, BanditPolicy& policy, Rng& rng);

// What past tests teach of the next: the prior of levels from their totals, likeness from how their
// arms scatter. Tests without trials or clicks are left out.
struct BanditTest {
  std::vector<RateCount> arms;
};
BanditPrior fit_bandit_prior(std::span<const BanditTest> tests);

}  // namespace rf::learn
