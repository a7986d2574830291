#include "learn/patterns.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "base/rng.h"
#include "learn/discovery.h"

namespace rf::learn {
namespace {

// Of the false discovery rate, the share that single features may spend; see the header.
constexpr double kSinglesShare = 0.8;

// Halves by chance are the same for the same data.
constexpr std::uint64_t kHalvesSeed = 20'260'301;

struct Halves {
  ComparedUnits all;
  ComparedUnits earlier;
  ComparedUnits later;
};

struct Test {
  std::string name;
  std::size_t first = 0;
  std::optional<std::size_t> second;
  GroupEffect all;
  GroupEffect earlier;
  GroupEffect later;
  double p = 1;
  double q = 1;
  double weight = 1;  // Its part of the false discovery rate, 1 on average.
};

// Which half each cluster (group, or unit without groups) belongs to, by its lowest order; clusters
// of the same order stay together.
std::vector<bool> later_clusters(const PatternUnits& units, std::size_t clusters) {
  std::vector<double> when(clusters, HUGE_VAL);
  for (std::size_t i = 0; i < units.outcomes.size(); ++i) {
    const std::size_t cluster = units.groups.empty() ? i : units.groups[i];
    if (!units.order.empty()) when[cluster] = std::min(when[cluster], units.order[i]);
  }
  if (units.order.empty()) {
    Rng rng(kHalvesSeed);
    for (double& each : when) each = rng.uniform();
  }
  std::vector<double> sorted = when;
  std::ranges::sort(sorted);
  std::vector<bool> later(clusters);
  if (sorted.empty()) return later;
  double middle = sorted[sorted.size() / 2];
  // With few distinct orders the median may be the first of them: then later is what follows it.
  const bool strictly = middle == sorted.front();
  for (std::size_t c = 0; c < clusters; ++c) {
    later[c] = strictly ? when[c] > middle : when[c] >= middle;
  }
  return later;
}

Halves halve(const PatternUnits& units) {
  const bool grouped = !units.groups.empty();
  std::vector<RatedUnit> all;
  std::size_t clusters = grouped ? 0 : units.outcomes.size();
  for (std::size_t i = 0; i < units.outcomes.size(); ++i) {
    const std::uint32_t group = grouped ? units.groups[i] : 0;
    if (grouped) clusters = std::max<std::size_t>(clusters, group + 1U);
    all.push_back({.outcome = units.outcomes[i],
                   .exposure = units.exposures[i],
                   .group = group,
                   .row = static_cast<std::uint32_t>(i)});
  }
  const std::vector<bool> is_later = later_clusters(units, clusters);
  std::vector<RatedUnit> earlier;
  std::vector<RatedUnit> later;
  for (const RatedUnit& unit : all) {
    (is_later[grouped ? unit.group : unit.row] ? later : earlier).push_back(unit);
  }
  return {.all = compare_units(std::move(all), grouped),
          .earlier = compare_units(std::move(earlier), grouped),
          .later = compare_units(std::move(later), grouped)};
}

// A feature as the rows in which it is 1; none when it has other values than 0 and 1.
using Rows = std::vector<std::uint64_t>;

std::optional<Rows> as_rows(const PatternFeature& feature, const ComparedUnits& units) {
  Rows rows((feature.values.size() + 63) / 64);
  for (std::uint32_t row : units.row) {
    const float value = feature.values[row];
    if (value != 0.0F && value != 1.0F) return std::nullopt;
    if (value == 1.0F) rows[row / 64] |= std::uint64_t{1} << (row % 64);
  }
  return rows;
}

std::size_t count_rows(const Rows& rows) {
  std::size_t count = 0;
  for (std::uint64_t word : rows) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

std::size_t count_both(const Rows& first, const Rows& second) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    count += static_cast<std::size_t>(std::popcount(first[i] & second[i]));
  }
  return count;
}

struct Pair {
  std::size_t first = 0;
  std::size_t second = 0;
  std::size_t support = 0;  // Of the rarest of its four combinations.
};

// "headline:question" and "headline:words" describe one cell; their pairs say how, not what.
std::string_view column_of(std::string_view name) {
  const std::size_t end = std::min(name.find(':'), name.find('='));
  return end == std::string_view::npos ? std::string_view() : name.substr(0, end);
}

bool are_levels_of_one(const std::string& first, const std::string& second) {
  return first.find('=') != std::string::npos && column_of(first) == column_of(second);
}

struct FrequentFeature {
  std::size_t feature = 0;
  Rows rows;
  std::size_t count = 0;
};

// Those that enough rows have and enough have not.
std::vector<FrequentFeature> frequent_features(const std::vector<PatternFeature>& features,
                                               const ComparedUnits& units,
                                               std::size_t support_min) {
  std::vector<FrequentFeature> frequent;
  for (std::size_t f = 0; f < features.size(); ++f) {
    std::optional<Rows> rows = as_rows(features[f], units);
    if (!rows) continue;
    const std::size_t count = count_rows(*rows);
    if (count < support_min || units.row.size() - count < support_min) continue;
    frequent.push_back({.feature = f, .rows = std::move(*rows), .count = count});
  }
  return frequent;
}

std::vector<Pair> frequent_pairs(const std::vector<PatternFeature>& features,
                                 const ComparedUnits& units, const PatternRules& rules) {
  const std::size_t support_min = std::max(
      rules.support_min, static_cast<std::size_t>(std::ceil(
                             rules.support_share_min * static_cast<double>(units.row.size()))));
  const std::vector<FrequentFeature> frequent = frequent_features(features, units, support_min);
  std::vector<Pair> pairs;
  for (std::size_t a = 0; a < frequent.size(); ++a) {
    for (std::size_t b = a + 1; b < frequent.size(); ++b) {
      const FrequentFeature& one = frequent[a];
      const FrequentFeature& other = frequent[b];
      if (are_levels_of_one(features[one.feature].name, features[other.feature].name)) continue;
      const std::size_t both = count_both(one.rows, other.rows);
      const std::size_t neither = units.row.size() + both - one.count - other.count;
      const std::size_t rarest = std::min({both, one.count - both, other.count - both, neither});
      if (rarest < support_min) continue;
      pairs.push_back({.first = one.feature, .second = other.feature, .support = rarest});
    }
  }
  std::ranges::stable_sort(pairs, std::ranges::greater(), &Pair::support);
  if (pairs.size() > rules.pairs_max) pairs.resize(rules.pairs_max);
  return pairs;
}

// Weighted q-values: p divided by weights whose mean is one.
void set_q(std::vector<Test>& tests) {
  std::size_t singles = 0;
  for (const Test& test : tests) singles += test.second ? 0U : 1U;
  const std::size_t pairs = tests.size() - singles;
  const auto all = static_cast<double>(tests.size());
  const double single_share = pairs == 0 ? 1 : kSinglesShare;
  std::vector<double> weighted;
  for (Test& test : tests) {
    test.weight = test.second ? (1 - single_share) * all / static_cast<double>(pairs)
                              : single_share * all / static_cast<double>(singles);
    weighted.push_back(std::min(1.0, test.p / test.weight));
  }
  const std::vector<double> q = q_values(weighted);
  for (std::size_t i = 0; i < tests.size(); ++i) tests[i].q = q[i];
}

// P of the half's effect pointing where `sign` does by chance.
double one_sided_p(const GroupEffect& half, bool positive) {
  if (!half.testable) return 1;
  const double upper = upper_p(half);
  return positive ? upper : 1 - upper;
}

bool replicates(const Test& test, const PatternRules& rules) {
  const bool positive = test.earlier.effect > 0;
  return (test.all.effect > 0) == positive && one_sided_p(test.later, positive) < rules.replicate_p;
}

// See the header's third condition. A pair's product was fitted beside its two features already.
bool stands_alone(const Test& test, const std::vector<AdjustedEffect>& adjusted,
                  const PatternRules& rules) {
  // A tenth: the variance inflation of 10 at which textbooks stop believing a coefficient.
  constexpr double own_variation_min = 0.1;
  if (test.second) {
    return adjusted[test.first].own_variation >= own_variation_min &&
           adjusted[*test.second].own_variation >= own_variation_min &&
           hidden_share_needed(test.all) >= rules.hidden_share_min;
  }
  const AdjustedEffect& beside = adjusted[test.first];
  return beside.effect.testable && beside.own_variation >= own_variation_min &&
         (beside.effect.effect > 0) == (test.all.effect > 0) &&
         hidden_share_needed(beside.effect) >= rules.hidden_share_min;
}

// The features beside each other and the controls; what is a face of the outcome is left out.
std::vector<AdjustedEffect> adjust(const ComparedUnits& units,
                                   const std::vector<PatternFeature>& features,
                                   const std::vector<PatternFeature>& controls,
                                   const PatternFindings& findings, const PatternRules& rules) {
  // Unknown values of controls are taken as usual ones: amounts are in standard deviations.
  std::vector<std::vector<float>> known;
  for (const PatternFeature& control : controls) {
    if (effect_within(units, control.values).share > rules.outcome_share_max) continue;
    known.push_back(control.values);
    for (float& value : known.back()) {
      if (std::isnan(value)) value = 0;
    }
  }
  const std::vector<float> nothing(features.empty() ? 0 : features[0].values.size());
  std::vector<FeatureValues> values;
  for (const PatternFeature& feature : features) {
    const bool aside = std::ranges::count(findings.set_aside, feature.name) > 0;
    values.emplace_back(aside ? nothing : feature.values);
  }
  for (const std::vector<float>& control : known) values.emplace_back(control);
  return effects_beside_others(units, values);
}

Pattern as_pattern(const Test& test, Design design, double miss) {
  const double half = half_width(test.all, miss);
  return {.feature = test.name,
          .effect = std::expm1(test.all.effect),
          .low = std::expm1(test.all.effect - half),
          .high = std::expm1(test.all.effect + half),
          .p = test.p,
          .q = test.q,
          .n = test.all.units,
          .design = design,
          .replicated = true,
          .earlier = std::expm1(test.earlier.effect),
          .later = std::expm1(test.later.effect)};
}

// Every effect on all units; what cannot be tested is counted and left out.
std::vector<Test> run_tests(const std::vector<PatternFeature>& features, const Halves& halves,
                            const PatternRules& rules, bool grouped, PatternFindings& findings) {
  std::vector<Test> tests;
  auto add = [&](Test test) {
    if (!test.all.testable || !test.earlier.testable) {
      ++findings.untestable;
      return;
    }
    // Discovered by the earlier half alone, so that the later one is a judge who has seen nothing.
    test.p = two_sided_p(test.earlier);
    tests.push_back(std::move(test));
  };
  std::vector<bool> face(features.size());
  for (std::size_t f = 0; f < features.size(); ++f) {
    Test test{.name = features[f].name, .first = f};
    test.all = effect_within(halves.all, features[f].values);
    test.earlier = effect_within(halves.earlier, features[f].values);
    face[f] = !grouped && test.all.share > rules.outcome_share_max;
    if (face[f]) {
      findings.set_aside.push_back(features[f].name);
    } else {
      add(std::move(test));
    }
  }
  for (const Pair& pair : frequent_pairs(features, halves.all, rules)) {
    if (face[pair.first] || face[pair.second]) continue;
    const PatternFeature& first = features[pair.first];
    const PatternFeature& second = features[pair.second];
    Test test{.name = first.name + " & " + second.name, .first = pair.first, .second = pair.second};
    test.all = effect_of_both(halves.all, first.values, second.values);
    test.earlier = effect_of_both(halves.earlier, first.values, second.values);
    add(std::move(test));
  }
  return tests;
}

GroupEffect effect_in(const ComparedUnits& units, const std::vector<PatternFeature>& features,
                      const Test& test) {
  if (!test.second) return effect_within(units, features[test.first].values);
  return effect_of_both(units, features[test.first].values, features[*test.second].values);
}

}  // namespace

