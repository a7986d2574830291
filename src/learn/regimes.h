// What a handful of arms have done, remembered no longer than it still holds.
//
// Ads tire, auctions move, a season ends: counts of last month may describe another world. A fixed
// discount forgets in quiet times too, and pays for it. Here the question is put to the counts: a
// regime is a stretch of periods over which the arms' rates stood still, and after every period the
// chance of each possible start of the present regime is
//   P(start = r | counts) ~ P(start = r before) (1 - h) m(period | counts since r)
//   P(start = now)        ~ h m(period | nothing),
// m the Beta-binomial chance of what each arm did. In quiet times all the weight stays on the first
// start and nothing is forgotten; after a break it moves to the start that explains the counts.
// Source: Adams & MacKay 2007, arXiv 0710.3742 (run lengths); conjugate predictive, Gelman et al.,
// Bayesian Data Analysis, 3rd ed., 2.4. That it beats a discount, learn/bandit_trial_test.cc.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "learn/posterior.h"

namespace rf::learn {

// What is believed of an arm before it has been shown: its group's rate, and how far arms of one
// group lie apart. The group's own rate is learned along the way.
struct GroupPrior {
  BetaPrior level;       // Of a group's mean rate; from learn/pooling.h over past groups.
  double likeness = 50;  // An arm's rate is Beta(likeness m, likeness (1 - m)) around the mean m.
};

struct RegimeRule {
  // The chance that a period breaks with those before it. Measured: .001 to .01 do as well on the
  // Upworthy tests (learn/bandit_trial_test.cc).
  double hazard = 0.004;
  // Counts lose this share of their worth each period on top of it; 1 keeps them.
  double discount = 1;
};

// One possible start of the present regime, with the beliefs that follow from it.
struct Regime {
  double weight = 0;  // All weights sum to 1.
  std::vector<BetaPosterior> arms;
};

// Thread: one at a time. Memory: kRegimesMax starts of one count per arm each.
class ArmMemory {
 public:
  // REQUIRES: arms >= 1, likeness > 0, 0 <= hazard < 1, 0 < discount <= 1.
  ArmMemory(std::size_t arms, const GroupPrior& prior, const RegimeRule& rule);

  // What the arms did in the period just ended, as effective counts.
  // REQUIRES: one count per arm, 0 <= successes <= trials.
  // Cost: arms x starts, two log-gammas each.
  void add(std::span<const RateCount> period);

  std::size_t arms() const { return total_.size(); }
  // Of the whole past, discounted.
  std::span<const RateCount> total() const { return total_; }
  // Starts that are likely enough to matter, the likeliest first. Beliefs take the prior as worth
  // `trust` times its likeness.
  // REQUIRES: trust > 0.
  std::vector<Regime> regimes(double trust) const;

 private:
  struct Start {
    double log_weight = 0;
    std::vector<RateCount> since;  // Counts of each arm since this start.
  };

  // The prior of one arm once the group's own counts are seen.
  BetaPrior arm_prior(double trust) const;
  void weigh_starts(std::span<const RateCount> period);
  void forget_unlikely();

  GroupPrior prior_;
  RegimeRule rule_;
  std::vector<RateCount> total_;
  std::vector<Start> starts_;
};

}  // namespace rf::learn
