// The one question, may a difference be believed: planned looks, ad-hoc looks, and cost against
// target.

#include "learn/rate_difference.h"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

const TestRule& rule() {
  static const TestRule five_looks{.plan = plan_obrien_fleming(5, 0.05), .anytime = {}};
  return five_looks;
}

TEST(DifferenceZ, IsThePooledScoreOverTheRootOfPhi) {
  // 30 of 1000 against 50 of 1000: p = 0.04, z = -0.02/sqrt(0.04 0.96 2/1000) = -2.28218, by hand.
  Comparison counts{.arm = {.successes = 30, .trials = 1000},
                    .control = {.successes = 50, .trials = 1000}};
  EXPECT_NEAR(difference_z(counts), -2.2821773, 1e-6);
  counts.phi = 4;
  EXPECT_NEAR(difference_z(counts), -2.2821773 / 2, 1e-6);
}

TEST(DifferenceZ, NothingSeenIsNoEvidence) {
  EXPECT_EQ(difference_z({}), 0);
  EXPECT_EQ(difference_z(
                {.arm = {.successes = 0, .trials = 10}, .control = {.successes = 0, .trials = 10}}),
            0);
}

TEST(MayReject, EarlyLooksNeedMoreThanTheLast) {
  const Comparison counts{.arm = {.successes = 30, .trials = 1000},
                          .control = {.successes = 50, .trials = 1000}};
  EXPECT_FALSE(may_reject(counts, rule(), 0).reject);
  EXPECT_TRUE(may_reject(counts, rule(), 4).reject);
  EXPECT_FALSE(may_reject(counts, rule(), std::nullopt).reject);
}

TEST(MayReject, WithoutTrialsNeverRejects) {
  EXPECT_FALSE(may_reject({}, rule(), 4).reject);
  RateVerdict verdict = may_reject({}, rule(), std::nullopt);
  EXPECT_FALSE(verdict.reject);
  EXPECT_EQ(verdict.p_value, 1);
}

TEST(MayReject, AdHocRejectsExactlyWhenItsPValueIsBelowAlpha) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    const double trials = 500 + 20000 * rng.uniform();
    const Comparison counts{
        .arm = {.successes = trials * (0.02 + 0.02 * rng.uniform()), .trials = trials},
        .control = {.successes = trials * 0.03, .trials = trials},
        .phi = 1 + rng.uniform()};
    const RateVerdict verdict = may_reject(counts, rule(), std::nullopt);
    EXPECT_EQ(verdict.reject, verdict.p_value < 0.05);
  }
}

TEST(AnytimeBoundary, IsTightestNearItsChosenSample) {
  const AnytimeRule rule{.alpha = 0.05, .tightest_at = 5000};
  // Width relative to the fixed test is the boundary itself.
  EXPECT_LT(anytime_boundary(5000, rule), anytime_boundary(100, rule));
  EXPECT_LT(anytime_boundary(5000, rule), anytime_boundary(1e6, rule));
  // Solved by hand: v = -2 ln a + ln(-2 ln a + 1) = 7.93659 at the tightest sample, so
  // sqrt(2 (v + 1)/v (ln(1 + v)/2 + 2.995732)) = 3.0350.
  EXPECT_NEAR(anytime_boundary(5000, rule), 3.0350, 1e-3);
}

TEST(DifferenceSequence, HoldsTheTruthAtEveryLookAlmostAlways) {
  int missed = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    RateCount arm, control;
    bool inside = true;
    for (int look = 0; look < 50; ++look) {
      arm.successes += static_cast<double>(rng.binomial(200, 0.05));
      control.successes += static_cast<double>(rng.binomial(200, 0.04));
      arm.trials += 200;
      control.trials += 200;
      const Interval range = difference_sequence(arm, control, 1, {});
      inside = inside && range.low <= 0.01 && 0.01 <= range.high;
    }
    missed += inside ? 0 : 1;
  }
  // 5 % of 400 at most, and two standard errors of it.
  EXPECT_LE(missed, 20 + 9);
}

TEST(LabelLogE, GrowsOnlyWhereSuccessesLeaveTheirShare) {
  EXPECT_LT(label_log_e(100, 100, 0.5), 0);
  EXPECT_GT(label_log_e(160, 100, 0.5), std::log(20));
  // One success: B(31, 30)/B(30, 30) 2 = 1, by hand.
  EXPECT_NEAR(label_log_e(1, 0, 0.5), 0, 1e-12);
  EXPECT_LT(label_log_e(200, 100, 2.0 / 3), 0);
}

TEST(CostAboveLogE, WithoutConversionsIsItsClosedForm) {
  // S = 0: e^M (1 - e^-(1+M))/[(1 + M)(1 - e^-1)], by hand.
  const double m = 5;
  const double expected =
      m + std::log1p(-std::exp(-6.0)) - std::log(6.0) - std::log1p(-std::exp(-1.0));
  EXPECT_NEAR(cost_above_log_e({.conversions = 0, .spend = 250}, 50, 1), expected, 1e-12);
  EXPECT_NEAR(cost_above_log_e({}, 50, 1), 0, 1e-12);
  EXPECT_NEAR(cost_below_log_e({}, 50, 1), 0, 1e-12);
}

constexpr int kAds = 2000;

// A day's conversions at the given cost, 40 days, looked at daily: the share of ads ever accused.
double share_accused(double true_cpa, double target, bool above) {
  int accused = 0;
  Rng rng(9);
  for (int ad = 0; ad < kAds; ++ad) {
    SpendCount count;
    bool hit = false;
    for (int day = 0; day < 40; ++day) {
      count.spend += 40;
      count.conversions += static_cast<double>(rng.poisson(40 / true_cpa));
      const double log_e =
          above ? cost_above_log_e(count, target, 1) : cost_below_log_e(count, target, 1);
      hit = hit || log_e >= std::log(20.0);
    }
    accused += hit ? 1 : 0;
  }
  return accused / static_cast<double>(kAds);
}

TEST(CostAboveLogE, AccusesAnAdOnTargetAtMostOnceInTwentyAndABadOneMostly) {
  SCOPED_TRACE("seed 9");
  EXPECT_LE(share_accused(50, 50, true), 0.05);
  EXPECT_LE(share_accused(40, 50, true), 0.05);
  EXPECT_GT(share_accused(100, 50, true), 0.7);
}

TEST(CostBelowLogE, PraisesAnAdOnTargetAtMostOnceInTwentyAndAGoodOneMostly) {
  SCOPED_TRACE("seed 9");
  EXPECT_LE(share_accused(50, 50, false), 0.05);
  EXPECT_GT(share_accused(25, 50, false), 0.9);
}

}  // namespace
}  // namespace rf::learn
