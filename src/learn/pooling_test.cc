// Priors fitted to made-up accounts whose truth is known, and lifts shrunk by them.

#include "learn/pooling.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "learn/shrinkage.h"

namespace rf::learn {
namespace {

std::vector<RateCount> some_ads(std::size_t count, BetaPrior truth, Rng& rng) {
  std::vector<RateCount> ads;
  for (std::size_t i = 0; i < count; ++i) {
    const auto trials = static_cast<std::int64_t>(200 + rng.below(20000));
    const double rate = rng.beta(truth.a, truth.b);
    ads.push_back({.successes = static_cast<double>(rng.binomial(trials, rate)),
                   .trials = static_cast<double>(trials)});
  }
  return ads;
}

TEST(FitRates, FindsThePopulationThatMadeTheAds) {
  SCOPED_TRACE("seed 1");
  Rng rng(1);
  const RateFit fit = fit_rates(some_ads(3000, {.a = 12, .b = 788}, rng), 1);
  EXPECT_TRUE(fit.fitted);
  EXPECT_EQ(fit.arms, 3000);
  EXPECT_NEAR(fit.prior.a / 12, 1, 0.08);
  EXPECT_NEAR(fit.prior.a / (fit.prior.a + fit.prior.b), 0.015, 0.0003);
}

TEST(FitRates, IsTheSameEveryTime) {
  Rng rng(1);
  const std::vector<RateCount> ads = some_ads(200, {.a = 3, .b = 100}, rng);
  EXPECT_EQ(fit_rates(ads, 1.5).prior.a, fit_rates(ads, 1.5).prior.a);
}

TEST(FitRates, FewAdsGiveAPriorWorthOneSuccess) {
  const std::vector<RateCount> ads{{.successes = 9, .trials = 999}};
  const RateFit fit = fit_rates(ads, 1);
  EXPECT_FALSE(fit.fitted);
  EXPECT_EQ(fit.prior.a, 1);
  // Rate 9.5/1000.
  EXPECT_NEAR(fit.prior.a / (fit.prior.a + fit.prior.b), 0.0095, 1e-12);
}

TEST(FitRates, NoHistoryIsUniform) {
  const RateFit fit = fit_rates({}, 1);
  EXPECT_EQ(fit.prior.a, 1);
  EXPECT_EQ(fit.prior.b, 1);
  EXPECT_EQ(fit.arms, 0);
  const std::vector<RateCount> unseen(8);
  EXPECT_FALSE(fit_rates(unseen, 1).fitted);
}

TEST(FitRates, EqualAdsPoolStronglyButNotForEver) {
  const std::vector<RateCount> alike(50, {.successes = 30, .trials = 2000});
  const RateFit fit = fit_rates(alike, 1);
  EXPECT_GT(fit.prior.a, 100);
  EXPECT_LT(fit.prior.a, 1e5);
}

TEST(FitSpend, FindsThePopulationThatMadeTheAds) {
  SCOPED_TRACE("seed 2");
  Rng rng(2);
  std::vector<SpendCount> ads;
  for (int i = 0; i < 3000; ++i) {
    const double spend = 20 + 800 * rng.uniform();
    const double rate = rng.gamma(2.5) / 100;
    ads.push_back({.conversions = static_cast<double>(rng.poisson(rate * spend)), .spend = spend});
  }
  const SpendFit fit = fit_spend(ads, 1);
  EXPECT_TRUE(fit.fitted);
  EXPECT_NEAR(fit.prior.shape / 2.5, 1, 0.1);
  EXPECT_NEAR(fit.prior.rate / 100, 1, 0.1);
}

TEST(FitSpend, FewAdsGiveAPriorWorthOneConversion) {
  const std::vector<SpendCount> ads{{.conversions = 3, .spend = 210}};
  const SpendFit fit = fit_spend(ads, 1);
  EXPECT_FALSE(fit.fitted);
  EXPECT_EQ(fit.prior.shape, 1);
  EXPECT_EQ(fit.prior.rate, 60);
}

TEST(FitOrderValues, FindsThePopulationThatMadeTheOrders) {
  SCOPED_TRACE("seed 3");
  Rng rng(3);
  std::vector<OrderTotal> ads;
  // Order values of shape 2; their rates are Gamma(1 + 2 * 8, 8 * 40).
  for (int i = 0; i < 4000; ++i) {
    const double orders = static_cast<double>(1 + rng.below(40));
    const double rate = rng.gamma(1 + 2 * 8) / (8 * 40);
    ads.push_back({.orders = orders, .value = rng.gamma(2 * orders) / rate});
  }
  const OrderValueFit fit = fit_order_values(ads);
  EXPECT_TRUE(fit.fitted);
  EXPECT_NEAR(fit.prior.shape / 2, 1, 0.15);
  EXPECT_NEAR(fit.prior.orders / 8, 1, 0.15);
  EXPECT_NEAR(fit.prior.mean / 40, 1, 0.05);
}

TEST(FitOrderValues, WithoutOrdersSaysNothing) {
  EXPECT_FALSE(fit_order_values({}).fitted);
  EXPECT_EQ(fit_order_values({}).arms, 0);
}

TEST(FitStrength, FindsTheScatterAroundGivenMeans) {
  SCOPED_TRACE("seed 4");
  Rng rng(4);
  std::vector<RateCount> ads;
  std::vector<double> means;
  for (int i = 0; i < 3000; ++i) {
    const double mean = 0.01 + 0.04 * rng.uniform();
    const double rate = rng.beta(1500 * mean, 1500 * (1 - mean));
    ads.push_back({.successes = static_cast<double>(rng.binomial(8000, rate)), .trials = 8000});
    means.push_back(mean);
  }
  EXPECT_NEAR(fit_strength(ads, means, 1) / 1500, 1, 0.08);
}

TEST(FitHierarchy, DrawsAThinGroupToTheAccountAndLeavesAThickOne) {
  SCOPED_TRACE("seed 5");
  Rng rng(5);
  std::vector<GroupedCount> ads;
  for (std::uint32_t group = 0; group < 12; ++group) {
    const double mean = 0.01 + 0.002 * group;
    for (RateCount count : some_ads(60, {.a = 900 * mean, .b = 900 * (1 - mean)}, rng)) {
      ads.push_back({.count = count, .group = group});
    }
  }
  ads.push_back({.count = {.successes = 9, .trials = 100}, .group = 12});
  const RateHierarchy found = fit_hierarchy(ads, 14, 1);
  EXPECT_NEAR(found.strength / 900, 1, 0.15);
  auto mean_of = [](BetaPrior prior) { return prior.a / (prior.a + prior.b); };
  EXPECT_NEAR(mean_of(found.group[0]), 0.01, 0.002);
  EXPECT_NEAR(mean_of(found.group[11]), 0.032, 0.003);
  // Nine of a hundred in a group of one ad: some way up from the account's 2.1 %, not to 9 %.
  EXPECT_GT(mean_of(found.group[12]), mean_of(found.account.prior));
  EXPECT_LT(mean_of(found.group[12]), 0.05);
  EXPECT_NEAR(mean_of(found.group[13]), mean_of(found.account.prior), 1e-12);
}

TEST(LiftBetween, ItsIntervalHoldsTheTruthAsOftenAsItSays) {
  SCOPED_TRACE("seed 7");
  Rng rng(7);
  const BetaPrior prior{.a = 20, .b = 980};
  int held = 0;
  constexpr int kRounds = 2000;
  for (int round = 0; round < kRounds; ++round) {
    double rate[2];
    BetaPosterior belief[2];
    for (int side = 0; side < 2; ++side) {
      rate[side] = rng.beta(prior.a, prior.b);
      const double clicks = static_cast<double>(rng.binomial(1500, rate[side]));
      belief[side] = rate_posterior({.successes = clicks, .trials = 1500}, prior, 1);
    }
    const ShrunkLift lift = lift_between(belief[0], belief[1], 0.9);
    const double truth = rate[0] / rate[1] - 1;
    held += lift.interval.low <= truth && truth <= lift.interval.high ? 1 : 0;
  }
  EXPECT_NEAR(held / static_cast<double>(kRounds), 0.9, 0.02);
}

TEST(LiftOfWinner, IsSmallerThanWhatTheCountsShow) {
  const std::vector<RateCount> arms{{.successes = 40, .trials = 2000},
                                    {.successes = 60, .trials = 2000},
                                    {.successes = 35, .trials = 2000}};
  const WinnerLift found = lift_of_winner(arms, 2000, 1, 0.9);
  EXPECT_EQ(found.winner, 1);
  EXPECT_NEAR(found.raw_lift, 60 / 45.0 - 1, 1e-12);
  EXPECT_GT(found.lift.lift, 0);
  EXPECT_LT(found.lift.lift, found.raw_lift);
  EXPECT_LT(found.lift.interval.low, found.lift.lift);
  EXPECT_GT(found.lift.interval.high, found.lift.lift);
}

}  // namespace
}  // namespace rf::learn
