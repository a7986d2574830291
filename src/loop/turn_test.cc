#include "loop/turn.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "loop/sight.h"
#include "store/failing_store.h"
#include "store/sqlite.h"

namespace rf::loop {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

Instant instant(const char* text) { return parse_instant(text).value(); }
Day day(const char* text) { return parse_day(text).value(); }

// A store in a folder that is gone afterwards.
class TurnTest : public testing::Test {
 protected:
  void SetUp() override {
    account_.id.text = "meta:1";
    account_.platform = Platform::meta;
    account_.currency = Currency::parse("USD").value();
    account_.zone = TimeZone::parse("America/New_York").value();
    std::filesystem::create_directories(folder_);
    store_ = open_sqlite((folder_ / "s.db").string()).value();
  }
  void TearDown() override {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  MetricRow row(int ad, Day on, Rng& rng) const {
    MetricRow row{.day = on, .conversion_event = "purchases"};
    row.entity.ad_id = std::to_string(ad);
    row.entity.ad_name = "ad " + row.entity.ad_id;
    std::int64_t clicks = rng.binomial(5000, 0.01);
    row.counts.set(Metric::impressions, 5000);
    row.counts.set(Metric::link_clicks, clicks);
    row.counts.set(Metric::spend, 50'000'000);
    row.counts.set(Metric::conversions, rng.binomial(clicks, ad == 1 ? 0.1 : 0.03) * 1'000'000);
    return row;
  }

  // Days up to the first of `asked`, all at that moment.
  void import(Store& store, Day first, Day last, Instant asked, const std::string& name) {
    auto writer = store.write_metrics({.file = name, .sha256 = name, .as_of = asked}).value();
    Rng rng(7);
    for (Day on = first; on <= last; on += Days(1)) {
      for (int ad = 1; ad <= 4; ++ad) ASSERT_TRUE(writer->add(account_, row(ad, on, rng)));
    }
    ASSERT_TRUE(writer->commit(JsonObject()).has_value());
  }

  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) /
                                  testing::UnitTest::GetInstance()->current_test_info()->name();
  Account account_;
  std::unique_ptr<Store> store_;
  ManualClock clock_{instant("2026-03-22T12:00:00Z")};
};

TEST_F(TurnTest, JudgesEveryAdOnceAndKeepsThePlan) {
  import(*store_, day("2026-03-01"), day("2026-03-21"), clock_.now(), "a.csv");
  Turned turned = turn(*store_, account_, clock_).value();
  EXPECT_THAT(turned.plan.items, SizeIs(4));
  EXPECT_THAT(turned.notices, IsEmpty());
  EXPECT_EQ(store_->plan(account_.id, turned.plan.hash).value(), turned.plan);
  EXPECT_THAT(store_->turns(account_.id, 10).value(), SizeIs(1));
}

TEST_F(TurnTest, TheSameMomentGivesTheSamePlan) {
  import(*store_, day("2026-03-01"), day("2026-03-21"), clock_.now(), "a.csv");
  Turned first = turn(*store_, account_, clock_).value();
  Turned second = turn(*store_, account_, clock_).value();
  EXPECT_EQ(first.plan, second.plan);
  EXPECT_EQ(first.record.id + 1, second.record.id);
  EXPECT_EQ(second.record.steps.front().rows, 0);  // Nothing was new.
}

TEST_F(TurnTest, ADayIsClosedOnceThePlatformWasAskedAfterItsEndInTheAccountsZone) {
  // 03:59 UTC on the 22nd is still the 21st in New York.
  import(*store_, day("2026-03-01"), day("2026-03-21"), instant("2026-03-22T03:59:00Z"), "a.csv");
  ASSERT_TRUE(store_->remember(account_.id).has_value());
  EXPECT_EQ(look(*store_, account_, clock_.now()).value().today, day("2026-03-21"));
  import(*store_, day("2026-03-21"), day("2026-03-21"), instant("2026-03-22T04:01:00Z"), "b.csv");
  ASSERT_TRUE(store_->remember(account_.id).has_value());
  EXPECT_EQ(look(*store_, account_, clock_.now()).value().today, day("2026-03-22"));
}

TEST_F(TurnTest, StaleNumbersAreSaid) {
  import(*store_, day("2026-03-01"), day("2026-03-10"), clock_.now(), "a.csv");
  Turned turned = turn(*store_, account_, clock_).value();
  ASSERT_THAT(turned.notices, SizeIs(1));
  EXPECT_THAT(turned.notices[0], testing::HasSubstr("the numbers end on 2026-03-10, 12 days ago"));
}

TEST_F(TurnTest, WhicheverStoreCallFailsTheTurnEndsCleanAndTheNextOneRepairs) {
  import(*store_, day("2026-03-01"), day("2026-03-21"), clock_.now(), "a.csv");
  Plan expected = turn(*store_, account_, clock_).value().plan;
  int n = 1;
  for (;; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    FailingStore failing(*store_, n);
    Result<Turned> turned = turn(failing, account_, clock_);
    if (turned) break;
    EXPECT_EQ(turned.error().code, ErrorCode::unavailable);
    EXPECT_THAT(store_->check().value(), IsEmpty());
    EXPECT_EQ(turn(*store_, account_, clock_).value().plan, expected);
  }
  EXPECT_GT(n, 5);
}

TEST_F(TurnTest, AnAccountsOwnPoliciesComeBeforeThoseForAll) {
  import(*store_, day("2026-03-01"), day("2026-03-21"), clock_.now(), "a.csv");
  EXPECT_EQ(policies_of(*store_, account_.id).value(), decide::Policies());
  decide::Policies all;
  all.target_cpa = 30;
  ASSERT_TRUE(store_->put_document({}, "policies", to_json(all)));
  EXPECT_EQ(policies_of(*store_, account_.id).value().target_cpa, 30);
  decide::Policies own;
  own.target_cpa = 20;
  ASSERT_TRUE(store_->put_document(account_.id, "policies", to_json(own)));
  EXPECT_EQ(policies_of(*store_, account_.id).value().target_cpa, 20);
  ASSERT_TRUE(store_->put_document(account_.id, "policies", JsonObject{{"target_cpa", "much"}}));
  EXPECT_EQ(policies_of(*store_, account_.id).error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace rf::loop
