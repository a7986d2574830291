// Beliefs about rates, costs and returns: what they say of nothing, of little and of much.

#include "learn/posterior.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

TEST(RatePosterior, WithoutTrialsIsThePriorAndSaysSo) {
  BetaPosterior belief = rate_posterior({}, {.a = 2, .b = 118}, 1.76);
  EXPECT_EQ(belief.a, 2);
  EXPECT_EQ(belief.b, 118);
  EXPECT_EQ(belief.n, 0);
}

TEST(RatePosterior, NotReportedIsNotZero) {
  EXPECT_FALSE(reported_rate_posterior(std::nullopt, 1000, {}, 1));
  EXPECT_FALSE(reported_rate_posterior(3, std::nullopt, {}, 1));
  ASSERT_TRUE(reported_rate_posterior(0, 1000, {}, 1));
  EXPECT_EQ(reported_rate_posterior(0, 1000, {}, 1)->n, 1000);
  EXPECT_FALSE(reported_spend_posterior(std::nullopt, 10, {}, 1));
  EXPECT_TRUE(reported_spend_posterior(0, 0, {}, 1));
}

TEST(RatePosterior, CountsThatCannotBeARateGiveNoBelief) {
  EXPECT_FALSE(reported_rate_posterior(11, 10, {}, 1));
  EXPECT_FALSE(reported_rate_posterior(-1, 10, {}, 1));
  EXPECT_FALSE(reported_rate_posterior(std::nan(""), 10, {}, 1));
  EXPECT_FALSE(reported_spend_posterior(1, HUGE_VAL, {}, 1));
}

TEST(RatePosterior, TwoClicksInAHundredFromAUniformPrior) {
  // Beta(3, 99): mean 3/102; P(rate < 1 %) by mpmath, tool/golden_evidence.py.
  BetaPosterior belief = rate_posterior({.successes = 2, .trials = 100}, {}, 1);
  EXPECT_DOUBLE_EQ(mean(belief), 3.0 / 102);
  EXPECT_NEAR(chance_below(belief, 0.01), 0.08122185044042897, 1e-13);
  EXPECT_NEAR(chance_below(belief, 0.01) + chance_above(belief, 0.01), 1, 1e-13);
}

TEST(RatePosterior, TheIntervalLeavesEqualTails) {
  BetaPosterior belief = rate_posterior({.successes = 12, .trials = 900}, {.a = 1, .b = 50}, 1.5);
  Interval interval = central_interval(belief, 0.9);
  EXPECT_NEAR(chance_below(belief, interval.low), 0.05, 1e-9);
  EXPECT_NEAR(chance_above(belief, interval.high), 0.05, 1e-9);
}

TEST(RatePosterior, OverDispersionWidensByItsRootAndKeepsTheCentre) {
  RateCount count{.successes = 4000, .trials = 200000};
  BetaPosterior plain = rate_posterior(count, {}, 1);
  BetaPosterior clumped = rate_posterior(count, {}, 4);
  EXPECT_NEAR(deviation(clumped) / deviation(plain), 2, 0.01);
  EXPECT_NEAR(mean(clumped) / mean(plain), 1, 0.002);
}

TEST(SpendPosterior, NoConversionInTwiceTheTargetLeavesTheExponentialChance) {
  // Almost no prior, then shape 1 by one conversion: P(r < x) = 1 - e^{-x spend}.
  GammaPosterior belief =
      spend_posterior({.conversions = 0, .spend = 100}, {.shape = 1, .rate = 1e-9}, 1);
  // CPA > 50 is r < 1/50: 1 - e^-2. Source: by hand.
  EXPECT_NEAR(chance_cpa_above(belief, 50), 1 - std::exp(-2.0), 1e-10);
  EXPECT_NEAR(chance_cpa_below(belief, 50), std::exp(-2.0), 1e-10);
}

TEST(SpendPosterior, CostBoundsAreRateBoundsTurnedOver) {
  GammaPosterior belief =
      spend_posterior({.conversions = 20, .spend = 900}, {.shape = 1, .rate = 40}, 1.2);
  Interval cost = cpa_interval(belief, 0.9);
  EXPECT_NEAR(chance_cpa_below(belief, cost.low), 0.05, 1e-9);
  EXPECT_NEAR(chance_cpa_above(belief, cost.high), 0.05, 1e-9);
  EXPECT_NEAR(chance_cpa_below(belief, cpa_median(belief)), 0.5, 1e-9);
  EXPECT_EQ(chance_cpa_above(belief, 0), 1);
  EXPECT_EQ(chance_cpa_below(belief, 0), 0);
}

TEST(RoasPosterior, WithoutConversionsItsOrdersAreWorthThePriorMean) {
  OrderValuePrior orders{.shape = 2, .orders = 5, .mean = 60};
  GammaPosterior sales =
      spend_posterior({.conversions = 0, .spend = 30}, {.shape = 1, .rate = 20}, 1);
  RoasPosterior belief = roas_posterior(sales, {.conversions = 0, .spend = 30}, 0, orders, 1);
  EXPECT_NEAR(mean(belief), mean(sales) * 60, 1e-12);
  EXPECT_EQ(belief.n, 30);
}

TEST(RoasPosterior, ItsMeanIsTheProductOfTheTwoPooledMeans) {
  OrderValuePrior orders{.shape = 1.5, .orders = 4, .mean = 50};
  SpendCount count{.conversions = 12, .spend = 400};
  GammaPosterior sales = spend_posterior(count, {.shape = 2, .rate = 60}, 1);
  RoasPosterior belief = roas_posterior(sales, count, 900, orders, 1);
  EXPECT_NEAR(mean(belief), 14.0 / 460 * ((4 * 50 + 900) / (4.0 + 12)), 1e-12);
}

constexpr int kDraws = 200000;

TEST(RoasPosterior, ItsTailIsWhatDrawsOfBothPartsGive) {
  SCOPED_TRACE("seed 41");
  Rng rng(41);
  OrderValuePrior orders{.shape = 1.5, .orders = 4, .mean = 50};
  SpendCount count{.conversions = 6, .spend = 300};
  GammaPosterior sales = spend_posterior(count, {.shape = 2, .rate = 60}, 1.3);
  RoasPosterior belief = roas_posterior(sales, count, 480, orders, 1.3);
  int below = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double seen = 6 / 1.3;
    const double rate = rng.gamma(sales.shape) / sales.rate;
    const double q = rng.gamma(1 + 1.5 * (4 + seen)) / (4 * 50 + 480 / 1.3);
    below += rate * 1.5 / q < 1.2 ? 1 : 0;
  }
  // Three standard errors of 200,000 draws.
  EXPECT_NEAR(chance_below(belief, 1.2), below / static_cast<double>(kDraws), 0.0034);
  EXPECT_NEAR(chance_below(belief, 1.2) + chance_above(belief, 1.2), 1, 1e-12);
  Interval interval = central_interval(belief, 0.8);
  EXPECT_NEAR(chance_below(belief, interval.low), 0.1, 1e-9);
  EXPECT_NEAR(chance_above(belief, interval.high), 0.1, 1e-9);
  EXPECT_EQ(chance_below(belief, 0), 0);
}

}  // namespace
}  // namespace rf::learn