PatternFindings find_patterns(const PatternUnits& units,
                              const std::vector<PatternFeature>& features,
                              const std::vector<PatternFeature>& controls,
                              const PatternRules& rules) {
  RF_CHECK(units.exposures.size() == units.outcomes.size());
  RF_CHECK(units.groups.empty() || units.groups.size() == units.outcomes.size());
  RF_CHECK(units.order.empty() || units.order.size() == units.outcomes.size());
  const bool grouped = !units.groups.empty();
  const Halves halves = halve(units);
  PatternFindings findings;
  findings.units = halves.all.row.size();
  findings.spread = halves.all.spread;
  std::vector<Test> tests = run_tests(features, halves, rules, grouped, findings);
  findings.tested = tests.size();
  set_q(tests);
  std::erase_if(tests, [&](const Test& test) { return test.q > rules.false_rate; });
  const double selected = static_cast<double>(tests.size());
  for (Test& test : tests) {
    test.later = effect_in(halves.later, features, test);
  }
  std::erase_if(tests, [&](const Test& test) { return !replicates(test, rules); });
  if (!grouped && !tests.empty()) {
    const std::vector<AdjustedEffect> adjusted =
        adjust(halves.all, features, controls, findings, rules);
    std::erase_if(tests, [&](const Test& test) { return !stands_alone(test, adjusted, rules); });
  }
  std::ranges::stable_sort(tests, {}, &Test::p);
  for (const Test& test : tests) {
    const double miss =
        rules.false_rate * test.weight * selected / static_cast<double>(findings.tested);
    findings.believed.push_back(as_pattern(
        test, grouped ? Design::randomised : Design::observational, std::min(miss, 0.05)));
  }
  return findings;
}

double hidden_share_needed(const GroupEffect& effect) {
  RF_CHECK(effect.testable);
  const double freedom = std::max(2.0, static_cast<double>(effect.units) - 2);
  // Student's t at 5 % as near enough the normal's: below 20 units nothing is testable.
  const double f =
      std::abs(effect.effect / effect.error) / std::sqrt(freedom) - 1.96 / std::sqrt(freedom - 1);
  if (f <= 0) return 0;
  const double square = f * f;
  return (std::sqrt(square * square + 4 * square) - square) / 2;
}

}  // namespace rf::learn
