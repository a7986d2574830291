#include "learn/calibration_alarm.h"

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// Rows after `from` until the alarm, on a stream whose true rates are `ratio` times the predicted
// ones from row `from` on; none within `rows` after it.
std::optional<std::int64_t> alarm_after(double rate, double ratio, std::int64_t from,
                                        std::int64_t rows, Rng& rng) {
  CalibrationAlarm alarm({});
  for (std::int64_t i = 0; i < from + rows; ++i) {
    const double prediction = rate * (0.5 + rng.uniform());
    const double truth = i < from ? prediction : ratio * prediction;
    if (alarm.add(prediction, rng.uniform() < truth)) return i + 1 - from;
  }
  return std::nullopt;
}

TEST(CalibrationAlarm, IsTheMixtureInClosedFormWhenAllIsStakedAtOnce) {
  CalibrationAlarm alarm({.first_stake = 1});
  double observed = 0;
  double expected = 0;
  for (int i = 0; i < 3200; ++i) {
    alarm.add(0.01, i % 400 == 0);
    observed += i % 400 == 0 ? 1 : 0;
    expected += 0.01;
  }
  const double by_hand = log_gamma(10 + observed) - log_gamma(10) + 10 * std::log(10.0) -
                         (10 + observed) * std::log(10 + expected) + expected;
  EXPECT_NEAR(alarm.log_wealth(), by_hand, 1e-9);
}

TEST(CalibrationAlarm, IsFalseOnceInAThousandAtMost) {
  int alarms = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    Rng rng(seed);
    alarms += alarm_after(0.02, 1, 0, 20000, rng) ? 1 : 0;
  }
  RecordProperty("false_alarms", alarms);
  std::printf("false alarms %d of 2000\n", alarms);
  // Two are allowed on average; above seven has chance .001.
  EXPECT_LE(alarms, 7);
}

// Conversions per click at 2 %: the population-scale drop and rise.
TEST(CalibrationAlarm, FindsATripledOrThirdedRateWithinFiveThousand) {
  for (double ratio : {1.0 / 3, 3.0}) {
    for (std::int64_t from : {0, 20000}) {
      int found = 0;
      double rows = 0;
      for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        Rng rng(seed);
        const std::optional<std::int64_t> at = alarm_after(0.02, ratio, from, 5000, rng);
        found += at && *at > 0 ? 1 : 0;
        rows += static_cast<double>(at.value_or(5000));
      }
      std::printf("ratio %.2f from %ld: found %d of 200, after %.0f rows\n", ratio, from, found,
                  rows / 200);
      EXPECT_GE(found, 196) << ratio << " from " << from;
    }
  }
}

TEST(StabilityIndex, IsZeroForTheSameAndLargeForAnotherPopulation) {
  Rng rng(4);
  std::vector<double> reference;
  std::vector<double> same;
  std::vector<double> other;
  for (int i = 0; i < 20000; ++i) {
    reference.push_back(rng.uniform());
    same.push_back(rng.uniform());
    other.push_back(rng.uniform() * rng.uniform());
  }
  EXPECT_LT(stability_index(reference, same), 0.01);
  EXPECT_GT(stability_index(reference, other), 0.25);
  const std::vector<double> constant(50, 0.3);
  EXPECT_NEAR(stability_index(constant, constant), 0, 1e-12);
}

}  // namespace
}  // namespace rf::learn
