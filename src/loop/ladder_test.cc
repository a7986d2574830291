// The ladder moves by verdicts alone, a step at a time, within what the limits allow; and what was
// only wanted, or done by others, is judged like what was done.

#include "loop/ladder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::loop {
namespace {

using act::Autonomy;
using testing::IsEmpty;
using testing::SizeIs;

// Twenty ads: the even ones sell hardly, the others do.
class LadderTest : public testing::Test {
 protected:
  LadderTest() {
    std::vector<MetricRow> rows;
    for (std::int64_t day = 0; day < 60; ++day) {
      for (std::int64_t ad = 0; ad < 20; ++ad) {
        MetricRow row = test_row(ad, day, 1000);
        row.counts.set(Metric::spend, 50 * kMicrosPerUnit);
        const std::int64_t sales = ad % 2 == 1 ? 4 : day % 4 == 0 ? 1 : 0;
        row.counts.set(Metric::conversions, sales * 1'000'000);
        rows.push_back(row);
      }
    }
    RF_CHECK(write_rows(*store_, test_source(2000), rows, account_).has_value());
    limits_.level = Autonomy::automatic;
  }

  Instant morning(std::int64_t day) const {
    return account_.zone.start_of(test_day(day)) + std::chrono::hours(8);
  }

  // A plan that wants to kill the ads.
  Plan plan(const std::vector<std::int64_t>& ads, std::int64_t day) const {
    Plan plan{.account = account_.id.text, .made_at = morning(day)};
    for (const std::int64_t ad : ads) {
      PlanItem item;
      item.id = std::to_string(plan.items.size() + 1);
      item.action = Action::kill;
      item.entity = id_of(test_ad(ad)).text;
      item.ad = test_ad(ad).ad_name;
      plan.items.push_back(item);
    }
    return plan;
  }

  Autonomy level() {
    const Ladder ladder = ladder_of(*store_, account_.id).value();
    return act::level_for(earned(limits_, ladder, {}), "kill");
  }

  void wish(const std::vector<std::int64_t>& ads, std::int64_t day) {
    const Ladder ladder = ladder_of(*store_, account_.id).value();
    RF_CHECK(note_shadow(*store_, account_.id, plan(ads, day), earned(limits_, ladder, {}), {})
                 .has_value());
  }

  std::vector<Moved> judge(std::int64_t day) {
    RF_CHECK(judge_observed(*store_, account_, morning(day)).has_value());
    return climb(*store_, account_, limits_, morning(day)).value();
  }

