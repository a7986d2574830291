#include "learn/predict/stack.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

TEST(FitWeights, AreAShareOfOneAndNoWorseThanAnyMember) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    std::vector<std::vector<double>> margins(4);
    std::vector<double> outcomes;
    for (int i = 0; i < 500; ++i) {
      const double truth = rng.normal();
      outcomes.push_back(rng.uniform() < mean_of(Family::binary, truth) ? 1 : 0);
      for (std::size_t m = 0; m < 4; ++m) {
        margins[m].push_back(truth + static_cast<double>(m + 1) * 0.5 * rng.normal());
      }
    }
    const std::vector<double> weights = fit_weights(Family::binary, margins, outcomes);
    EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1, 1e-9);
    const double ours = mean_loss(Family::binary, outcomes, blend(margins, weights));
    for (std::size_t m = 0; m < 4; ++m) {
      EXPECT_GE(weights[m], 0);
      EXPECT_LE(ours, mean_loss(Family::binary, outcomes, margins[m]) + 1e-9);
    }
  }
}

TEST(FitWeights, FindTheLeastSquaresBlend) {
  // Outcomes are .3 of the first and .7 of the second, exactly.
  const std::vector<std::vector<double>> margins{{1, 0, 2, 5}, {0, 1, 3, -1}};
  std::vector<double> outcomes;
  for (std::size_t i = 0; i < 4; ++i) {
    outcomes.push_back(0.3 * margins[0][i] + 0.7 * margins[1][i]);
  }
  const std::vector<double> weights = fit_weights(Family::real, margins, outcomes);
  EXPECT_NEAR(weights[0], 0.3, 1e-5);
}

TEST(Hedge, MovesWeightByTheExponentialOfTheLoss) {
  std::vector<double> weights{0.5, 0.5};
  hedge(weights, std::vector<double>{1, 3}, 0.5);
  EXPECT_NEAR(weights[0], 1 / (1 + std::exp(-1)), 1e-12);
}

TEST(PoolAdjacent, KnownAnswer) {
  const std::vector<double> values{1, 3, 2, 4, 3, 3, 6};
  const std::vector<double> ones(7, 1);
  const std::vector<double> expected{1, 2.5, 2.5, 10.0 / 3, 10.0 / 3, 10.0 / 3, 6};
  const std::vector<double> pooled = pool_adjacent(values, ones);
  for (std::size_t i = 0; i < 7; ++i) EXPECT_NEAR(pooled[i], expected[i], 1e-12);
}

TEST(Calibration, OffsetBringsTheSumsTogether) {
  // A pull of one pseudo-row keeps it finite; with this many rows it is below a thousandth.
  const std::vector<double> margins(4000, 0.0);
  std::vector<double> outcomes(4000, 0.0);
  for (std::size_t i = 0; i < 400; ++i) outcomes[i] = 1;
  const Calibration found =
      fit_calibration(CalibrationKind::offset, Family::binary, margins, margins, outcomes);
  EXPECT_NEAR(mean_of(Family::binary, found.apply(0, 0)), 0.1, 1e-3);
}

TEST(Calibration, PlattFindsTheSlopeThatWasTakenAway) {
  Rng rng(3);
  std::vector<double> margins, outcomes, offsets;
  for (int i = 0; i < 20000; ++i) {
    const double truth = rng.normal();
    margins.push_back(truth * 2);  // Twice too sure.
    offsets.push_back(0);
    outcomes.push_back(rng.uniform() < mean_of(Family::binary, truth - 1) ? 1 : 0);
  }
  const Calibration found =
      fit_calibration(CalibrationKind::platt, Family::binary, margins, offsets, outcomes);
  EXPECT_NEAR(found.slope, 0.5, 0.03);
  EXPECT_NEAR(found.intercept, -1, 0.05);
}

TEST(Calibration, LeavesAloneWhatIsRight) {
  int touched = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Rng rng(seed);
    std::vector<double> margins, outcomes, offsets;
    for (int i = 0; i < 4000; ++i) {
      margins.push_back(rng.normal());
      offsets.push_back(0);
      outcomes.push_back(rng.uniform() < mean_of(Family::binary, margins.back()) ? 1 : 0);
    }
    const Calibration chosen = choose_calibration(Family::binary, margins, offsets, outcomes);
    touched += chosen.kind == CalibrationKind::none ? 0 : 1;
  }
  EXPECT_LE(touched, 5);
}

TEST(Calibration, IsotonicNeverFalls) {
  Rng rng(9);
  std::vector<double> margins, outcomes, offsets;
  for (int i = 0; i < 5000; ++i) {
    margins.push_back(rng.normal());
    offsets.push_back(0);
    outcomes.push_back(rng.uniform() < 0.5 + 0.3 * std::tanh(margins.back()) ? 1 : 0);
  }
  const Calibration found =
      fit_calibration(CalibrationKind::isotonic, Family::binary, margins, offsets, outcomes);
  double before = -1e9;
  for (double margin = -5; margin < 5; margin += 0.01) {
    const double now = found.apply(margin, 0);
    EXPECT_GE(now, before);
    before = now;
  }
}

}  // namespace
}  // namespace rf::learn
