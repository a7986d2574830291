// How a feature goes with the rate of units that were compared within groups: fixed effects, with
// errors that allow units of one group to move together.
//
// A unit (an ad, an arm of a test) has an outcome count c and an exposure n. Its log rate against
// its group is y = ln[(c + 1/2)/(E + 1/2)], E = n times the group's pooled rate. Regressing y on a
// feature, both centred within groups, leaves out everything that groups differ in: audience, week,
// topic, who chose to test it. Pooled averages do not: of 19 features of Upworthy headlines 6 have
// the other sign once they are compared within tests.
//
// Weights. y varies by 1/E from counting and by s from all else that units differ in, so its weight
// is 1/(s + 1/(E + 1/2)); s is the value for which the weighted squares are as large as they should
// be. A unit with most of the outcomes therefore weighs hardly more than its neighbours.
// Errors. Cluster-robust with each cluster's score divided by 1 - leverage (CR3), never below the
// model's own; compared with Student's t at the effective number of clusters less one. Without
// groups every unit is its own cluster.
// Source: fixed effects and CR3, MacKinnon, Nielsen & Webb 2023, doi:10.1016/j.jeconom.2022.04.001;
// effective clusters, Carter, Schnepel & Steigerwald 2017, doi:10.1162/REST_a_00639; s, Paule &
// Mandel 1982, doi:10.6028/jres.087.022.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rf::learn {

// One unit to compare.
struct RatedUnit {
  double outcome = 0;
  double exposure = 0;
  std::uint32_t group = 0;  // All 0: not grouped.
  std::uint32_t row = 0;    // Where its feature values are.
};

// Units that can be compared, laid out by group.
struct ComparedUnits {
  bool grouped = true;             // False: one group, and each unit a cluster.
  std::vector<std::uint32_t> row;  // Of each unit.
  std::vector<double> log_rate;    // y.
  std::vector<double> weight;
  std::vector<std::size_t> starts;  // First unit of each group, then the number of units.
  double spread = 0;                // s.
};

// Leaves out units without exposure, groups of one and groups without any outcome.
// REQUIRES: outcome and exposure >= 0 and finite.
ComparedUnits compare_units(std::vector<RatedUnit> units, bool grouped);

// The effect of one more of a feature on the log rate.
struct GroupEffect {
  bool testable = false;  // False: it does not vary within groups, or in too few of them.
  double effect = 0;
  double error = 0;
  double freedom = 0;  // Effective clusters less one.
  double share = 0;    // Of the weighted squares of y that it explains, [0, 1].
  std::size_t units = 0;
};

// A feature's values by row; NaN where it is not known.
using FeatureValues = std::span<const float>;

// Below this many effective clusters a t value is not to be trusted. Chosen: Carter, Schnepel &
// Steigerwald find tests at 5 % to be wrong by a factor of two and more under ten.
constexpr double kClustersMin = 10;

GroupEffect effect_within(const ComparedUnits& units, FeatureValues feature);

// The effect of both together beyond that of each: of the product, beside both.
GroupEffect effect_of_both(const ComparedUnits& units, FeatureValues first, FeatureValues second);

// Each feature's effect beside all the others, and the share of its own variation that the others
// leave (the inverse of its variance inflation). Units where any is unknown are left out.
struct AdjustedEffect {
  GroupEffect effect;
  double own_variation = 0;
};
// Cost: units x features^2.
std::vector<AdjustedEffect> effects_beside_others(const ComparedUnits& units,
                                                  std::span<const FeatureValues> features);

// P(|T| > |effect|/error), and P(T > effect/error).
// REQUIRES: testable.
double two_sided_p(const GroupEffect& effect);
double upper_p(const GroupEffect& effect);

// Half the width of the interval of the effect that misses it with probability `miss`.
// REQUIRES: testable, 0 < miss < 1.
double half_width(const GroupEffect& effect, double miss);

}  // namespace rf::learn