  const std::vector<std::int64_t> losers_{0, 2, 4, 6, 8, 10, 12, 14, 16, 18};
  const std::vector<std::int64_t> winners_{1, 3, 5, 7, 9, 11, 13, 15, 17, 19};
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_ = open_sqlite(folder_.file("store.db")).value();
  Account account_ = test_account();
  act::Limits limits_;
};

TEST_F(LadderTest, BeginsWhereTheLimitsSayAndNeverAboveTheMost) {
  EXPECT_EQ(level(), Autonomy::approve);
  limits_.level = Autonomy::propose;
  EXPECT_EQ(level(), Autonomy::propose);
  limits_.level = Autonomy::automatic;
  limits_.starts = Autonomy::automatic;
  EXPECT_EQ(level(), Autonomy::automatic);
}

TEST_F(LadderTest, ClimbsByWishesThatProvedRightOneStepAndOnce) {
  limits_.starts = Autonomy::propose;
  wish(losers_, 10);
  wish(losers_, 12);  // The same wishes again are the same.
  EXPECT_THAT(observed_acts(*store_, account_.id).value().acts, SizeIs(10));
  EXPECT_THAT(judge(12), IsEmpty());
  const std::vector<Moved> moves = judge(28);
  ASSERT_THAT(moves, SizeIs(1));
  EXPECT_EQ(moves[0].from, Autonomy::propose);
  EXPECT_EQ(level(), Autonomy::approve);
  // The same verdicts do not lift it twice.
  EXPECT_THAT(judge(29), IsEmpty());
  wish(losers_, 30);
  ASSERT_THAT(judge(48), SizeIs(1));
  EXPECT_EQ(level(), Autonomy::automatic);
}

TEST_F(LadderTest, FallsByWishesThatProvedWrongAndCanRiseAgain) {
  wish(winners_, 10);
  EXPECT_THAT(judge(28), SizeIs(1));
  EXPECT_EQ(level(), Autonomy::propose);
  wish(losers_, 30);
  EXPECT_THAT(judge(48), SizeIs(1));
  EXPECT_EQ(level(), Autonomy::approve);
}

TEST_F(LadderTest, NeverLeavesWhatTheLimitsAllow) {
  limits_.level = Autonomy::approve;
  wish(losers_, 10);
  EXPECT_THAT(judge(28), IsEmpty());
  EXPECT_EQ(level(), Autonomy::approve);
}

TEST_F(LadderTest, APersonMayPutAPolicyElsewhereAndTheLogKnows) {
  ASSERT_TRUE(
      put_on_rung(*store_, account_.id, "kill", Autonomy::observe, "ann", morning(1)).has_value());
  EXPECT_EQ(level(), Autonomy::observe);
  EXPECT_EQ(
      put_on_rung(*store_, account_.id, "kil", Autonomy::observe, "ann", morning(1)).error().code,
      ErrorCode::invalid);
  EXPECT_EQ(store_->actions().head(account_.id).value(), 1);
}

TEST_F(LadderTest, ARuleStandsOnARungOfItsOwn) {
  act::Limits limits = earned(limits_, {.rungs = {{"rule:surf", {.level = Autonomy::observe}}}},
                              {{"surf", "increase_budget"}, {"stop-loss", "kill"}});
  EXPECT_EQ(act::level_for(limits, "rule:surf"), Autonomy::observe);
  EXPECT_EQ(act::level_for(limits, "rule:stop-loss"), Autonomy::approve);
}

TEST_F(LadderTest, ARuleIsNoWayAroundALevelOfWhatItDoes) {
  limits_.starts = Autonomy::automatic;
  limits_.levels = {{"kill", Autonomy::observe}, {"rule:mine", Autonomy::approve}};
  const act::RuleActions rules{
      {"mine", "kill"}, {"stop-loss", "kill"}, {"surf", "increase_budget"}};
  const act::Limits limits = earned(limits_, {}, rules);
  EXPECT_EQ(act::level_for(limits, "rule:stop-loss"), Autonomy::observe);
  EXPECT_EQ(act::level_for(limits, "rule:surf"), Autonomy::automatic);
  EXPECT_EQ(act::level_for(limits, "rule:mine"), Autonomy::approve);
}

TEST_F(LadderTest, WhatOthersDidIsJudgedToo) {
  const auto stopped = [](std::int64_t ad) {
    return act::Drift{.thing = "ad:a" + std::to_string(ad),
                      .name = "Ad",
                      .what = "status",
                      .before = "active",
                      .after = "paused"};
  };
  ASSERT_TRUE(note_others(*store_, account_.id, {stopped(1), stopped(2)}, morning(20)).has_value());
  const ObservedActs acts = judge_observed(*store_, account_, morning(40)).value();
  ASSERT_THAT(acts.acts, SizeIs(2));
  ASSERT_THAT(acts.acts[0].verdicts, SizeIs(3));
  EXPECT_EQ(acts.acts[0].verdicts[0].outcome, VerdictOutcome::wrong);
  EXPECT_EQ(acts.acts[1].verdicts[0].outcome, VerdictOutcome::right);
  // They have no rung to climb.
  EXPECT_THAT(climb(*store_, account_, limits_, morning(40)).value(), IsEmpty());
}

}  // namespace
}  // namespace rf::loop
