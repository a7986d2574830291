#include "learn/trajectory.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

// A world as the model imagines it.
struct World {
  double noise = 0.3;   // Standard deviation of a day.
  double wander = 0;    // Of the level from day to day.
  double slope = 0;     // Of the slope in the long run.
  double fade = 0;      // Of the slope.
  double constant = 0;  // A slope that never fades; the model does not know of it.
};

std::vector<DailyLog> simulate(const World& world, std::size_t days, Rng& rng) {
  std::vector<DailyLog> series(days);
  double level = 1;
  double slope = world.slope * rng.normal();
  for (std::size_t day = 0; day < days; ++day) {
    slope =
        world.fade * slope + world.slope * std::sqrt(1 - world.fade * world.fade) * rng.normal();
    level += slope + world.constant + world.wander * rng.normal();
    series[day] = {static_cast<std::int64_t>(day), level + world.noise * rng.normal()};
  }
  return series;
}

struct Coverage {
  double in80 = 0;
  double in95 = 0;
};

// Forecasts the last day of each simulated series from those up to `ahead` days earlier.
Coverage coverage_of(std::span<const World> worlds, std::size_t each, std::size_t days,
                     std::size_t ahead) {
  Coverage coverage;
  Rng rng(20261);
  for (const World& world : worlds) {
    for (std::size_t i = 0; i < each; ++i) {
      const std::vector<DailyLog> series = simulate(world, days + ahead, rng);
      const double truth = series.back().value;
      const TrajectoryForecast forecast =
          Trajectory::fit(std::span(series).first(days))->at(static_cast<std::int64_t>(ahead));
      coverage.in80 += truth >= forecast.likely80.low && truth <= forecast.likely80.high ? 1 : 0;
      coverage.in95 += truth >= forecast.likely95.low && truth <= forecast.likely95.high ? 1 : 0;
    }
  }
  const double n = static_cast<double>(each * worlds.size());
  return {.in80 = coverage.in80 / n, .in95 = coverage.in95 / n};
}

// Still, wandering, with a fading slope, and both.
constexpr std::array<World, 4> kWorlds{World{}, World{.wander = 0.03},
                                       World{.slope = 0.005, .fade = 0.97},
                                       World{.wander = 0.02, .slope = 0.005, .fade = 0.95}};

TEST(Trajectory, BandsHoldWhatComesAsOftenAsTheySay) {
  const Coverage month = coverage_of(kWorlds, 150, 90, 30);
  RecordProperty("in80", std::to_string(month.in80));
  RecordProperty("in95", std::to_string(month.in95));
  EXPECT_GE(month.in80, 0.75);
  EXPECT_LE(month.in80, 0.85);
  EXPECT_GE(month.in95, 0.92);
  EXPECT_LE(month.in95, 0.98);
}

struct Tenfold {
  double most = 0;
  double above = 0;  // Share of series with more than 1 %.
};

// What a year's tenfold is given by series that do not grow.
Tenfold tenfold_without_growth(std::size_t days) {
  Tenfold tenfold;
  Rng rng(7);
  for (int i = 0; i < 200; ++i) {
    const double chance =
        Trajectory::fit(simulate({.noise = 0.25}, days, rng))->chance_of_growth(10, 365);
    tenfold.most = std::max(tenfold.most, chance);
    tenfold.above += chance >= 0.01 ? 1.0 / 200 : 0;
  }
  return tenfold;
}

TEST(Trajectory, NoGrowthGivesNextToNoChanceOfTenfold) {
  for (const std::size_t days : {90U, 180U}) {
    const Tenfold tenfold = tenfold_without_growth(days);
    RecordProperty("most" + std::to_string(days), std::to_string(tenfold.most));
    EXPECT_LT(tenfold.most, 0.01) << days;
  }
  const Tenfold least = tenfold_without_growth(kTrajectoryYearDaysMin);
  RecordProperty("most", std::to_string(least.most));
  RecordProperty("inabove", std::to_string(least.above));
  EXPECT_LE(least.above, 0.02);
}

