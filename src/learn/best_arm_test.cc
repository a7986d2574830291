// Chances to be best, against a fine-grid integration and mpmath (tool/golden_evidence.py).

#include "learn/best_arm.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

template <typename Posterior>
void expect_chances(const std::vector<Posterior>& arms, const std::vector<ArmChance>& expected) {
  std::vector<ArmChance> found = compare_arms(std::span<const Posterior>(arms));
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i].best, expected[i].best, 1e-10) << "arm " << i;
    EXPECT_NEAR(found[i].expected_loss, expected[i].expected_loss, 1e-10) << "arm " << i;
  }
}

TEST(CompareArms, AgreesWithTheFineGridOnBetas) {
  expect_chances<BetaPosterior>({{121, 9881}, {130, 9872}, {95, 9907}},
                                {{0.2822691015763, 0.001178464226614},
                                 {0.71466835796, 0.0002786441906214},
                                 {0.003062540463655, 0.003777944330593}});
  expect_chances<BetaPosterior>({{.5, 20.5}, {2.5, 100}, {31, 2001}},
                                {{0.3263379160796, 0.01376979064221},
                                 {0.4917536399252, 0.01318907054929},
                                 {0.1819084439952, 0.02232340893992}});
}

TEST(CompareArms, AgreesWithTheFineGridWhenScalesDifferAThousandfold) {
  expect_chances<BetaPosterior>({{1.2, 80}, {15001, 985001}, {3, 250}, {160, 10000}},
                                {{0.3257302141115, 0.006747502370865},
                                 {0.1273819917226, 0.006524857495965},
                                 {0.1770697510506, 0.009668119984137},
                                 {0.3698180431154, 0.005777795997961}});
  expect_chances<BetaPosterior>({{.05, 3}, {1, 1}, {2, 9}}, {{0.00976033330888, 0.5077186774711},
                                                             {0.8128341430366, 0.02411212009401},
                                                             {0.1774055236545, 0.3422939382758}});
  expect_chances<BetaPosterior>(
      {{3e6, 2e8}, {3.003e6, 2e8}},
      {{0.1121157109958, 1.521091628065e-05}, {0.8878842889359, 6.51205219296e-07}});
}

TEST(CompareArms, AgreesWithTheFineGridOnGammas) {
  expect_chances<GammaPosterior>({{3, 120}, {1, 60}, {12.5, 480}},
                                 {{0.3634517350139, 0.009790015872955},
                                  {0.1753212187835, 0.01812334920629},
                                  {0.4612270462026, 0.00874834920629}});
  expect_chances<GammaPosterior>({{.4, 10}, {2000, 50000}, {7, 200}},
                                 {{0.2842876152837, 0.02341920244056},
                                  {0.4813519618889, 0.02341920244059},
                                  {0.2343604228274, 0.02841920244058}});
}

TEST(CompareArms, EqualArmsShareTheChance) {
  std::vector<BetaPosterior> arms(7, {.a = 0.6, .b = 40});
  for (const ArmChance& chance : compare_arms(std::span<const BetaPosterior>(arms))) {
    EXPECT_NEAR(chance.best, 1.0 / 7, 1e-10);
  }
}

TEST(CompareArms, ALoneArmIsBestAndCostsNothing) {
  std::vector<GammaPosterior> arms{{.shape = 3, .rate = 10}};
  std::vector<ArmChance> found = compare_arms(std::span<const GammaPosterior>(arms));
  EXPECT_EQ(found[0].best, 1);
  EXPECT_EQ(found[0].expected_loss, 0);
}

TEST(CompareArms, AHopelessArmHasNoChanceAndLosesTheDistanceOfTheMeans) {
  std::vector<BetaPosterior> arms{{.a = 1000, .b = 9000}, {.a = 5000, .b = 5000}};
  std::vector<ArmChance> found = compare_arms(std::span<const BetaPosterior>(arms));
  EXPECT_LT(found[0].best, 1e-12);
  EXPECT_NEAR(found[0].expected_loss, 0.4, 1e-10);
  EXPECT_NEAR(found[1].expected_loss, 0, 1e-10);
}

