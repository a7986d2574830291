#include "sim/platform/sandbox.h"

#include <gtest/gtest.h>

namespace rf::sim {
namespace {

std::unique_ptr<Sandbox> box_of(const WorldSpec& spec, const Clock& clock) {
  Result<std::unique_ptr<Sandbox>> box = Sandbox::make(spec, clock);
  EXPECT_TRUE(box) << (box ? "" : box.error().message);
  return std::move(box).value();
}

const ManualClock kStill{Instant{}};

TEST(Sandbox, LeavesAWorldThatNobodyTouchesAsItIs) {
  const WorldSpec spec{.seed = 11};
  std::unique_ptr<Sandbox> box = box_of(spec, kStill);
  World alone = std::move(World::make(spec)).value();
  box->run_days(30);
  alone.run_days(30);
  for (std::size_t account = 0; account < 3; ++account) {
    EXPECT_EQ(box->world().export_as_of(account, alone.today() - Days(1)).rows,
              alone.export_as_of(account, alone.today() - Days(1)).rows);
  }
}

TEST(Sandbox, ReportsAtEveryLevelSumToTheSame) {
  std::unique_ptr<Sandbox> box = box_of({.seed = 3}, kStill);
  box->run_days(20);
  const auto sum = [&](Level level, std::int64_t step) {
    std::int64_t spend = 0;
    for (const ReportedRow& row : box->report({.account = 0,
                                  .level = level,
                                  .first = box->world().scene().first_day,
                                  .last = box->today(),
                                  .days_per_row = step})) {
      spend += row.counts.or_zero(Metric::spend);
      EXPECT_LE(row.counts.or_zero(Metric::reach), row.counts.or_zero(Metric::impressions));
    }
    return spend;
  };
  const std::int64_t whole = sum(Level::ad, 1);
  EXPECT_GT(whole, 0);
  for (Level level : {Level::account, Level::campaign, Level::adset, Level::ad}) {
    for (std::int64_t step : {0, 1, 7}) EXPECT_EQ(sum(level, step), whole);
  }
}

TEST(Sandbox, ADayIsRestatedUntilItsOrdersHaveArrived) {
  std::unique_ptr<Sandbox> box = box_of({.seed = 5, .unsettled = 0.1}, kStill);
  box->run_days(10);
  const Day day = box->today() - Days(1);
  const auto asked = [&] {
    Counts sum;
    for (const ReportedRow& row :
         box->report({.account = 0, .level = Level::account, .first = day, .last = day})) {
      sum.add(row.counts);
    }
    return sum;
  };
  const Counts at_once = asked();
  box->run_days(1);
  const Counts next_day = asked();
  box->run_days(30);
  const Counts settled = asked();
  EXPECT_LT(at_once.or_zero(Metric::impressions), next_day.or_zero(Metric::impressions));
  EXPECT_EQ(next_day.or_zero(Metric::impressions), settled.or_zero(Metric::impressions));
  EXPECT_LT(at_once.or_zero(Metric::conversions), settled.or_zero(Metric::conversions));
  box->run_days(5);
  EXPECT_EQ(asked(), settled);
}

TEST(Sandbox, ALargeBudgetStepBeginsLearningAnewAndCostsMoney) {
  const WorldSpec spec{.seed = 5, .learning_cost = 0.5};
  const auto impressions = [&](double factor) {
    std::unique_ptr<Sandbox> box = box_of(spec, kStill);
    box->run_days(10);
    const Money before = *box->adsets()[0].daily_budget;
    box->set_budget(
        {Level::adset, 0},
        {.micros = static_cast<std::int64_t>(static_cast<double>(before.micros) * factor),
         .currency = before.currency});
    const Learning learning = box->adsets()[0].learning;
    box->run_days(1);
    std::int64_t sum = 0;
    for (const ReportedRow& row : box->report({.account = 0,
                                  .level = Level::adset,
                                  .first = box->today() - Days(1),
                                  .last = box->today(),
                                  .adset = 0})) {
      sum += row.counts.or_zero(Metric::impressions);
    }
    return std::pair(learning, sum);
  };
  const auto [small_state, small_step] = impressions(1.19);
  const auto [large_state, large_step] = impressions(1.21);
  EXPECT_NE(small_state, Learning::learning);
  EXPECT_EQ(large_state, Learning::learning);
  EXPECT_LT(large_step, small_step * 3 / 4);
}

TEST(Sandbox, ReviewsRejectTheShareThatTheWorldSays) {
  std::unique_ptr<Sandbox> box = box_of({.seed = 5, .rejected_share = 0.3}, kStill);
  for (int i = 0; i < 300; ++i) {
    box->add_ad({.adset = 0, .name = "made", .state = RunState::active, .creative_id = "1"});
  }
  box->run_days(2);
  const auto rejected = std::ranges::count(box->ads(), Review::rejected, &AdBook::review);
  EXPECT_GT(rejected, 60);
  EXPECT_LT(rejected, 120);
  for (const AdBook& ad : box->ads()) {
    if (ad.review != Review::rejected) continue;
    EXPECT_TRUE(box->world().days_of(ad.world_ad).empty());
  }
}

TEST(Sandbox, ForgetsEventIdsAfterTwoDays) {
  std::unique_ptr<Sandbox> box = box_of({}, kStill);
  const Instant at = box->now();
  EXPECT_TRUE(box->take_event("a", at));
  EXPECT_FALSE(box->take_event("a", at + std::chrono::hours(47)));
  EXPECT_TRUE(box->take_event("a", at + std::chrono::hours(49)));
}

}  // namespace
}  // namespace rf::sim
