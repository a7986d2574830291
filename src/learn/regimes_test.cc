#include "learn/regimes.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

constexpr GroupPrior kPrior{.level = {.a = 3, .b = 197}, .likeness = 2000};

std::vector<RateCount> period(const std::vector<double>& rates, double trials, Rng& rng) {
  std::vector<RateCount> counts;
  counts.reserve(rates.size());
  for (double rate : rates) {
    counts.push_back(
        {.successes = static_cast<double>(rng.binomial(static_cast<std::int64_t>(trials), rate)),
         .trials = trials});
  }
  return counts;
}

// Mean rate of each arm over all regimes.
std::vector<double> means(const ArmMemory& memory) {
  std::vector<double> sums(memory.arms(), 0);
  for (const Regime& regime : memory.regimes(1)) {
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += regime.weight * mean(regime.arms[k]);
  }
  return sums;
}

TEST(ArmMemory, WithoutBreaksIsThePlainSum) {
  ArmMemory memory(2, kPrior, {.hazard = 0});
  const std::vector<RateCount> first{{.successes = 3, .trials = 100},
                                     {.successes = 1, .trials = 50}};
  memory.add(first);
  memory.add(first);
  ASSERT_EQ(memory.regimes(1).size(), 1U);
  EXPECT_EQ(memory.total()[0].successes, 6);
  const BetaPosterior arm = memory.regimes(1).front().arms[0];
  EXPECT_NEAR(arm.a + arm.b, 2000 + 200, 1e-9);
  EXPECT_EQ(arm.n, 200);
}

TEST(ArmMemory, ForgetsNothingInQuietTimes) {
  double kept = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Rng rng(seed);
    ArmMemory memory(3, kPrior, {});
    for (int t = 0; t < 50; ++t) memory.add(period({0.012, 0.015, 0.018}, 1000, rng));
    kept += memory.regimes(1).front().arms[0].n / 50000;
  }
  // The likeliest regime holds almost all that was seen.
  EXPECT_GT(kept / 50, 0.85);
}

TEST(ArmMemory, BelievesTheNewWorldAfterABreak) {
  int right = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Rng rng(seed);
    ArmMemory memory(2, kPrior, {});
    ArmMemory remembers(2, kPrior, {.hazard = 0});
    for (int t = 0; t < 60; ++t) {
      const std::vector<double> rates =
          t < 40 ? std::vector<double>{0.02, 0.01} : std::vector<double>{0.01, 0.02};
      const std::vector<RateCount> counts = period(rates, 1000, rng);
      memory.add(counts);
      remembers.add(counts);
    }
    right += means(memory)[1] > means(memory)[0] ? 1 : 0;
    EXPECT_GT(means(remembers)[0], means(remembers)[1]);
  }
  EXPECT_GE(right, 49);
}

TEST(ArmMemory, WeightsSumToOneAndStayBounded) {
  Rng rng(9);
  ArmMemory memory(4, kPrior, {.hazard = 0.5});
  for (int t = 0; t < 300; ++t) {
    memory.add(period({0.01, rng.uniform(), 0.02, 0.5}, 20, rng));
    double sum = 0;
    const std::vector<Regime> regimes = memory.regimes(0.3);
    for (const Regime& regime : regimes) sum += regime.weight;
    EXPECT_NEAR(sum, 1, 1e-9);
    EXPECT_LE(regimes.size(), 64U);
  }
}

TEST(ArmMemory, StandsPeriodsInWhichNothingWasShown) {
  ArmMemory memory(2, kPrior, {});
  const std::vector<RateCount> nothing(2);
  memory.add(nothing);
  memory.add({{{.successes = 5, .trials = 100}, {.successes = 0, .trials = 0}}});
  memory.add(nothing);
  EXPECT_GT(means(memory)[0], means(memory)[1]);
}

}  // namespace
}  // namespace rf::learn
