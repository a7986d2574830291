// Verdicts against counts whose answer is known.

#include "learn/action_verdict.h"

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

TEST(ActionVerdict, TheIntervalHoldsTheTruthAsOftenAsItSays) {
  Rng rng(7);
  const double truth = 1.3;
  int held = 0;
  constexpr int kTrials = 4000;
  for (int i = 0; i < kTrials; ++i) {
    const auto control = static_cast<double>(rng.poisson(60));
    if (control == 0) continue;
    // The others spent four times the ad's money.
    const Matched matched{.events = static_cast<double>(rng.poisson(15 * truth)),
                          .expected = control / 4,
                          .control_events = control};
    const Interval interval = matched_ratio(matched, 1).interval;
    held += interval.low <= truth && truth <= interval.high ? 1 : 0;
  }
  // 90 % within four standard errors.
  EXPECT_NEAR(held / static_cast<double>(kTrials), 0.9, 0.02);
}

TEST(ActionVerdict, AStopIsRightWhenTheAdWasWorseAndWrongWhenItWasBetter) {
  const MatchedRatio worse = matched_ratio({.events = 1, .expected = 20, .control_events = 200}, 1);
  EXPECT_EQ(rightness(Direction::less, worse), Rightness::right);
  EXPECT_EQ(rightness(Direction::more, worse), Rightness::wrong);
  const MatchedRatio better =
      matched_ratio({.events = 60, .expected = 20, .control_events = 200}, 1);
  EXPECT_EQ(rightness(Direction::less, better), Rightness::wrong);
  EXPECT_EQ(rightness(Direction::more, better), Rightness::right);
  const MatchedRatio few = matched_ratio({.events = 0, .expected = 1, .control_events = 10}, 1);
  EXPECT_EQ(rightness(Direction::less, few), Rightness::unclear);
}

TEST(ActionVerdict, OverdispersionWidensIt) {
  const Matched matched{.events = 30, .expected = 20, .control_events = 200};
  const Interval plain = matched_ratio(matched, 1).interval;
  const Interval wide = matched_ratio(matched, 3).interval;
  EXPECT_LT(wide.low, plain.low);
  EXPECT_GT(wide.high, plain.high);
}

// Beta(1 + 10, 1): P(rate > 0.5) = 1 - 0.5^11.
TEST(ActionVerdict, ChanceOfTheWinRateIsTheBetasOwn) {
  EXPECT_NEAR(chance_right_more_than(0.5, 10, 0), 1 - 1.0 / 2048, 1e-12);
  EXPECT_NEAR(win_rate(3, 1).value, 4.0 / 6, 1e-12);
}

}  // namespace
}  // namespace rf::learn
