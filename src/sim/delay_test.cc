#include "sim/delay.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace rf::sim {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

TEST(Delay, HasTheMeasuredSharesOfTheFirstHourAndTheFirstDay) {
  EXPECT_DOUBLE_EQ(arrived_share(hours(1)), 0.35);
  EXPECT_DOUBLE_EQ(arrived_share(hours(24)), 0.50);
  EXPECT_EQ(arrived_share(minutes(0)), 0);
  EXPECT_EQ(arrived_share(kDelayMax), 1);
}

TEST(Delay, SharesNeverFall) {
  double before = 0;
  for (Duration age{0}; age <= days(29); age += minutes(7)) {
    double share = arrived_share(age);
    EXPECT_GE(share, before);
    before = share;
  }
  EXPECT_EQ(before, 1);
}

constexpr int kDraws = 20'000;

// Kolmogorov-Smirnov: the largest gap between the drawn and the stated distribution exceeds
// 1.95 / sqrt(n) once in a thousand seeds (asymptotic 0.999 quantile; Smirnov 1948).
TEST(Delay, DrawsFollowTheStatedShares) {
  for (std::uint64_t seed : {1U, 2U, 3U}) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Rng rng(seed);
    std::vector<Duration> drawn;
    drawn.reserve(kDraws);
    for (int i = 0; i < kDraws; ++i) drawn.push_back(draw_delay(rng));
    std::ranges::sort(drawn);
    EXPECT_GT(drawn.front(), Duration(0));
    EXPECT_LE(drawn.back(), kDelayMax);
    double gap = 0;
    for (int i = 0; i < kDraws; ++i) {
      double stated = arrived_share(drawn[static_cast<std::size_t>(i)]);
      gap = std::max({gap, (i + 1.0) / kDraws - stated, stated - static_cast<double>(i) / kDraws});
    }
    EXPECT_LT(gap, 1.95 / std::sqrt(kDraws));
  }
}

}  // namespace
}  // namespace rf::sim
