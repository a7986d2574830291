#include "learn/arrival.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

std::vector<DayVersion> hand_triangle() {
  return {{.day = 1, .as_of = 1, .count = 5},  {.day = 1, .as_of = 2, .count = 8},
          {.day = 1, .as_of = 3, .count = 10}, {.day = 2, .as_of = 2, .count = 4},
          {.day = 2, .as_of = 3, .count = 7},  {.day = 3, .as_of = 3, .count = 6}};
}

// g(2) = 2/10; g(1) = (3 + 3)/(8 + 7); F(1) = .8, F(0) = .8 * .6.
TEST(Arrival, IsTheProductLimitOfTheTriangle) {
  const ArrivalCurve curve = fit_arrival(hand_triangle(), assumed_curve(0.5, 3, 3), 0);
  EXPECT_NEAR(curve.at(2), 1, 1e-12);
  EXPECT_NEAR(curve.at(1), 0.8, 1e-12);
  EXPECT_NEAR(curve.at(0), 0.48, 1e-12);
  EXPECT_EQ(curve.conversions, 15);
}

TEST(Arrival, LeansOnTheParentWhereNothingIsKnown) {
  const ArrivalCurve parent = assumed_curve(0.4, 5, 28);
  const ArrivalCurve curve = fit_arrival({}, parent, 20);
  for (std::int64_t age = 0; age < 28; ++age) EXPECT_NEAR(curve.at(age), parent.at(age), 1e-12);
  EXPECT_EQ(curve.at(400), 1);
}

TEST(Arrival, DoesNotDependOnTheOrderOfVersionsAndStandsCorrections) {
  std::vector<DayVersion> versions = hand_triangle();
  const ArrivalCurve parent = assumed_curve(0.5, 3, 3);
  const double before = fit_arrival(versions, parent, 5).at(0);
  std::swap(versions.front(), versions.back());
  EXPECT_EQ(fit_arrival(versions, parent, 5).at(0), before);
  versions.push_back({.day = 2, .as_of = 4, .count = 3});  // Less than before.
  const ArrivalCurve corrected = fit_arrival(versions, parent, 5);
  double last = 0;
  for (std::int64_t age = 0; age < 3; ++age) {
    EXPECT_GE(corrected.at(age), last);
    EXPECT_LE(corrected.at(age), 1);
    last = corrected.at(age);
  }
}

TEST(EffectiveTrials, DoNotCountYoungTrialsInFull) {
  const ArrivalCurve curve{.reported = {0.5, 0.75, 1}};
  EXPECT_NEAR(effective_trials(std::vector<double>{100, 40, 10, 5}, curve), 50 + 30 + 10 + 5,
              1e-12);
}

// With everything reported nothing is uncertain; with half of it, ten are expected to become
// twenty and a half at the least.
TEST(FinalCount, IsWhatIsReportedOverItsShare) {
  EXPECT_EQ(expected_final(7, 1, 0.9).interval.high, 7);
  const FinalCount half = expected_final(10, 0.5, 0.9);
  EXPECT_NEAR(half.expected, 10 + 10.5, 1e-12);
  EXPECT_LT(half.interval.low, half.expected);
  EXPECT_GT(half.interval.high, half.expected);
}

struct World {
  std::vector<double> share;  // F by age.
  double mean = 40;           // Conversions of a day.
};

struct SimulatedDays {
  std::vector<DayVersion> versions;
  std::vector<double> reported;
  std::vector<double> final;
};

// `days` days up to today; each is seen at every age it has reached.
SimulatedDays simulate(const World& world, std::int64_t days, Rng& rng) {
  SimulatedDays found;
  for (std::int64_t day = 0; day < days; ++day) {
    double count = 0;
    double seen = 0;
    // A day's level differs from its neighbours'.
    const double level = world.mean * rng.gamma(10) / 10;
    for (std::size_t age = 0; age < world.share.size(); ++age) {
      const double more = world.share[age] - (age == 0 ? 0 : world.share[age - 1]);
      count += static_cast<double>(rng.poisson(level * more));
      if (day + static_cast<std::int64_t>(age) >= days) continue;
      seen = count;
      found.versions.push_back(
          {.day = day, .as_of = day + static_cast<std::int64_t>(age), .count = count});
    }
    found.reported.push_back(seen);
    found.final.push_back(count);
  }
  return found;
}

// The stated 90 %, over days that are still growing, with the curve fitted to the same triangle and
// a parent that is wrong. Whole counts make intervals a little wider than asked.
TEST(FinalCount, IntervalsHoldTheTruthAsOftenAsTheySay) {
  const World world{.share = assumed_curve(0.35, 4, 28).reported};
  const ArrivalCurve parent = assumed_curve(0.6, 2, 28);
  double inside = 0;
  double all = 0;
  double bias = 0;
  double total = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    Rng rng(seed);
    const std::int64_t days = 90;
    const SimulatedDays found = simulate(world, days, rng);
    const ArrivalCurve curve = fit_arrival(found.versions, parent, 20);
    for (std::int64_t age = 0; age < 7; ++age) {
      const auto day = static_cast<std::size_t>(days - 1 - age);
      const FinalCount guess = expected_final(found.reported[day], curve.at(age), 0.9);
      inside += found.final[day] >= guess.interval.low && found.final[day] <= guess.interval.high;
      bias += guess.expected - found.final[day];
      total += found.final[day];
      all += 1;
    }
  }
  RecordProperty("coverage", std::to_string(inside / all));
  RecordProperty("bias", std::to_string(bias / total));
  std::printf("coverage %.4f of %.0f, bias %.4f\n", inside / all, all, bias / total);
  EXPECT_GE(inside / all, 0.88);
  EXPECT_LE(inside / all, 0.92);
  EXPECT_NEAR(bias / total, 0, 0.03);
}

}  // namespace
}  // namespace rf::learn
