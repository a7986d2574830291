// Which features go with better results, and which of those findings to believe.
//
// A pattern is believed when all of this holds:
//   1. its effect within groups (learn/within.h) in the earlier half of the groups is among the
//      discoveries at a false discovery rate of 5 % over everything that was tested, pairs
//      included;
//   2. the later half, which had no part in that, shows it by itself: same sign, one-sided p below
//      5 %;
//   3. without groups: it also stands, with the same sign and p below 5 %, beside all the other
//      features and controls, and these leave it a tenth of its variation (otherwise it cannot be
//      told from them); and no hidden feature could explain it away that explains less than a fifth
//      of what is left of both the feature and the outcome. Year and brand, left out of 225 real
//      Super Bowl ads, are such a hidden feature: they halve what celebrities seem to do.
// Everything else is silence: an unsure pattern costs more than a missing one.
//
// Frequent pairs supply hypotheses and never effects: a pair is tested when all its four
// combinations are frequent, whatever their outcomes.
// Source: false discovery rate with weights (four fifths to single features, one fifth to pairs),
// Genovese, Roeder & Wasserman 2006, doi:10.1093/biomet/93.3.509; the intervals, Benjamini &
// Yekutieli 2005, doi:10.1198/016214504000001907 (they are right for what was selected); what a
// hidden feature could explain, Cinelli & Hazlett 2020, doi:10.1111/rssb.12348.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "learn/within.h"

namespace rf::learn {

// What a comparison within groups may be taken for.
enum class Design : std::uint8_t {
  randomised,     // The caller says that chance put units into groups' arms: effects are causes.
  observational,  // Anything else may lie behind it.
};

struct PatternUnits {
  std::vector<double> outcomes;
  std::vector<double> exposures;
  std::vector<std::uint32_t> groups;  // Empty: none.
  std::vector<double> order;          // What "later" means; empty: halves by chance.
};

struct PatternFeature {
  std::string name;
  std::vector<float> values;  // By unit; NaN: not known.
};

struct PatternRules {
  double false_rate = 0.05;
  double replicate_p = 0.05;
  // A combination of a pair is frequent from the larger of these.
  std::size_t support_min = 20;
  double support_share_min = 0.02;
  // Pairs with the most even support are tested first. Chosen: more tests cost power.
  std::size_t pairs_max = 500;
  // A feature that explains more than this of the differences between units that were not
  // randomised is another face of the outcome (likes, beside views), not a cause of it. Chosen.
  double outcome_share_max = 0.5;
  // Without groups; see the header's third condition.
  double hidden_share_min = 0.2;
};

struct Pattern {
  std::string feature;  // "a" or "a & b".
  double effect = 0;    // Relative: +0.02 is 2 % more. A pair's: beyond what both do alone.
  double low = 0;       // The interval, 95 % over what was selected.
  double high = 0;
  double p = 1;
  double q = 1;       // The smallest false discovery rate at which it is a discovery.
  std::size_t n = 0;  // Units compared.
  Design design = Design::observational;
  bool replicated = false;
  double earlier = 0;  // The effect in either half.
  double later = 0;
};

struct PatternFindings {
  std::vector<Pattern> believed;  // By p.
  std::size_t tested = 0;
  std::size_t untestable = 0;          // Do not vary within enough groups.
  std::vector<std::string> set_aside;  // Faces of the outcome.
  double spread = 0;                   // See learn/within.h.
  std::size_t units = 0;               // That could be compared.
};

// `controls` are beside the features where there are no groups, and are not tested themselves.
// REQUIRES: all vectors of one length where not empty; outcomes and exposures >= 0 and finite.
// Cost: units x (features + pairs); without groups also units x (features + controls)^2.
PatternFindings find_patterns(const PatternUnits& units,
                              const std::vector<PatternFeature>& features,
                              const std::vector<PatternFeature>& controls,
                              const PatternRules& rules);

// The share of what is left of both a feature and the outcome that a hidden feature would have to
// explain before the effect could be nothing (at 5 %).
// REQUIRES: testable.
// Units: [0, 1].
// Source: the robustness value, Cinelli & Hazlett 2020, section 4.2.
double hidden_share_needed(const GroupEffect& effect);

}  // namespace rf::learn
