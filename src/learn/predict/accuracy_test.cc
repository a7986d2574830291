#include "learn/predict/accuracy.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "learn/predict/adwin.h"
#include "learn/predict/champion.h"

namespace rf::learn {
namespace {

// Counts around means; the model knows `knowing` of each mean's logarithm.
std::vector<Recorded> recorded(std::size_t rows, std::uint64_t seed, double knowing) {
  std::vector<Recorded> found;
  Rng rng(seed);
  for (std::size_t i = 0; i < rows; ++i) {
    const double signal = rng.normal();
    const double mean = 8 * std::exp(0.5 * signal);
    found.push_back({.mean = 8 * std::exp(0.5 * knowing * signal),
                     .interval = {.low = 0, .high = 1e9},
                     .baseline = 8 * std::exp(0.125),
                     .outcome = static_cast<double>(rng.poisson(mean)),
                     .time = static_cast<double>(i)});
  }
  return found;
}

TEST(PoissonCeiling, KnownAnswer) {
  // 6 <= Y <= 10 for Poisson(8): .8159 - .1912, from tables.
  EXPECT_NEAR(poisson_ceiling(8, 0.25), 0.6247, 1e-4);
  EXPECT_EQ(poisson_ceiling(0.5, 0.25), 0);  // No whole number is that near.
}

TEST(Accuracy, APerfectModelReachesItsCeilingAndNoMore) {
  const AccuracyReport report = *report_accuracy(Family::count, recorded(20000, 1, 1), 0.25);
  EXPECT_NEAR(report.within.value, report.ceiling, 0.01);
  EXPECT_LT(report.ceiling, 0.7);
  EXPECT_TRUE(has_skill(report));
  EXPECT_NEAR(report.calibration->value, 1, 0.01);
  EXPECT_EQ(report.coverage.value, 1);
}

TEST(Accuracy, AModelThatKnowsNothingIsSwitchedOff) {
  int on = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::vector<Recorded> rows = recorded(300, seed, 0);
    Rng rng(seed + 100);
    for (Recorded& row : rows) row.mean = row.baseline * std::exp(0.3 * rng.normal());
    on += has_skill(*report_accuracy(Family::count, rows, 0.25)) ? 1 : 0;
  }
  EXPECT_EQ(on, 0);
}

TEST(Accuracy, SaysWhichWayItGoes) {
  std::vector<Recorded> worse = recorded(2000, 1, 1);
  for (std::size_t i = 0; i < worse.size(); ++i) {
    worse[i].mean *= 1 + 2 * static_cast<double>(i) / 2000;
  }
  EXPECT_EQ(report_accuracy(Family::count, worse, 0.25)->trend, Trend::declining);
  EXPECT_EQ(report_accuracy(Family::count, recorded(2000, 1, 1), 0.25)->trend, Trend::stable);
}

TEST(Accuracy, KnownFigures) {
  std::vector<Recorded> rows;
  rows.reserve(20);
  for (int i = 0; i < 20; ++i) {
    rows.push_back({.mean = 4,
                    .interval = {.low = 3, .high = 5},
                    .baseline = 4,
                    .outcome = i % 2 == 0 ? 5.0 : 2.0,
                    .time = static_cast<double>(i)});
  }
  const AccuracyReport report = *report_accuracy(Family::real, rows, 0.25);
  EXPECT_NEAR(report.score.mae, 1.5, 1e-12);
  EXPECT_NEAR(report.score.rmse, std::sqrt(2.5), 1e-12);
  EXPECT_NEAR(report.bias, 0.5, 1e-12);
  EXPECT_NEAR(*report.mape, (0.2 + 1.0) / 2, 1e-12);
  EXPECT_NEAR(report.within.value, 0.5, 1e-12);
  EXPECT_NEAR(report.coverage.value, 0.5, 1e-12);
  EXPECT_FALSE(has_skill(report));
}

TEST(Accuracy, TooFewRowsGiveNoReport) {
  EXPECT_FALSE(report_accuracy(Family::count, recorded(19, 1, 1), 0.25));
}

TEST(Score, KnownAnswers) {
  const std::vector<double> outcomes{1, 0, 1, 0};
  const std::vector<double> scores{0.9, 0.8, 0.7, 0.1};
  EXPECT_NEAR(*auc_of(outcomes, scores), 0.75, 1e-12);
  EXPECT_NEAR(*auc_of(outcomes, std::vector<double>{1, 1, 1, 1}), 0.5, 1e-12);
  EXPECT_FALSE(auc_of(std::vector<double>{1, 1}, std::vector<double>{1, 2}));
  const Score average = score_of(Family::binary, outcomes, std::vector<double>(4, 0.0), {});
  EXPECT_NEAR(*average.log_loss, std::log(2), 1e-12);
  EXPECT_NEAR(*average.normalised_entropy, 1, 1e-12);
  EXPECT_NEAR(*average.d2, 0, 1e-12);
}

TEST(Score, OfTheRateItselfExplainsNothingOfCounts) {
  const std::vector<double> outcomes{1, 4, 2, 8};
  const std::vector<double> exposure{10, 20, 30, 40};
  std::vector<double> margins;
  margins.reserve(exposure.size());
  for (double e : exposure) margins.push_back(std::log(0.15 * e));
  const Score score = score_of(Family::count, outcomes, margins, exposure);
  EXPECT_NEAR(*score.d2, 0, 1e-12);
  EXPECT_NEAR(*score.wape, (0.5 + 1 + 2.5 + 2) / 15, 1e-12);
}

struct Losses {
  std::vector<double> live, other;
  std::vector<std::uint64_t> days;
};

Losses losses(std::uint64_t seed, double gain, double day_swing) {
  Losses found;
  Rng rng(seed);
  double swing = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    if (i % 50 == 0) swing = day_swing * rng.normal();
    found.live.push_back(0.5 + 0.2 * rng.normal());
    found.other.push_back(found.live.back() - gain + swing + 0.1 * rng.normal());
    found.days.push_back(i / 50);
  }
  return found;
}

