#include "learn/predict/family.h"

#include <cmath>

#include <gtest/gtest.h>

namespace rf::learn {
namespace {

TEST(Family, NarrowestThatHoldsTheOutcomes) {
  EXPECT_EQ(family_of(std::vector<double>{0, 1, 1}, false), Family::binary);
  EXPECT_EQ(family_of(std::vector<double>{0, 1, 1}, true), Family::count);
  EXPECT_EQ(family_of(std::vector<double>{0, 3}, false), Family::count);
  EXPECT_EQ(family_of(std::vector<double>{0, 0.5}, true), Family::real);
  EXPECT_EQ(family_of(std::vector<double>{-1, 1}, false), Family::real);
}

TEST(Family, LossIsMinusTheLogOfTheOutcomesProbability) {
  EXPECT_NEAR(loss_of(Family::binary, 1, 0), std::log(2), 1e-12);
  EXPECT_NEAR(loss_of(Family::binary, 0, std::log(3)), -std::log(0.25), 1e-12);
  // Poisson(2): P(3) = e^-2 8/6.
  EXPECT_NEAR(loss_of(Family::count, 3, std::log(2)), 2 - std::log(8.0 / 6), 1e-12);
  EXPECT_TRUE(std::isfinite(loss_of(Family::binary, 1, -1e6)));
  EXPECT_TRUE(std::isfinite(loss_of(Family::count, 1, 1e6)));
}

TEST(Family, SlopesAreTheLossesDerivatives) {
  for (Family family : {Family::binary, Family::count, Family::real}) {
    for (double margin : {-2.0, -0.3, 0.0, 1.5}) {
      const double h = 1e-4;
      const double up = loss_of(family, 1, margin + h);
      const double here = loss_of(family, 1, margin);
      const double down = loss_of(family, 1, margin - h);
      const Slope slope = slope_of(family, 1, margin);
      EXPECT_NEAR(slope.first, (up - down) / (2 * h), 1e-6);
      EXPECT_NEAR(slope.second, (up - 2 * here + down) / (h * h), 1e-5);
    }
  }
}

TEST(Family, BaseMarginIsTheAverage) {
  const std::vector<double> outcomes{1, 0, 0, 1, 0, 0, 0, 0};
  EXPECT_NEAR(mean_of(Family::binary, base_margin(Family::binary, outcomes, {})), 2.5 / 9, 1e-12);
  const std::vector<double> exposure{1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_NEAR(mean_of(Family::count, base_margin(Family::count, outcomes, exposure)), 2.5 / 36,
              1e-12);
}

}  // namespace
}  // namespace rf::learn
