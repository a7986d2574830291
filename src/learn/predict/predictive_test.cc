#include "learn/predict/predictive.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

struct Sample {
  std::vector<double> means, outcomes;
};

// Counts whose rates scatter by a gamma of squared coefficient of variation `scatter`.
Sample counts(Rng& rng, std::size_t rows, double scatter) {
  Sample sample;
  for (std::size_t i = 0; i < rows; ++i) {
    const double mean = std::exp(1.5 * rng.normal() + 0.5);
    const double rate = scatter > 0 ? mean * scatter * rng.gamma(1 / scatter) : mean;
    sample.means.push_back(mean);
    sample.outcomes.push_back(static_cast<double>(rng.poisson(rate)));
  }
  return sample;
}

TEST(Predictive, CountsAreInsideAsOftenAsStated) {
  for (double scatter : {0.0, 0.2, 1.0}) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      Rng rng(seed);
      const Sample seen = counts(rng, 3000, scatter);
      const Sample later = counts(rng, 3000, scatter);
      const Predictive fitted = Predictive::fit(Family::count, seen.means, seen.outcomes, 0.9);
      const Coverage found = coverage_of(fitted, later.means, later.outcomes);
      EXPECT_NEAR(found.inside / found.n, 0.9, 0.025);
    }
  }
}

TEST(Predictive, RealsWhoseScatterGrowsWithTheMeanAreInsideAsOftenAsStated) {
  Rng rng(7);
  Sample seen, later;
  for (Sample* sample : {&seen, &later}) {
    for (int i = 0; i < 4000; ++i) {
      const double mean = 0.5 + 5 * rng.uniform();
      sample->means.push_back(mean);
      sample->outcomes.push_back(mean * (1 + 0.4 * rng.normal()));
    }
  }
  const Predictive fitted = Predictive::fit(Family::real, seen.means, seen.outcomes, 0.9);
  const Coverage found = coverage_of(fitted, later.means, later.outcomes);
  EXPECT_NEAR(found.inside / found.n, 0.9, 0.02);
  const Interval small = fitted.interval(0.6);
  const Interval large = fitted.interval(5.4);
  EXPECT_LT(small.high - small.low, large.high - large.low);
}

TEST(Predictive, IntervalsAreWholeAndHoldTheMedian) {
  Rng rng(4);
  const Sample seen = counts(rng, 1000, 0.3);
  const Predictive fitted = Predictive::fit(Family::count, seen.means, seen.outcomes, 0.9);
  for (double mean : {1e-9, 0.01, 0.7, 3.0, 50.0, 1e6}) {
    const Interval found = fitted.interval(mean);
    EXPECT_GE(found.low, 0);
    EXPECT_LE(found.low, found.high);
    EXPECT_EQ(found.low, std::floor(found.low));
    EXPECT_EQ(found.high, std::floor(found.high));
    EXPECT_LE(found.low, std::ceil(mean));
    EXPECT_GE(found.high + 1, mean * 0.5);
  }
}

TEST(SumRows, KeepsEveryRow) {
  const std::vector<double> means{0.5, 0.1, 0.9, 0.2, 5, 7};
  const std::vector<double> outcomes{1, 0, 1, 0, 1, 0};
  const RowSums sums = sum_rows(means, outcomes);
  double mean = 0;
  double outcome = 0;
  for (std::size_t i = 0; i < sums.means.size(); ++i) {
    mean += sums.means[i];
    outcome += sums.outcomes[i];
  }
  EXPECT_NEAR(mean, 13.7, 1e-9);
  EXPECT_EQ(outcome, 3);
}

}  // namespace
}  // namespace rf::learn