TEST(Contest, PromotesAGainAndKeepsANothing) {
  const Losses better = losses(1, 0.05, 0);
  EXPECT_EQ(challenge(better.live, better.other, {}, {}).verdict, Contest::promote);
  EXPECT_EQ(reconsider(better.live, better.other, {}, {}).verdict, Contest::roll_back);
  // Half a percent is beyond chance and beneath notice.
  std::vector<double> hardly(better.live);
  for (double& loss : hardly) loss -= 0.0025;
  EXPECT_EQ(challenge(better.live, hardly, {}, {}).verdict, Contest::keep);
  EXPECT_EQ(challenge(std::vector<double>(50, 1.0), std::vector<double>(50, 0.0), {}, {}).verdict,
            Contest::too_few);
}

TEST(Contest, RowsOfADayThatMoveTogetherAreOneWitness) {
  int naive = 0;
  int clustered = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Losses same = losses(seed, 0, 0.1);
    naive += challenge(same.live, same.other, {}, {}).verdict == Contest::promote ? 1 : 0;
    clustered +=
        challenge(same.live, same.other, same.days, {}).verdict == Contest::promote ? 1 : 0;
  }
  EXPECT_GT(naive, 40);
  EXPECT_LT(clustered, 14);  // 2.5 % of 200 expected, a little more with 20 days.
}

TEST(AdaptiveWindow, NoticesAChangeAndForgetsWhatWasBefore) {
  AdaptiveWindow window(2, 0.002);
  Rng rng(1);
  for (int i = 0; i < 5000; ++i) window.add(0.3 + 0.2 * rng.uniform());
  int alarm_after = 0;
  for (int i = 1; i <= 2000 && alarm_after == 0; ++i) {
    if (window.add(0.8 + 0.2 * rng.uniform())) alarm_after = i;
  }
  EXPECT_GT(alarm_after, 0);
  EXPECT_LT(alarm_after, 200);
  for (int i = 0; i < 1000; ++i) window.add(0.8 + 0.2 * rng.uniform());
  EXPECT_NEAR(window.mean(), 0.9, 0.02);
}

TEST(AdaptiveWindow, StaysQuietWhenNothingChanges) {
  int alarms = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    AdaptiveWindow window(5, 0.002);
    Rng rng(seed);
    for (int i = 0; i < 5000; ++i) alarms += window.add(-std::log(1 - rng.uniform())) ? 1 : 0;
  }
  EXPECT_LE(alarms, 1);
}

}  // namespace
}  // namespace rf::learn
