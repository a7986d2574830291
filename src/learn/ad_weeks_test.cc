#include "learn/ad_weeks.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

constexpr Days kSettle{3};
Day day(std::int64_t number) { return Day(Days(number)); }

AdSums sums(double impressions, double clicks) {
  return {.impressions = impressions, .clicks = clicks, .conversions = 1, .spend = 10};
}

// An ad that is shown on the days [first, last], the same on each.
AdHistory ad(const std::string& id, std::int64_t first, std::int64_t last, AdSums each) {
  AdHistory history{.id = id, .words = {}, .amounts = {}, .first_day = day(first), .days = {}};
  for (std::int64_t i = first; i <= last; ++i) history.days.push_back({day(i), each});
  return history;
}

TEST(AdWeeks, KnowOnlyWhatHadSettledOnTheirMorning) {
  const std::vector<AdHistory> ads{ad("a", 1000, 1099, sums(100, 2))};
  for (const AdWeek& week : settled_weeks(ads, day(1100), kSettle)) {
    EXPECT_LE(week.from + kPredictedDays + kSettle, day(1100));
    const auto known = (week.from - kSettle - day(1000)).count();
    const double days = static_cast<double>(std::clamp<std::int64_t>(known, 0, 28));
    if (days == 0) {
      EXPECT_TRUE(std::isnan(week.past.impressions));
    } else {
      EXPECT_EQ(week.past.impressions, 100 * days);
    }
  }
}

// 100 days end at 1099; weeks end by 1096 and go back to the one in which the ad began.
TEST(AdWeeks, CoverThePastFromTheFirstWeekOn) {
  const std::vector<AdHistory> ads{ad("a", 1000, 1099, sums(100, 2))};
  const std::vector<AdWeek> weeks = settled_weeks(ads, day(1100), kSettle);
  ASSERT_EQ(weeks.size(), 14U);
  EXPECT_EQ(weeks.front().from, day(999));
  EXPECT_EQ(weeks.front().age_days, 0);
  EXPECT_EQ(weeks.front().outcome.impressions, 600);
  EXPECT_EQ(weeks.back().from, day(1090));
  EXPECT_EQ(weeks.back().age_days, 90);
  EXPECT_EQ(weeks.back().outcome.clicks, 14);
}

// Own: 56 clicks of 2800 in four weeks; account: 112 of 8400. (56 + 10)/(2800 + 10/(112/8400)).
TEST(AdWeeks, TheBaselineDrawsAnAdsRateToTheAccounts) {
  const std::vector<AdHistory> ads{ad("a", 1000, 1099, sums(100, 2)),
                                   ad("b", 1000, 1099, sums(200, 2))};
  const std::vector<AdWeek> weeks = week_ahead(ads, day(1100), kSettle);
  const TargetRows rows = predicting_rows(Target::ctr, ads, weeks);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_NEAR(rows.baseline[0], 66.0 / (2800 + 750), 1e-12);
  EXPECT_EQ(rows.exposure[0], 700);
  EXPECT_NEAR(rows.table.exposure[0], 700 * rows.baseline[0], 1e-9);
}

TEST(AdWeeks, AnAdThatWasNeverShownIsAnAverageOne) {
  std::vector<AdHistory> ads{ad("a", 1000, 1099, sums(100, 2))};
  ads.push_back({.id = "new", .words = {}, .amounts = {}, .first_day = {}, .days = {}});
  const std::vector<AdWeek> weeks = week_ahead(ads, day(1100), kSettle);
  const TargetRows rows = predicting_rows(Target::ctr, ads, weeks);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_NEAR(rows.baseline[1], 0.02, 1e-12);
  EXPECT_EQ(rows.exposure[1], 700);
}

TEST(AdWeeks, LeaveOutAdsThatNoLongerRunAndWeeksWithoutExposure) {
  const std::vector<AdHistory> ads{ad("a", 1000, 1099, sums(100, 2)),
                                   ad("old", 1000, 1020, sums(100, 2))};
  EXPECT_EQ(week_ahead(ads, day(1100), kSettle).size(), 1U);
  for (const AdWeek& week : settled_weeks(ads, day(1100), kSettle)) {
    EXPECT_TRUE(week.ad == 0 || week.from <= day(1020));
  }
}

TEST(AdWeeks, WhatIsNotReportedIsNotZero) {
  AdSums none{.impressions = 100, .clicks = 2};
  const std::vector<AdHistory> ads{ad("a", 1000, 1099, none)};
  const std::vector<AdWeek> weeks = settled_weeks(ads, day(1100), kSettle);
  EXPECT_GT(learning_rows(Target::ctr, ads, weeks).size(), 0U);
  EXPECT_EQ(learning_rows(Target::cvr, ads, weeks).size(), 0U);
  EXPECT_EQ(learning_rows(Target::sales, ads, weeks).size(), 0U);
}

// Ads whose name says "good" win half as much again as their baseline in their first weeks, which
// the baseline cannot know.
TEST(AdWeeks, APredictorLearnsWhatTheBaselineCannotKnow) {
  Rng rng(3);
  std::vector<AdHistory> ads;
  for (int i = 0; i < 60; ++i) {
    const std::int64_t first = 1000 + i;
    AdHistory one{
        .id = std::to_string(i), .words = {}, .amounts = {}, .first_day = day(first), .days = {}};
    one.words["name.hook"] = i % 2 == 0 ? "good" : "bad";
    for (std::int64_t d = first; d < first + 14; ++d) {
      const double rate = i % 2 == 0 ? 0.03 : 0.01;
      one.days.push_back({day(d), sums(2000, static_cast<double>(rng.binomial(2000, rate)))});
    }
    ads.push_back(std::move(one));
  }
  const std::vector<AdWeek> weeks = settled_weeks(ads, day(1080), kSettle);
  const TargetRows rows = learning_rows(Target::ctr, ads, weeks);
  const Predictor model = Predictor::train(rows.table, {}).value();
  ads.push_back(
      {.id = "new", .words = {{"name.hook", "good"}}, .amounts = {}, .first_day = {}, .days = {}});
  ads.push_back(
      {.id = "newer", .words = {{"name.hook", "bad"}}, .amounts = {}, .first_day = {}, .days = {}});
  const std::vector<AdWeek> ahead = week_ahead(ads, day(1075), kSettle);
  const TargetRows asked = predicting_rows(Target::ctr, ads, ahead);
  const auto predicted = model.predict(asked.table.columns, asked.table.exposure);
  const std::size_t good = asked.size() - 2;
  const std::size_t bad = asked.size() - 1;
  EXPECT_NEAR(predicted[good].mean / asked.exposure[good], 0.03, 0.006);
  // First weeks came to half the average and half as much again: an interval holds both.
  const auto spread = spread_of_first_weeks(rows, weeks, Target::ctr).value();
  EXPECT_LT(spread.interval(280).low, 200);
  EXPECT_GT(spread.interval(280).high, 380);
  EXPECT_NEAR(predicted[bad].mean / asked.exposure[bad], 0.01, 0.004);
}

}  // namespace
}  // namespace rf::learn