TEST(CompareArms, ChancesSumToOneAndLossesDifferByTheMeansWhateverTheBeliefs) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    std::vector<BetaPosterior> arms;
    for (std::uint64_t i = 0, count = 2 + rng.below(9); i < count; ++i) {
      const double n = std::pow(10, 8 * rng.uniform());
      const double rate = 0.9 * std::pow(10, -4 * rng.uniform());
      arms.push_back({.a = 0.02 + n * rate, .b = 0.02 + n * (1 - rate)});
    }
    std::vector<ArmChance> found = compare_arms(std::span<const BetaPosterior>(arms));
    double sum = 0;
    for (std::size_t i = 0; i < arms.size(); ++i) {
      sum += found[i].best;
      // E[max] is one number, so expected loss + mean is the same for every arm.
      EXPECT_NEAR(found[i].expected_loss + mean(arms[i]), found[0].expected_loss + mean(arms[0]),
                  1e-8);
      EXPECT_GE(found[i].expected_loss, 0);
    }
    EXPECT_NEAR(sum, 1, 2e-9);
  }
}

TEST(ChanceBeats, AgreesWithMpmath) {
  auto beats = [](double a, double b, double c, double d, double lift) {
    return chance_beats(BetaPosterior{.a = a, .b = b}, BetaPosterior{.a = c, .b = d}, lift);
  };
  EXPECT_NEAR(beats(3, 7, 2, 9, 0.5), 0.57143117797901695, 1e-11);
  EXPECT_NEAR(beats(30, 970, 25, 975, 0.2), 0.5032815418507251, 1e-11);
  EXPECT_NEAR(beats(30, 970, 25, 975, 1.5), 0.0038464492106861247, 1e-12);
  EXPECT_NEAR(beats(30, 970, 25, 975, -0.3), 0.97837891658057576, 1e-11);
  EXPECT_NEAR(beats(130, 9872, 121, 9881, 0), 0.71656750541643438, 1e-11);
}

TEST(ChanceBeats, KeepsItsDigitsFarOutInTheTail) {
  const double far =
      chance_beats(BetaPosterior{.a = 60, .b = 9942}, BetaPosterior{.a = 121, .b = 9881}, 0);
  EXPECT_NEAR(far / 2.0101566021179086e-6, 1, 1e-9);
  const double farther =
      chance_beats(BetaPosterior{.a = 30, .b = 9972}, BetaPosterior{.a = 221, .b = 9781}, 0);
  EXPECT_NEAR(farther / 1.8160808551071682e-38, 1, 1e-8);
}

TEST(ChanceBeats, TheTwoSidesSumToOneWhateverTheBeliefs) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    auto some = [&rng] {
      const double n = std::pow(10, 6 * rng.uniform());
      const double rate = 0.9 * std::pow(10, -3 * rng.uniform());
      return BetaPosterior{.a = 0.3 + n * rate, .b = 0.3 + n * (1 - rate)};
    };
    BetaPosterior arm = some();
    BetaPosterior control = some();
    const double lift = 2 * rng.uniform() - 0.6;
    EXPECT_NEAR(chance_beats(arm, control, lift) + chance_beats(control, arm, 1 / (1 + lift) - 1),
                1, 1e-8);
  }
}

TEST(ChanceBeats, GammasWithoutLiftAgreeWithTheComparison) {
  GammaPosterior arm{.shape = 3, .rate = 120};
  GammaPosterior control{.shape = 12.5, .rate = 480};
  std::vector<GammaPosterior> both{arm, control};
  EXPECT_NEAR(chance_beats(arm, control, 0),
              compare_arms(std::span<const GammaPosterior>(both))[0].best, 1e-10);
  // Equal exponentials: P(x > (1 + L) y) = 1/(2 + L), by hand.
  EXPECT_NEAR(chance_beats(GammaPosterior{}, GammaPosterior{}, 0.5), 1 / 2.5, 1e-13);
}

}  // namespace
}  // namespace rf::learn
