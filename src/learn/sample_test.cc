// Is the sample sound and large enough: shares of traffic, over-dispersion, power.

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "learn/overdispersion.h"
#include "learn/power.h"
#include "learn/ratio_check.h"

namespace rf::learn {
namespace {

TEST(CheckRatio, CookieCatsMustBeLookedAtButIsNotBroken) {
  // 44,700 and 45,489 players. Source: the Cookie Cats A/B data; p 0.0086 by hand from chi-square.
  const std::vector<double> trials{44700, 45489};
  const RatioCheck check = check_ratio(trials, {});
  EXPECT_NEAR(check.chi_square, 6.9024, 1e-3);
  EXPECT_NEAR(check.p_value, 0.0086, 1e-4);
  EXPECT_FALSE(check.broken);
}

TEST(CheckRatio, KnowsUnequalShares) {
  const std::vector<double> trials{9000, 1000};
  const std::vector<double> shares{90, 10};
  EXPECT_EQ(check_ratio(trials, shares).p_value, 1);
  EXPECT_TRUE(check_ratio(trials, {}).broken);
}

TEST(CheckRatio, NothingToCompareIsNotBroken) {
  EXPECT_FALSE(check_ratio({}, {}).broken);
  EXPECT_FALSE(check_ratio(std::vector<double>{0, 0}, {}).broken);
}

TEST(Overdispersion, OfBinomialTwinsIsOne) {
  SCOPED_TRACE("seed 8");
  Rng rng(8);
  std::vector<TwinCount> pairs;
  for (int i = 0; i < 2000; ++i) {
    auto draw = [&rng] {
      return RateCount{.successes = static_cast<double>(rng.binomial(3000, 0.02)), .trials = 3000};
    };
    pairs.push_back({.first = draw(), .second = draw()});
  }
  const Overdispersion found = overdispersion_from_twins(pairs);
  EXPECT_EQ(found.freedom, 2000);
  EXPECT_LT(found.likely.low, 1);
  EXPECT_GT(found.likely.high, 1);
}

TEST(Overdispersion, OfTripledClumpsIsThree) {
  SCOPED_TRACE("seed 8");
  Rng rng(8);
  std::vector<RateCount> days;
  // Every success comes three at a time: the variance is three times the mean.
  for (int i = 0; i < 4000; ++i) {
    days.push_back({.successes = 3.0 * static_cast<double>(rng.poisson(20)), .trials = 60000});
  }
  EXPECT_NEAR(overdispersion_pearson(days).phi, 3, 0.15);
}

TEST(Overdispersion, IsNeverBelowOneAndOneWithoutComparisons) {
  const std::vector<RateCount> alike(10, {.successes = 20, .trials = 1000});
  EXPECT_EQ(overdispersion_pearson(alike).phi, 1);
  EXPECT_EQ(overdispersion_pearson(alike).raw, 0);
  EXPECT_EQ(overdispersion_from_twins({}).phi, 1);
  EXPECT_EQ(overdispersion_from_twins({}).freedom, 0);
}

TEST(TrialsPerArm, AgreesWithTheWorkedFormula) {
  // p1 0.10, p2 0.12, alpha 0.05, power 0.8:
  // [1.959964 sqrt(2 0.11 0.89) + 0.841621 sqrt(0.09 + 0.1056)]^2/0.0004 = 3840.8, by hand.
  EXPECT_EQ(trials_per_arm({.base_rate = 0.1, .lift = 0.2}), 3841);
  EXPECT_NEAR(trials_per_arm({.base_rate = 0.1, .lift = 0.2, .phi = 2}), 2 * 3840.8, 1);
}

TEST(PowerAt, UndoesTheNeededTrials) {
  for (double lift : {-0.3, 0.05, 0.2, 1.0}) {
    const PowerQuestion question{.base_rate = 0.015, .lift = lift, .power = 0.9, .phi = 1.76};
    EXPECT_NEAR(power_at(question, trials_per_arm(question)), 0.9, 1e-3);
  }
}

TEST(LiftFoundWith, UndoesTheNeededTrials) {
  const PowerQuestion question{.base_rate = 0.015, .lift = 0.25, .phi = 1.5};
  const std::optional<double> lift = lift_found_with(question, trials_per_arm(question));
  ASSERT_TRUE(lift);
  EXPECT_NEAR(*lift, 0.25, 1e-3);
  EXPECT_FALSE(lift_found_with(question, 1));
}

TEST(NeededMore, CountsDaysUpAndKnowsWhenThereAreNone) {
  const PowerQuestion question{.base_rate = 0.1, .lift = 0.2};
  EXPECT_EQ(needed_more(question, 3000, 100).trials, 841);
  EXPECT_EQ(needed_more(question, 3000, 100).days, 9);
  EXPECT_EQ(needed_more(question, 5000, 0).days, 0);
  EXPECT_FALSE(needed_more(question, 3000, 0).days);
}

}  // namespace
}  // namespace rf::learn
