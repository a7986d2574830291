// Actions on ads whose worth is known are judged as they deserve, and the ladder follows.

#include "loop/verdicts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::loop {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// Ad 1 sells a tenth of what the others do, ad 2 three times as much.
std::vector<MetricRow> month() {
  std::vector<MetricRow> rows;
  for (std::int64_t day = 0; day < 30; ++day) {
    for (std::int64_t ad = 1; ad <= 6; ++ad) {
      MetricRow row = test_row(ad, day, 1000);
      row.counts.set(Metric::spend, 50 * kMicrosPerUnit);
      const std::int64_t sales = ad == 1 ? (day % 3 == 0 ? 1 : 0) : ad == 2 ? 9 : 3;
      row.counts.set(Metric::conversions, sales * 1'000'000);
      rows.push_back(row);
    }
  }
  return rows;
}

class Verdicts : public testing::Test {
 protected:
  Verdicts() {
    RF_CHECK(write_rows(*store_, test_source(900), month(), account_).has_value());
    action(1, "kill", RunStatus::paused);
    action(2, "kill", RunStatus::paused);
    action(2, "promote", RunStatus::active);
  }

  void action(std::int64_t ad, const std::string& policy, RunStatus after) {
    Receipt receipt;
    receipt.step = {.key = policy + std::to_string(ad),
                    .policy = policy,
                    .level = Level::ad,
                    .entity = "a" + std::to_string(ad)};
    receipt.step.before.status = after == RunStatus::active ? RunStatus::paused : RunStatus::active;
    receipt.step.after.status = after;
    receipt.asked = receipt.looked = receipt.at = account_.zone.start_of(test_day(15));
    const std::int64_t head = store_->actions().head(account_.id).value();
    RF_CHECK(store_->actions().open(account_.id, receipt, head).has_value());
    receipt.state = ReceiptState::done;
    RF_CHECK(store_->actions().settle(account_.id, receipt).has_value());
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_ = open_sqlite(folder_.file("store.db")).value();
  Account account_ = test_account();
};

TEST_F(Verdicts, WaitUntilTheirDayIsOver) {
  const Instant third_day = account_.zone.start_of(test_day(18)) + std::chrono::hours(23);
  EXPECT_THAT(judge_actions(*store_, account_, third_day).value(), IsEmpty());
  const Instant after = account_.zone.start_of(test_day(19));
  EXPECT_THAT(judge_actions(*store_, account_, after).value(), SizeIs(3));
  EXPECT_THAT(judge_actions(*store_, account_, after).value(), IsEmpty());
}

TEST_F(Verdicts, AreWhatTheAdsDeserve) {
  const Instant later = account_.zone.start_of(test_day(40));
  std::vector<VerdictRecord> all = judge_actions(*store_, account_, later).value();
  ASSERT_THAT(all, SizeIs(9));
  EXPECT_EQ(all[0].outcome, VerdictOutcome::right);  // The bad ad was stopped,
  EXPECT_EQ(all[3].outcome, VerdictOutcome::wrong);  // the good one too,
  EXPECT_EQ(all[8].outcome, VerdictOutcome::right);  // and it was started again.
  EXPECT_LT(all[0].high.value(), 1);
  EXPECT_GT(all[3].low.value(), 1);
  EXPECT_NEAR(all[8].ratio.value(), 9 / ((1.0 / 3 + 4 * 3) / 5), 0.2);
}

TEST(Standings, MoveOneStepInBothDirectionsAndUpNeedsMore) {
  auto verdicts = [](std::int64_t right, std::int64_t wrong) {
    std::vector<VerdictRecord> all;
    for (std::int64_t i = 0; i < right + wrong; ++i) {
      all.push_back({.receipt = i + 1,
                     .policy = "kill",
                     .after_days = 7,
                     .outcome = i < right ? VerdictOutcome::right : VerdictOutcome::wrong});
    }
    return all;
  };
  act::Limits limits;
  limits.level = act::Autonomy::approve;
  EXPECT_EQ(standings(verdicts(4, 0), limits)[0].suggested, act::Autonomy::approve);
  EXPECT_EQ(standings(verdicts(10, 0), limits)[0].suggested, act::Autonomy::automatic);
  EXPECT_EQ(standings(verdicts(7, 3), limits)[0].suggested, act::Autonomy::approve);
  EXPECT_EQ(standings(verdicts(2, 5), limits)[0].suggested, act::Autonomy::propose);
  limits.level = act::Autonomy::automatic;
  EXPECT_EQ(standings(verdicts(10, 0), limits)[0].suggested, act::Autonomy::automatic);
  EXPECT_EQ(standings(verdicts(10, 0), limits)[0].win_rate->n, 10);
}

// A verdict that came clear later counts, not the unclear one before or after it.
TEST(Standings, CountEachActionOnce) {
  std::vector<VerdictRecord> all{
      {.receipt = 1, .policy = "kill", .after_days = 3, .outcome = VerdictOutcome::wrong},
      {.receipt = 1, .policy = "kill", .after_days = 7, .outcome = VerdictOutcome::right},
      {.receipt = 1, .policy = "kill", .after_days = 14, .outcome = VerdictOutcome::unclear}};
  const Standing standing = standings(all, act::Limits()).at(0);
  EXPECT_EQ(standing.right, 1);
  EXPECT_EQ(standing.wrong, 0);
  EXPECT_EQ(standing.unclear, 0);
}

}  // namespace
}  // namespace rf::loop
