// Boundaries against published tables and the constants measured by simulation.

#include "learn/sequential.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

std::vector<double> equal_looks(std::size_t looks) {
  std::vector<double> information;
  for (std::size_t l = 1; l <= looks; ++l) {
    information.push_back(static_cast<double>(l) / static_cast<double>(looks));
  }
  return information;
}

TEST(PlanObrienFleming, ConstantsAreThoseOfTheTables) {
  // Source: Jennison & Turnbull 2000, table 2.3, alpha 0.05.
  EXPECT_NEAR(plan_obrien_fleming(1, 0.05).boundary.back(), 1.960, 0.0005);
  EXPECT_NEAR(plan_obrien_fleming(2, 0.05).boundary.back(), 1.977, 0.0005);
  EXPECT_NEAR(plan_obrien_fleming(5, 0.05).boundary.back(), 2.040, 0.0005);
}

TEST(PlanObrienFleming, ConstantsForManyLooksAreThoseOfTheSimulation) {
  // 2.105, 2.164, 2.199: simulated, so within some three standard errors of the quantile.
  EXPECT_NEAR(plan_obrien_fleming(14, 0.05).boundary.back(), 2.105, 0.004);
  EXPECT_NEAR(plan_obrien_fleming(50, 0.05).boundary.back(), 2.164, 0.004);
  EXPECT_NEAR(plan_obrien_fleming(200, 0.05).boundary.back(), 2.199, 0.004);
}

TEST(CrossingChance, OfThePublishedSpendingBoundaryIsItsAlpha) {
  // Spending alpha/2 on each side by the O'Brien-Fleming function, five looks.
  // Source: DeMets & Lan 1994, doi:10.1002/sim.4780131308, table 2.
  const std::vector<double> boundary{4.8769, 3.3569, 2.6803, 2.2898, 2.0310};
  EXPECT_NEAR(crossing_chance(equal_looks(5), boundary, 0), 0.05, 2e-5);
}

TEST(CrossingChance, OfOneLookIsTheNormalTestsPower) {
  const std::vector<double> information{1};
  const std::vector<double> boundary{1.959963984540054};
  EXPECT_NEAR(crossing_chance(information, boundary, 0), 0.05, 1e-12);
  // 2.8016 is the drift of a test with power 0.8: Phi(0.8416) + Phi(-4.7616).
  EXPECT_NEAR(crossing_chance(information, boundary, 2.8015852181), 0.8, 2e-6);
}

TEST(PlanLanDemets, FirstLookSpendsItsFormula) {
  const std::vector<double> information{0.2};
  const LookPlan plan = plan_lan_demets(information, 0.05);
  // At a first look the boundary is z_{alpha/2}/sqrt(t) itself.
  EXPECT_NEAR(plan.boundary[0], 1.959963984540054 / std::sqrt(0.2), 1e-9);
}

TEST(PlanLanDemets, SpendsExactlyAlphaHoweverTheLooksFall) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    std::vector<double> information;
    double now = 0;
    while (now < 1) information.push_back(now = std::min(1.0, now + 0.001 + 0.15 * rng.uniform()));
    const LookPlan plan = plan_lan_demets(information, 0.05);
    EXPECT_NEAR(crossing_chance(information, plan.boundary, 0), 0.05, 1e-7);
  }
}

TEST(PlanLanDemets, ALaterLookChangesNoEarlierBoundary) {
  const std::vector<double> few{0.1, 0.35};
  const std::vector<double> more{0.1, 0.35, 0.9, 1};
  const LookPlan first = plan_lan_demets(few, 0.05);
  const LookPlan second = plan_lan_demets(more, 0.05);
  EXPECT_EQ(first.boundary[0], second.boundary[0]);
  EXPECT_EQ(first.boundary[1], second.boundary[1]);
}

TEST(PlanLanDemets, ALookWithoutNewInformationMayNotReject) {
  const std::vector<double> information{0.5, 0.5, 1};
  const LookPlan plan = plan_lan_demets(information, 0.05);
  EXPECT_TRUE(std::isinf(plan.boundary[1]));
  EXPECT_TRUE(std::isfinite(plan.boundary[2]));
}

}  // namespace
}  // namespace rf::learn
