#include "sim/noise.h"

#include <cmath>

#include <gtest/gtest.h>

namespace rf::sim {
namespace {

struct Moments {
  double mean = 0;
  double variance = 0;
};

template <typename Draw>
Moments moments_of(int draws, Draw draw) {
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < draws; ++i) {
    double x = static_cast<double>(draw());
    sum += x;
    squares += x * x;
  }
  double mean = sum / draws;
  return {.mean = mean, .variance = squares / draws - mean * mean};
}

// The bounds are five standard errors of the estimate over 40,000 draws (1 % for the variance,
// more for skewed counts).
TEST(OverdispersedBinomial, HasTheMeanOfABinomialAndPhiTimesItsVariance) {
  for (std::int64_t trials : {20, 300, 50'000}) {
    for (double phi : {1.0, 1.7, 4.0}) {
      SCOPED_TRACE(testing::Message() << trials << " trials, phi " << phi << ", seed 11");
      Rng rng(11);
      const double rate = 0.03;
      Moments seen =
          moments_of(40'000, [&] { return overdispersed_binomial(rng, trials, rate, phi); });
      const double n = static_cast<double>(trials);
      const double variance = phi * n * rate * (1 - rate);
      EXPECT_NEAR(seen.mean, n * rate, 5 * std::sqrt(variance / 40'000));
      EXPECT_NEAR(seen.variance / variance, 1, 0.12);
    }
  }
}

TEST(OverdispersedBinomial, StaysBetweenNoneAndAll) {
  Rng rng(3);
  for (int i = 0; i < 20'000; ++i) {
    const auto trials = static_cast<std::int64_t>(rng.below(40));
    std::int64_t hits = overdispersed_binomial(rng, trials, rng.uniform(), 2.5);
    EXPECT_GE(hits, 0);
    EXPECT_LE(hits, trials);
  }
  EXPECT_EQ(overdispersed_binomial(rng, 100, 0, 1.7), 0);
  EXPECT_EQ(overdispersed_binomial(rng, 100, 1, 1.7), 100);
}

TEST(GammaFactor, IsPositiveWithMeanOneAndTheSpreadAskedFor) {
  Rng rng(5);
  double smallest = 1;
  Moments seen = moments_of(40'000, [&] {
    double factor = gamma_factor(rng, 0.2);
    smallest = std::min(smallest, factor);
    return factor;
  });
  EXPECT_GT(smallest, 0);
  EXPECT_NEAR(seen.mean, 1, 0.005);
  EXPECT_NEAR(std::sqrt(seen.variance), 0.2, 0.006);
}

}  // namespace
}  // namespace rf::sim
