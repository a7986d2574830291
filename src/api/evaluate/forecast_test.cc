#include "api/evaluate/forecast.h"

#include <cmath>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::api {
namespace {

class EvaluateForecast : public testing::Test {
 protected:
  Result<EvaluateForecastOutput> run(const std::string& text, bool holdout, bool time) {
    const std::string path =
        testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv";
    std::ofstream(path) << text;
    EvaluateForecastInput input{.series = path, .value = "roas"};
    if (holdout) input.holdout = "held";
    if (time) input.time = "day";
    return evaluate_forecast(input, services_);
  }

  SystemClock clock_;
  NoProgress progress_;
  Services services_{"", nullptr, clock_, progress_};
};

// Both columns share a market that grows twentyfold; the optimised one is a fifth better.
std::string grown_market(int days) {
  std::string text = "day,roas,held\n";
  Rng rng(2);
  for (int day = 0; day < days; ++day) {
    const double market = std::exp(3.0 * day / days);
    text += fmt::format("{},{:.4f},{:.4f}\n", day, 1.2 * market * std::exp(0.1 * rng.normal()),
                        market * std::exp(0.1 * rng.normal()));
  }
  return text;
}

bool says(const EvaluateForecastOutput& output, std::string_view what) {
  for (const std::string& note : output.notes) {
    if (note.find(what) != std::string::npos) return true;
  }
  return false;
}

TEST_F(EvaluateForecast, AHoldOutTakesTheMarketOut) {
  const EvaluateForecastOutput with = run(grown_market(200), true, true).value();
  EXPECT_EQ(with.n, 200);
  ASSERT_EQ(with.forecasts.size(), 3U);
  EXPECT_NEAR(with.forecasts[0].value, 1.2, 0.1);
  EXPECT_LT(*with.chance_of_10x, 0.01);
  const EvaluateForecastOutput without = run(grown_market(200), false, true).value();
  EXPECT_GT(without.forecasts[0].value, 15);
  EXPECT_TRUE(says(without, "no proof of growth"));
  EXPECT_FALSE(says(with, "no proof of growth"));
}

TEST_F(EvaluateForecast, RowsMayComeInAnyOrderWithGapsAndDates) {
  std::string sorted = "day,roas\n";
  std::string turned = "day,roas\n";
  for (int day = 0; day < 60; ++day) {
    const int late = 59 - day;
    sorted += fmt::format("{},{}\n", day + 20454, day == 7 ? "" : std::to_string(2 + day % 3));
    turned += fmt::format("2026-{:02}-{:02},{}\n",
                          late < 31   ? 1
                          : late < 59 ? 2
                                      : 3,
                          late < 31   ? late + 1
                          : late < 59 ? late - 30
                                      : 1,
                          late == 7 ? "" : std::to_string(2 + late % 3));
  }
  const EvaluateForecastOutput one = run(sorted, false, true).value();
  const EvaluateForecastOutput other = run(turned, false, true).value();
  EXPECT_EQ(one.n, 59);
  EXPECT_EQ(one.forecasts[1].high95, other.forecasts[1].high95);
  EXPECT_TRUE(says(one, "1 rows with an empty cell"));
}

TEST_F(EvaluateForecast, FewDaysGiveNoForecastAndTheNaiveOneIsNamedSo) {
  const EvaluateForecastOutput output = run("day,roas\n0,2\n30,2.4\n", false, true).value();
  EXPECT_TRUE(output.forecasts.empty());
  EXPECT_FALSE(output.chance_of_10x);
  EXPECT_TRUE(says(output, "not enough data: 2 days"));
  ASSERT_TRUE(output.naive);
  EXPECT_NEAR(*output.naive->days365, 2 * 9.19, 0.02);
  EXPECT_FALSE(run("day,roas\n0,2\n", false, true)->naive);
}

TEST_F(EvaluateForecast, NoWordAboutAYearBeforeEightWeeks) {
  std::string text = "roas\n";
  for (int day = 0; day < 40; ++day) text += fmt::format("{}\n", 2 + day % 3);
  const EvaluateForecastOutput output = run(text, false, false).value();
  EXPECT_EQ(output.forecasts.size(), 3U);
  EXPECT_FALSE(output.chance_of_10x);
}

TEST_F(EvaluateForecast, ManyZerosAreNotLeftOutQuietly) {
  std::string text = "roas\n";
  for (int day = 0; day < 80; ++day) text += fmt::format("{}\n", day % 4);
  const EvaluateForecastOutput output = run(text, false, false).value();
  EXPECT_TRUE(output.forecasts.empty());
  EXPECT_TRUE(says(output, "a tenth of rows hold a 0"));
}

TEST_F(EvaluateForecast, RefusalsNameThePlace) {
  const auto message = [&](const std::string& text) {
    const auto refused = run(text, false, true);
    return refused ? std::string() : refused.error().message;
  };
  EXPECT_NE(
      message("day,roas\n0,-2\n").find("RefusalsNameThePlace.csv:2: column 'roas': found '-2'"),
      std::string::npos);
  EXPECT_NE(message("day,roas\nnoon,2\n").find("column 'day': found 'noon'"), std::string::npos);
  EXPECT_NE(message("day,roas\n1,2\n1,3\n").find("two rows of one day"), std::string::npos);
  EXPECT_NE(message("day,roas\n1,2\n999999,3\n").find("at most 10000"), std::string::npos);
  EXPECT_EQ(run("day,cpa\n1,2\n", false, true).error().code, ErrorCode::not_found);
}

TEST_F(EvaluateForecast, ExtremeFiguresStayNumbers) {
  std::string text = "roas\n";
  for (int day = 0; day < 60; ++day) text += day % 2 == 0 ? "1e-300\n" : "1e300\n";
  const EvaluateForecastOutput output = run(text, false, false).value();
  for (const ForecastView& each : output.forecasts) {
    EXPECT_TRUE(std::isfinite(each.high95));
    EXPECT_GT(each.low95, 0);
  }
}

}  // namespace
}  // namespace rf::api
