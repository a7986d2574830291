#include "learn/patterns.h"

#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

struct World {
  PatternUnits units;
  std::vector<PatternFeature> features;
};

// Tests of four arms with `features` coins each; the first multiplies the rate by `lift`. Arms
// differ by 20 % and tests by a factor of e from other causes; where `confounded`, good tests have
// the first feature more often.
World make_world(std::uint64_t seed, std::size_t tests, double lift, bool confounded) {
  Rng rng(seed);
  World world;
  constexpr std::size_t features = 8;
  auto toss = [&](double chance, std::size_t f) {
    const bool has = rng.uniform() < chance;
    world.features[f].values.push_back(has ? 1.0F : 0.0F);
    return has;
  };
  for (std::size_t f = 0; f < features; ++f) world.features.push_back({fmt::format("f{}", f), {}});
  for (std::uint32_t test = 0; test < tests; ++test) {
    const double quality = rng.normal();
    for (int arm = 0; arm < 4; ++arm) {
      double rate = 0.01 * std::exp(quality + 0.2 * rng.normal());
      if (toss(confounded ? 1 / (1 + std::exp(-2 * quality)) : 0.5, 0)) rate *= lift;
      for (std::size_t f = 1; f < features; ++f) toss(0.5, f);
      world.units.exposures.push_back(4000);
      world.units.outcomes.push_back(static_cast<double>(rng.binomial(4000, std::min(rate, 0.9))));
      world.units.groups.push_back(test);
      world.units.order.push_back(test);
    }
  }
  return world;
}

PatternFindings find(const World& world) {
  return find_patterns(world.units, world.features, {}, {});
}

TEST(FindPatterns, BelieveNothingWhereThereIsNothing) {
  int wrong = 0;
  constexpr int seeds = 200;
  for (int seed = 0; seed < seeds; ++seed) {
    wrong +=
        find(make_world(static_cast<std::uint64_t>(seed), 60, 1, false)).believed.empty() ? 0 : 1;
  }
  // 5 % of 200, and three standard errors.
  EXPECT_LE(wrong, 10 + 9);
}

TEST(FindPatterns, FindAPlantedEffectAndItsSize) {
  int found = 0;
  int covered = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    const PatternFindings findings = find(make_world(seed, 200, 1.15, false));
    for (const Pattern& pattern : findings.believed) {
      if (pattern.feature != "f0") continue;
      ++found;
      covered += pattern.low <= 0.15 && pattern.high >= 0.15 ? 1 : 0;
      EXPECT_EQ(pattern.design, Design::randomised);
      EXPECT_TRUE(pattern.replicated);
    }
  }
  EXPECT_GE(found, 19);
  EXPECT_GE(covered, found - 2);
}

TEST(FindPatterns, AreNotFooledByWhichTestsHaveTheFeature) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    // Within tests it harms, and pooled it seems to help.
    const World world = make_world(seed, 300, 0.8, true);
    double with = 0;
    double without = 0;
    for (std::size_t i = 0; i < world.units.outcomes.size(); ++i) {
      (world.features[0].values[i] > 0 ? with : without) += world.units.outcomes[i];
    }
    EXPECT_GT(with, without);
    bool seen = false;
    for (const Pattern& pattern : find(world).believed) {
      if (pattern.feature != "f0") continue;
      seen = true;
      EXPECT_LT(pattern.high, 0);
    }
    EXPECT_TRUE(seen);
  }
}

TEST(FindPatterns, FindAPairThatWorksOnlyTogether) {
  World world = make_world(3, 400, 1, false);
  for (std::size_t i = 0; i < world.units.outcomes.size(); ++i) {
    if (world.features[1].values[i] * world.features[2].values[i] > 0) {
      world.units.outcomes[i] = std::round(world.units.outcomes[i] * 1.4);
    }
  }
  const PatternFindings findings = find(world);
  bool seen = false;
  for (const Pattern& pattern : findings.believed) seen = seen || pattern.feature == "f1 & f2";
  EXPECT_TRUE(seen);
}

TEST(FindPatterns, OneUnitWithMostOfTheOutcomesDecidesNothing) {
  World world = make_world(5, 60, 1, false);
  world.units.groups.clear();
  double sum = 0;
  for (double outcome : world.units.outcomes) sum += outcome;
  world.units.outcomes[0] = sum * 1.2;
  EXPECT_TRUE(find(world).believed.empty());
}

TEST(FindPatterns, TakeAColumnMadeFromTheOutcomeForWhatItIs) {
  World world = make_world(6, 60, 1, false);
  world.units.groups.clear();
  PatternFeature likes{.name = "likes"};
  for (double outcome : world.units.outcomes) {
    likes.values.push_back(static_cast<float>(std::log1p(outcome)));
  }
  world.features.push_back(likes);
  const PatternFindings findings = find(world);
  EXPECT_EQ(findings.set_aside, std::vector<std::string>{"likes"});
  EXPECT_TRUE(findings.believed.empty());
}

TEST(FindPatterns, SurviveTablesWithNothingToCompare) {
  EXPECT_EQ(find_patterns({}, {}, {}, {}).tested, 0U);
  World world = make_world(1, 1, 1, false);
  EXPECT_TRUE(find(world).believed.empty());
  world.units.outcomes.assign(4, 0);
  EXPECT_EQ(find(world).units, 0U);
}

// By hand: two units of one group with E = 10 each, y = ln(20.5/10.5) and ln(.5/10.5); no test of
// one group is trusted.
TEST(EffectWithin, IsTheDifferenceOfLogRates) {
  std::vector<RatedUnit> units;
  std::vector<float> feature;
  for (std::uint32_t group = 0; group < 20; ++group) {
    units.push_back({.outcome = 20, .exposure = 100, .group = group, .row = 2 * group});
    units.push_back({.outcome = 0, .exposure = 100, .group = group, .row = 2 * group + 1});
    feature.insert(feature.end(), {1.0F, 0.0F});
  }
  const GroupEffect effect = effect_within(compare_units(units, true), feature);
  ASSERT_TRUE(effect.testable);
  EXPECT_NEAR(effect.effect, std::log(20.5 / 0.5), 1e-9);
  EXPECT_NEAR(effect.freedom, 19, 1e-6);
  EXPECT_EQ(effect.units, 40U);
}

}  // namespace
}  // namespace rf::learn
