#include "learn/contrast.h"

#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

// Source of the p-value: rosettacode.org, "Welch's t-test", first pair of its examples.
TEST(Contrast, EqualsAWelchTestThatWasWorkedOutElsewhere) {
  const std::vector<double> a{27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1,
                              21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4};
  const std::vector<double> b{27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0,
                              24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4};
  Contrast found = contrast(a, b).value();
  EXPECT_NEAR(found.p, 0.021378001462867, 1e-9);
  EXPECT_NEAR(found.difference, found.first - found.second, 1e-12);
  EXPECT_LT(found.high, 0);  // p is below 0.1, so the interval of 90 % leaves 0 out.
  EXPECT_LT(found.effect, 0);
  EXPECT_EQ(found.n_first, 15);
}

TEST(Contrast, SetsThatTellNoSpreadHaveNone) {
  EXPECT_FALSE(contrast(std::vector<double>{1, 2}, std::vector<double>{1, 2, 3}));
  EXPECT_FALSE(contrast(std::vector<double>{1, 1, 1}, std::vector<double>{2, 2, 2}));
}

TEST(Contrast, OfNothingIsBelowFivePercentInFiveOfAHundred) {
  int rejected = 0;
  int outside = 0;
  constexpr int kRuns = 2000;
  for (int run = 0; run < kRuns; ++run) {
    Rng rng(static_cast<std::uint64_t>(run));
    std::vector<double> a(8);
    std::vector<double> b(20);
    for (double& each : a) each = 3 * rng.normal();  // The smaller set varies more.
    for (double& each : b) each = rng.normal();
    Contrast found = contrast(a, b).value();
    if (found.p < 0.05) ++rejected;
    if (found.low > 0 || found.high < 0) ++outside;
  }
  EXPECT_NEAR(rejected, 0.05 * kRuns, 35);
  EXPECT_NEAR(outside, 0.10 * kRuns, 50);
}

}  // namespace
}  // namespace rf::learn
