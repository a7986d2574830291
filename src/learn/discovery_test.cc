// False discovery rules on worked examples.

#include "learn/discovery.h"

#include <cmath>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Discoveries, AgreeWithThePapersExample) {
  // Source: Benjamini & Hochberg 1995, section 3.2: 15 p-values, 4 rejected at 0.05.
  const std::vector<double> p{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                              0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  EXPECT_THAT(discoveries(p, 0.05), ElementsAre(0, 1, 2, 3));
}

TEST(Discoveries, ALaterRankCarriesEarlierOnes) {
  // 0.04 <= 2/2 0.05 though 0.03 > 1/2 0.05.
  const std::vector<double> p{0.04, 0.03};
  EXPECT_THAT(discoveries(p, 0.05), ElementsAre(0, 1));
  EXPECT_THAT(q_values(p), ElementsAre(0.04, 0.04));
}

TEST(Discoveries, NothingInNothingOut) {
  EXPECT_THAT(discoveries({}, 0.05), IsEmpty());
  EXPECT_THAT(e_discoveries({}, 0.05), IsEmpty());
}

TEST(EDiscoveries, TakeTheLargestKThatReachTheirBar) {
  // m = 4, rate 0.1: bars 40, 20, 13.3, 10 for k = 1..4. Sorted 50, 25, 12, 1: k = 2.
  const std::vector<double> log_e{std::log(25.0), std::log(1.0), std::log(50.0), std::log(12.0)};
  EXPECT_THAT(e_discoveries(log_e, 0.1), ElementsAre(0, 2));
}

TEST(EDiscoveries, ValuesBeyondADoubleStillCount) {
  const std::vector<double> log_e{5000, -3};
  EXPECT_THAT(e_discoveries(log_e, 0.05), ElementsAre(0));
}

TEST(Discoveries, AreFalseNoMoreOftenThanTheRate) {
  SCOPED_TRACE("seed 6");
  Rng rng(6);
  double false_share = 0;
  constexpr int kRounds = 400;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<double> p;
    for (int i = 0; i < 100; ++i) {
      const double shift = i < 80 ? 0 : 3;
      p.push_back(2 * normal_above(std::abs(rng.normal() + shift)));
    }
    const std::vector<std::size_t> found = discoveries(p, 0.1);
    double wrong = 0;
    for (std::size_t i : found) wrong += i < 80 ? 1 : 0;
    if (!found.empty()) false_share += wrong / static_cast<double>(found.size());
  }
  // The expected share is 0.1 times 80 %, and its standard error is below 0.005.
  EXPECT_NEAR(false_share / kRounds, 0.08, 0.015);
}

}  // namespace
}  // namespace rf::learn
