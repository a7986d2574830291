#include "loop/predictions.h"

#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "learn/beliefs.h"
#include "loop/turn.h"
#include "store/sqlite.h"

namespace rf::loop {
namespace {

using learn::Target;
using testing::HasSubstr;

Day day(const char* text) { return parse_day(text).value(); }

// An account of 40 ads in four batches of ten, each shown for eight weeks. A hook decides an ad's
// rate; ads also wear out, which the baseline sees too late.
class PredictionsTest : public testing::Test {
 protected:
  void SetUp() override {
    account_.id.text = "meta:1";
    account_.platform = Platform::meta;
    account_.currency = Currency::parse("USD").value();
    std::filesystem::create_directories(folder_);
    store_ = open_sqlite((folder_ / "s.db").string()).value();
  }
  void TearDown() override {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  MetricRow row(int ad, Day on, Rng& rng) const {
    const int hook = ad % 4;
    const auto age = static_cast<double>((on - first_of(ad)).count());
    const double rate = (0.008 + 0.006 * hook) * std::exp(-0.02 * age);
    MetricRow row{.day = on, .conversion_event = "purchases"};
    row.entity.ad_id = std::to_string(ad);
    row.entity.ad_name = fmt::format("summer_promo_shoes_video_hook{}_text_headline{}", hook, ad);
    const std::int64_t clicks = rng.binomial(4000, rate);
    row.counts.set(Metric::impressions, 4000);
    row.counts.set(Metric::link_clicks, clicks);
    row.counts.set(Metric::spend, 40'000'000);
    row.counts.set(Metric::conversions, rng.binomial(clicks, 0.1) * 1'000'000);
    return row;
  }
  static Day first_of(int ad) { return day("2026-01-01") + Days(14 * (ad / 10)); }

  // The days [first, last] as they are known the morning after.
  void import(Day first, Day last) {
    clock_.advance(TimeZone().start_of(last + Days(1)) + std::chrono::hours(6) - clock_.now());
    const std::string name = to_iso(first) + to_iso(last);
    auto writer =
        store_->write_metrics({.file = name, .sha256 = name, .as_of = clock_.now()}).value();
    for (Day on = first; on <= last; on += Days(1)) {
      for (int ad = 0; ad < 80; ++ad) {
        if (on < first_of(ad) || on >= first_of(ad) + Days(56)) continue;
        Rng rng(static_cast<std::uint64_t>(ad * 10'000L + on.time_since_epoch().count()));
        ASSERT_TRUE(writer->add(account_, row(ad, on, rng)));
      }
    }
    ASSERT_TRUE(writer->commit(JsonObject()).has_value());
    ASSERT_TRUE(store_->remember(account_.id).has_value());
  }

  AdPasts pasts() {
    const Sight sight = look(*store_, account_, clock_.now()).value();
    const auto beliefs = learn::beliefs(sight.history, sight.today, {});
    return ad_pasts(*store_, account_, sight, beliefs).value();
  }

  std::optional<PredictorVersion> train(Target target) {
    return train_predictor(*store_, account_, pasts(), target, clock_.now(), 1).value();
  }

  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      fmt::format("predictions_{}", testing::UnitTest::GetInstance()->current_test_info()->name());
  Account account_;
  std::unique_ptr<Store> store_;
  ManualClock clock_{parse_instant("2026-01-01T06:00:00Z").value()};
};

TEST_F(PredictionsTest, TooLittleIsNotLearnedFrom) {
  import(day("2026-01-01"), day("2026-01-20"));
  EXPECT_FALSE(train(Target::ctr).has_value());
  EXPECT_TRUE(predictors_of(*store_, account_.id).value().versions.empty());
}

TEST_F(PredictionsTest, AreWrittenDownBeforeTheirWeekAndMatchedAfterIt) {
  import(day("2026-01-01"), day("2026-03-01"));
  const auto version = train(Target::ctr);
  ASSERT_TRUE(version.has_value());
  ASSERT_TRUE(version->skill.has_value());
  EXPECT_GT(version->skill->low, 0) << version->verdict;
  ASSERT_TRUE(turn(*store_, account_, clock_).has_value());
  const auto open = open_predictions(*store_, account_.id).value();
  ASSERT_GT(open.size(), 20U);
  EXPECT_EQ(open.front().from, day("2026-03-02"));
  EXPECT_EQ(open.front().made_at, clock_.now());

  // A second turn of the week adds nothing, and nothing is matched before all days have settled.
  import(day("2026-03-02"), day("2026-03-10"));
  ASSERT_TRUE(turn(*store_, account_, clock_).has_value());
  EXPECT_TRUE(matched_predictions(*store_, account_.id, Target::ctr).value().empty());

  import(day("2026-03-11"), day("2026-03-11"));
  ASSERT_TRUE(turn(*store_, account_, clock_).has_value());
  const auto matched = matched_predictions(*store_, account_.id, Target::ctr).value();
  ASSERT_GE(matched.size(), 20U);
  const auto report = accuracy_of(matched, 0.25);
  ASSERT_TRUE(report.has_value());
  EXPECT_GT(report->skill.value, 0);
  EXPECT_GT(report->coverage.value, 0.7);
  ASSERT_TRUE(report->calibration.has_value());
  EXPECT_NEAR(report->calibration->value, 1, 0.1);
}

TEST_F(PredictionsTest, ARivalWaitsUntilBothCanBeComparedOnNewWeeks) {
  import(day("2026-01-01"), day("2026-03-01"));
  ASSERT_TRUE(train(Target::ctr).has_value());
  import(day("2026-03-02"), day("2026-03-08"));
  const auto second = train(Target::ctr);
  ASSERT_TRUE(second.has_value());
  EXPECT_THAT(second->verdict, HasSubstr("version 1 stays"));
  const PredictorHistory history = predictors_of(*store_, account_.id).value();
  EXPECT_EQ(history.versions.size(), 2U);
  ASSERT_NE(live_version(history, Target::ctr), nullptr);
  EXPECT_EQ(live_version(history, Target::ctr)->version, 1);
}

TEST_F(PredictionsTest, GoingBackLeadsToTheBaselineAndSaysSo) {
  import(day("2026-01-01"), day("2026-03-01"));
  ASSERT_TRUE(train(Target::ctr).has_value());
  const LiveSince since =
      roll_back(*store_, account_.id, Target::ctr, clock_.now(), "a person went back").value();
  EXPECT_EQ(since.version, 0);
  const PredictorHistory history = predictors_of(*store_, account_.id).value();
  EXPECT_EQ(live_version(history, Target::ctr), nullptr);
  EXPECT_EQ(history.lives.size(), 2U);
  EXPECT_EQ(roll_back(*store_, account_.id, Target::ctr, clock_.now(), "again").error().code,
            ErrorCode::not_found);
}

TEST_F(PredictionsTest, TrainingIsDueWhenNeverDoneAWeekOldOrOffTheMark) {
  PredictorHistory history;
  const Instant now = clock_.now();
  EXPECT_THAT(retrain_reason(history, Target::ctr, std::nullopt, now), HasSubstr("never"));
  history.versions.push_back({.version = 1, .target = "ctr", .trained_at = now});
  EXPECT_EQ(retrain_reason(history, Target::ctr, std::nullopt, now), "");
  EXPECT_THAT(retrain_reason(history, Target::ctr, std::nullopt, now + kRetrainEvery),
              HasSubstr("week"));
  std::vector<MatchedPrediction> off;
  off.reserve(50);
  for (int i = 0; i < 50; ++i) {
    off.push_back({.target = "ctr",
                   .version = 1,
                   .exposure = 1000,
                   .mean = 20,
                   .low = 12,
                   .high = 28,
                   .baseline = 20,
                   .outcome = static_cast<double>(38 + i % 5)});
  }
  EXPECT_THAT(retrain_reason(history, Target::ctr, accuracy_of(off, 0.25), now),
              HasSubstr("times what was predicted"));
}

}  // namespace
}  // namespace rf::loop
