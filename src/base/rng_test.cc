#include "base/rng.h"

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rf {
namespace {

struct Moments {
  double mean = 0;
  double variance = 0;
};

constexpr int kDraws = 200'000;

Moments moments_of(const std::function<double(Rng&)>& draw, std::uint64_t seed) {
  Rng rng(seed);
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    double x = draw(rng);
    sum += x;
    squares += x * x;
  }
  double mean = sum / kDraws;
  return {mean, squares / kDraws - mean * mean};
}

// The mean of that many draws lies within six of its own standard deviations of the truth: with
// fixed seeds this can never turn flaky.
void expect_moments(const std::function<double(Rng&)>& draw, double mean, double variance) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Moments found = moments_of(draw, seed);
    EXPECT_NEAR(found.mean, mean, 6 * std::sqrt(variance / kDraws));
    EXPECT_NEAR(found.variance, variance, 0.05 * variance);
  }
}

TEST(Rng, IsSplitMix64) {
  // Source: the reference implementation's first outputs for seed 1234567.
  Rng rng(1234567);
  EXPECT_EQ(rng.next(), 6457827717110365317U);
  EXPECT_EQ(rng.next(), 3203168211198807973U);
  EXPECT_EQ(rng.next(), 9817491932198370423U);
}

TEST(Rng, ASplitNeitherMovesItsParentNorRepeatsIt) {
  Rng parent(7);
  Rng same(7);
  Rng first = parent.split(1);
  Rng second = parent.split(2);
  EXPECT_EQ(parent.next(), same.next());
  EXPECT_NE(first.next(), second.next());
}

TEST(Rng, DistributionsHaveTheirMeanAndVariance) {
  expect_moments([](Rng& rng) { return rng.uniform(); }, 0.5, 1.0 / 12);
  expect_moments([](Rng& rng) { return rng.normal(); }, 0, 1);
  expect_moments([](Rng& rng) { return rng.gamma(0.4); }, 0.4, 0.4);
  expect_moments([](Rng& rng) { return rng.gamma(7.5); }, 7.5, 7.5);
  expect_moments([](Rng& rng) { return rng.beta(2, 6); }, 0.25, 12.0 / (64 * 9));
  for (double mean : {0.3, 8.0, 29.9, 30.1, 5000.0}) {
    expect_moments([mean](Rng& rng) { return static_cast<double>(rng.poisson(mean)); }, mean, mean);
  }
  for (double p : {0.004, 0.5, 0.93}) {
    expect_moments([p](Rng& rng) { return static_cast<double>(rng.binomial(20'000, p)); },
                   20'000 * p, 20'000 * p * (1 - p));
    expect_moments([p](Rng& rng) { return static_cast<double>(rng.binomial(9, p)); }, 9 * p,
                   9 * p * (1 - p));
  }
}

TEST(Rng, BelowReachesEveryValueEquallyOften) {
  Rng rng(3);
  std::vector<int> hits(6, 0);
  for (int i = 0; i < 60'000; ++i) ++hits[rng.below(6)];
  for (int count : hits) EXPECT_NEAR(count, 10'000, 6 * std::sqrt(60'000 * 5.0 / 36));
}

TEST(Rng, TheEdgesAreExact) {
  Rng rng(1);
  EXPECT_EQ(rng.poisson(0), 0);
  EXPECT_EQ(rng.binomial(1000, 0), 0);
  EXPECT_EQ(rng.binomial(1000, 1), 1000);
  EXPECT_EQ(rng.binomial(0, 0.5), 0);
  EXPECT_EQ(rng.below(1), 0U);
}

}  // namespace
}  // namespace rf