TEST(Trajectory, GrowthThatHasHappenedIsGranted) {
  Rng rng(3);
  const auto fitted = Trajectory::fit(simulate({.noise = 0.1, .constant = 0.012}, 300, rng));
  // exp(0.012 * 300) is 36.
  EXPECT_GT(fitted->chance_of_growth(10, 30), 0.95);
  EXPECT_GT(fitted->chance_of_growth(1, 365), 0.99);
}

TEST(Trajectory, IsTheMeanOfAStillSeries) {
  // Without wander or slope the level is the mean; alternating +-1 around 2 leaves nothing else.
  std::vector<DailyLog> series;
  for (int day = 0; day < 200; ++day) series.push_back({day, 2.0 + (day % 2 == 0 ? 1 : -1)});
  const TrajectoryForecast forecast = Trajectory::fit(series)->at(30);
  EXPECT_NEAR(forecast.median, 2, 0.05);
  // Student's t with 199 degrees of freedom: 1.286 scales of sqrt(1 + 1/200).
  EXPECT_NEAR(forecast.likely80.high - forecast.median, 1.29, 0.03);
}

TEST(Trajectory, FurtherAheadIsLessCertain) {
  Rng rng(11);
  const auto fitted = Trajectory::fit(simulate({.wander = 0.05}, 90, rng));
  double before = 0;
  for (const std::int64_t ahead : {30, 90, 365}) {
    const TrajectoryForecast forecast = fitted->at(ahead);
    EXPECT_LT(forecast.likely95.low, forecast.likely80.low);
    EXPECT_GT(forecast.likely95.high, forecast.likely80.high);
    const double width = forecast.likely80.high - forecast.likely80.low;
    EXPECT_GT(width, before);
    before = width;
  }
}

TEST(Trajectory, MovesWithItsUnits) {
  Rng rng(5);
  std::vector<DailyLog> series = simulate({.wander = 0.05}, 60, rng);
  const TrajectoryForecast before = Trajectory::fit(series)->at(90);
  for (DailyLog& day : series) day = {day.day + 20000, day.value * 2 + 5};
  const TrajectoryForecast after = Trajectory::fit(series)->at(90);
  EXPECT_NEAR(after.median, before.median * 2 + 5, 1e-6);
  EXPECT_NEAR(after.likely95.low, before.likely95.low * 2 + 5, 1e-6);
}

TEST(Trajectory, SaysNothingBelowFourWeeks) {
  Rng rng(1);
  EXPECT_FALSE(Trajectory::fit(simulate({}, kTrajectoryDaysMin - 1, rng)));
  EXPECT_TRUE(Trajectory::fit(simulate({}, kTrajectoryDaysMin, rng)));
  EXPECT_FALSE(Trajectory::fit({}));
}

TEST(Trajectory, TakesASeriesWithoutNoise) {
  std::vector<DailyLog> series;
  for (int day = 0; day < 40; ++day) series.push_back({day, 0.5});
  const auto fitted = Trajectory::fit(series);
  EXPECT_NEAR(fitted->at(365).median, 0.5, 1e-6);
  EXPECT_LT(fitted->chance_of_growth(10, 365), 1e-9);
}

TEST(NaiveGrowth, TurnsAMonthOfLuckIntoTenfold) {
  const NaiveGrowth growth = naive_growth(2, 2.4, 30);
  EXPECT_NEAR(growth.d, 0.0060959, 1e-6);
  EXPECT_NEAR(growth.after(30), 2.4, 1e-12);
  EXPECT_NEAR(growth.after(365) / 2, 9.19, 0.01);
  EXPECT_NEAR(naive_growth(1, 1.1, 30).after(365), 3.19, 0.01);
}

}  // namespace
}  // namespace rf::learn
