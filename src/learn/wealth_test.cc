// Laws of the bets: known values, and how often they are wrong when looked at for ever.

#include "learn/wealth.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

TEST(WealthBelow, IsOneBeforeAnythingWasExpected) { EXPECT_DOUBLE_EQ(wealth_below(0, 0), 1); }

// Int_0^1 e^((1-u) m) du/(2 sqrt(u)) = e^m sqrt(pi/m) erf(sqrt(m))/2.
TEST(WealthBelow, HasAClosedFormWhenNothingHappened) {
  for (double m : {0.1, 1.0, 5.0, 12.0}) {
    const double known = std::exp(m) * std::sqrt(M_PI / m) * std::erf(std::sqrt(m)) / 2;
    EXPECT_NEAR(wealth_below(0, m) / known, 1, 1e-11) << m;
  }
}

// The integral by Simpson's rule in v = sqrt(u), where the density is 1.
double by_simpson(double events, double expected) {
  const int n = 20000;
  double sum = 0;
  for (int i = 0; i <= n; ++i) {
    const double v = static_cast<double>(i) / n;
    const double inner = i % 2 == 1 ? 4 : 2;
    const double weight = i == 0 || i == n ? 1 : inner;
    sum += weight * std::pow(v, 2 * events) * std::exp((1 - v * v) * expected);
  }
  return std::min(sum / (3.0 * n), kWealthMax);
}

TEST(WealthBelow, IsTheIntegralOfItsBets) {
  for (double x : {1.0, 3.0, 10.0, 41.5}) {
    for (double m : {2.0, 12.0, 45.0}) {
      EXPECT_NEAR(wealth_below(x, m) / by_simpson(x, m), 1, 1e-8) << x << " " << m;
    }
  }
}

TEST(WealthBelow, SeriesAndClosedFormMeet) {
  EXPECT_NEAR(wealth_below(1890, 1999.999) / wealth_below(1890, 2000.001), 1, 1e-3);
}

TEST(WealthBelow, TheShortWayDecidesAsTheSumDoes) {
  Rng rng(7);
  for (int i = 0; i < 20000; ++i) {
    const double expected = std::exp(8 * rng.uniform() - 1);
    const double events = std::floor(expected * rng.uniform() * 1.1);
    const double wealth = std::exp(8 * rng.uniform());
    EXPECT_EQ(wealth_below_reaches(events, expected, wealth),
              events < expected && wealth_below(events, expected) >= wealth)
        << events << " of " << expected << " at " << wealth;
  }
}

TEST(WealthAbove, TheShortWayDecidesAsTheSumDoes) {
  Rng rng(8);
  for (int i = 0; i < 20000; ++i) {
    const Observed control{std::floor(200 * rng.uniform()), 1 + 1000 * rng.uniform()};
    const Observed arm{std::floor(100 * rng.uniform()), 1 + 200 * rng.uniform()};
    const double wealth = std::exp(8 * rng.uniform());
    const bool ahead = arm.events * control.exposure > control.events * arm.exposure;
    EXPECT_EQ(wealth_above_reaches(arm, control, 0, wealth),
              ahead && wealth_above(arm, control, 0) >= wealth);
  }
}

struct Looks {
  int streams;
  int looks;
};

// How often the bet ever reaches 20 when the rate is exactly at the threshold: the hardest case.
double wrong_below(const Looks& plan, double expected_a_look, std::uint64_t seed) {
  Rng rng(seed);
  int wrong = 0;
  for (int i = 0; i < plan.streams; ++i) {
    double events = 0;
    for (int look = 1; look <= plan.looks; ++look) {
      events += static_cast<double>(rng.poisson(expected_a_look));
      if (wealth_below_reaches(events, expected_a_look * look, 20)) {
        ++wrong;
        break;
      }
    }
  }
  return static_cast<double>(wrong) / plan.streams;
}

TEST(WealthBelow, IsWrongAtMostAsOftenAsPromisedAtAnyNumberOfLooks) {
  for (double pace : {0.2, 2.0, 20.0}) {
    SCOPED_TRACE("seed 11, pace " + std::to_string(pace));
    EXPECT_LE(wrong_below({4000, 14}, pace, 11), 0.05);
    EXPECT_LE(wrong_below({4000, 200}, pace, 11), 0.05);
  }
}

// The arm is the control's equal; it starts `late` looks after the control and looks are daily.
double wrong_above(const Looks& plan, int late, std::uint64_t seed) {
  Rng rng(seed);
  int wrong = 0;
  for (int i = 0; i < plan.streams; ++i) {
    Observed arm;
    Observed control{static_cast<double>(rng.poisson(30.0 * late)), 30.0 * late};
    for (int look = 1; look <= plan.looks; ++look) {
      arm.events += static_cast<double>(rng.poisson(5));
      arm.exposure += 5;
      control.events += static_cast<double>(rng.poisson(30));
      control.exposure += 30;
      if (wealth_above_reaches(arm, control, 0, 20)) {
        ++wrong;
        break;
      }
    }
  }
  return static_cast<double>(wrong) / plan.streams;
}

TEST(WealthAbove, IsWrongAtMostAsOftenAsPromisedAtAnyNumberOfLooks) {
  for (int late : {0, 3, 50}) {
    SCOPED_TRACE("seed 12, control started " + std::to_string(late) + " looks earlier");
    EXPECT_LE(wrong_above({4000, 14}, late, 12), 0.05);
    EXPECT_LE(wrong_above({4000, 200}, late, 12), 0.05);
  }
}

TEST(WealthAbove, FindsATwofoldArm) {
  EXPECT_GT(wealth_above({60, 3000}, {1000, 100000}, 0), 1000);
  EXPECT_LT(wealth_above({60, 6000}, {1000, 100000}, 0), 1);
}

TEST(ExpectedToSettle, IsWhereTheBetArrives) {
  const double none = expected_to_settle(0, 100);
  EXPECT_NEAR(wealth_below(0, none), 100, 0.01);
  const double half = expected_to_settle(0.5, 100);
  EXPECT_GT(half, none);
  EXPECT_NEAR(wealth_below(half / 2, half), 100, 0.01);
  EXPECT_TRUE(std::isinf(expected_to_settle(1, 100)));
}

}  // namespace
}  // namespace rf::learn
