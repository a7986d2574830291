// How the next period is shared out among arms: ads of a group, groups of an account, hooks.
//
// Thompson sampling gives an arm the share of draws in which it is the best. Three things make it
// pay on real arms, each measured (learn/bandit_trial_test.cc):
//   a prior from past groups         arms of one group are much alike, and a draw knows it;
//   tempering                        draws are narrower than the belief, as if each count had been
//                                    seen `temper` times: less is spent on arms that are nearly
//                                    settled, and what is settled wrongly the floor brings back;
//   breaks                           counts of before a break are not believed (learn/regimes.h).
// Every share is at least the floor, so every arm's propensity is known and above zero, and what
// another policy would have earned can be worked out afterwards (learn/off_policy.h).
// Source: Thompson 1933; Chapelle & Li 2011 (tempering, delay); Perrault et al., arXiv 2110.00158
// (whole batches by one belief).

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/rng.h"
#include "learn/posterior.h"
#include "learn/regimes.h"

namespace rf::learn {

struct AllocationRule {
  double temper = 8;
  // The prior of draws is worth this part of the fitted one: a wider prior tries more at first.
  double prior_trust = 0.3;
  double floor = 0.02;  // Shared out evenly whatever is believed.
  int draws = 100;      // One draw moves a share by 1/draws.
};

// One entry per arm, summing to 1; each is the propensity of that arm, to be kept with what it did.
// REQUIRES: temper > 0, prior_trust > 0, 0 <= floor <= 1, draws >= 1.
// Cost: draws x arms beta draws, about 0.1 us each.
std::vector<double> thompson_shares(const ArmMemory& memory, const AllocationRule& rule, Rng& rng);

// The same without chance, by quadrature over each regime (learn/best_arm.h): what the draws tend
// to. For the few arms of a real turn.
std::vector<double> thompson_shares_exactly(const ArmMemory& memory, const AllocationRule& rule);

// Shares among arms whose worth is ROAS, conversions per spend times order value, both uncertain.
std::vector<double> thompson_shares(std::span<const RoasPosterior> arms, const AllocationRule& rule,
                                    Rng& rng);

// Where the aim is to know the best arm soon rather than to earn meanwhile: half goes to the arm
// that is likely best, half to its likeliest challenger,
//   share_k = w_k/2 + Sum_{j != k} w_j w_k/(1 - w_j)/2,  w the chances to be best.
// REQUIRES: chances that sum to 1, two or more.
// Source: top-two Thompson sampling, Russo 2020, doi:10.1287/opre.2019.1911, with beta 1/2; its
// redraws summed in closed form.
std::vector<double> top_two_shares(std::span<const double> best_chances);

struct Bounds {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

// The split of `total` that is nearest to the wanted amounts (least squares) among those with every
// arm inside its bounds, in whole minor units: the sum is exact.
// Errors: invalid, when the bounds cannot hold the total.
// REQUIRES: spans of one length, wanted finite, 0 <= low <= high in every bound.
// Units: minor units of one currency.
// Source: projection on a box cut by a plane, b_k = clamp(wanted_k - shift, low_k, high_k) with the
// one shift for which they add up, by bisection; then largest remainders.
Result<std::vector<std::int64_t>> split_total(std::int64_t total, std::span<const double> wanted,
                                              std::span<const Bounds> bounds);

}  // namespace rf::learn
