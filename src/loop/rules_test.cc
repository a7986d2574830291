// Users' rules in the loop: from the stored past to an item in the plan.

#include "loop/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "loop/facts.h"
#include "loop/past.h"
#include "loop/turn.h"
#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::loop {
namespace {

using testing::HasSubstr;

// Three ads by day; ad 3's conversions are said four days late.
class RulesTest : public testing::Test {
 protected:
  static constexpr std::int64_t kDays = 20;

  void SetUp() override {
    store_ = open_sqlite(folder_.file("s.db")).value();
    for (std::int64_t today = 1; today <= kDays; ++today) import_morning(today);
    ASSERT_TRUE(store_->remember(account_.id).has_value());
  }

  // What is said on the morning of test_day(today) about the five days before.
  void import_morning(std::int64_t today) {
    std::vector<MetricRow> rows;
    for (std::int64_t day = std::max<std::int64_t>(0, today - 5); day < today; ++day) {
      for (std::int64_t ad = 1; ad <= 3; ++ad) {
        MetricRow row = test_row(ad, day, 1000);
        row.counts.set(Metric::spend, 100'000'000);
        row.counts.set(Metric::link_clicks, 20);
        const std::int64_t sales = ad == 1 ? 3 : (ad == 2 || today - day < 4 ? 0 : 5);
        row.counts.set(Metric::conversions, sales * 1'000'000);
        row.counts.set(Metric::conversion_value, sales * 60'000'000);
        rows.push_back(row);
      }
    }
    const Instant at = account_.zone.start_of(test_day(today)) + std::chrono::hours(8);
    ImportSource source = test_source(today);
    source.as_of = at;
    ASSERT_TRUE(write_rows(*store_, source, rows, account_).has_value());
    clock_ = ManualClock(at + std::chrono::hours(1));
  }

  static decide::Rule rule(std::string_view action) {
    const std::string text =
        "name = \"no-sales\"\naction = \"" + std::string(action) +
        "\"\ncooldown_hours = 72\nwhen = { all = ["
        "{ metric = \"spend\", days = 3, is = \"at_least\", value = 300 },"
        "{ metric = \"conversions\", days = 3, is = \"at_most\", value = 0 } ] }";
    return decide::read_rules(*parse_toml(text), "test").value().front();
  }

  void arm(const decide::Rule& rule) {
    ASSERT_TRUE(put_armed(*store_, account_.id, {{{.rule = rule, .hash = decide::hash_of(rule)}}})
                    .has_value());
  }

  const PlanItem* item_of(const Plan& plan, std::string_view ad) {
    const auto found = std::ranges::find(plan.items, ad, &PlanItem::ad);
    return found == plan.items.end() ? nullptr : &*found;
  }

  TemporaryFolder folder_;
  Account account_ = test_account();
  ManualClock clock_{Instant{}};
  std::unique_ptr<Store> store_;
};

TEST_F(RulesTest, ThePastIsReadAsItBecameKnown) {
  const std::vector<decide::Rule> rules{rule("pause")};
  const PastSight past = look_back(*store_, account_, rules, clock_.now(), test_day(0)).value();
  EXPECT_EQ(past.days, 3 * kDays);
  EXPECT_EQ(past.late_days, 0);
  const decide::Backtest result =
      decide::backtest(rules, past.past, past.target_cpa, test_day(0)).front();
  // Ad 2 never sells; ad 3 looks like it until the fourth morning.
  ASSERT_EQ(result.firings.size(), 2U);
  EXPECT_EQ(result.firings[0].day, test_day(3));
  EXPECT_EQ(result.firings[1].day, test_day(3));
  EXPECT_EQ(result.regrets, 1);
  EXPECT_EQ(result.right, 1);
}

TEST_F(RulesTest, AnArmedRuleActsInThePlanUnderItsName) {
  arm(rule("pause"));
  const Plan plan = turn(*store_, account_, clock_).value().plan;
  const PlanItem* late = item_of(plan, "Ad 3");
  ASSERT_NE(late, nullptr);
  EXPECT_EQ(late->action, Action::kill);
  EXPECT_EQ(late->reason_code, "no-sales");
  EXPECT_THAT(late->reason, HasSubstr("your rule no-sales: every day, for each ad, when spend"));
  EXPECT_THAT(late->reason, HasSubstr("conversions of 3 days 0"));
  EXPECT_THAT(late->reason, HasSubstr("the policies alone: "));
  EXPECT_NE(item_of(plan, "Ad 1")->reason_code, "no-sales");
}

TEST_F(RulesTest, ARuleRestsAfterItsActAndNotAfterItsProposal) {
  arm(rule("lower_budget"));
  const Plan plan = turn(*store_, account_, clock_).value().plan;
  ASSERT_EQ(item_of(plan, "Ad 3")->reason_code, "no-sales");
  EXPECT_EQ(item_of(turn(*store_, account_, clock_).value().plan, "Ad 3")->reason_code, "no-sales")
      << "a proposal that nobody carried out is made again";
  ASSERT_TRUE(note_rule_acts(*store_, account_.id, plan.items, clock_.now()).has_value());
  EXPECT_NE(item_of(turn(*store_, account_, clock_).value().plan, "Ad 3")->reason_code, "no-sales");
}

// Ad 3's five conversions a day are said on the fourth day after: of 20 days 16 are known.
TEST_F(RulesTest, WhatIsOnItsWayIsExpectedFromHowItCameBefore) {
  const Plan plan = turn(*store_, account_, clock_).value().plan;
  const auto complete = [&](std::string_view ad) {
    const auto& rows = item_of(plan, ad)->evidence;
    const auto row = std::ranges::find(rows, "conversions_when_complete", &Evidence::name);
    return row == rows.end() ? std::nullopt : row->estimate;
  };
  ASSERT_TRUE(complete("Ad 3"));
  EXPECT_EQ(complete("Ad 3")->n, 85);
  EXPECT_GT(complete("Ad 3")->value, 86);
  EXPECT_LT(complete("Ad 3")->value, 110);
  EXPECT_GT(complete("Ad 3")->high, complete("Ad 3")->value);
  ASSERT_TRUE(complete("Ad 2"));
  EXPECT_LT(complete("Ad 2")->value, 1) << "nothing came, so hardly anything is on its way";
}

TEST_F(RulesTest, ANoticeChangesNothing) {
  const Plan before = turn(*store_, account_, clock_).value().plan;
  arm(rule("notify"));
  const Turned turned = turn(*store_, account_, clock_).value();
  EXPECT_EQ(turned.plan, before);
  EXPECT_THAT(turned.notices, testing::Contains(HasSubstr("Ad 3: your rule no-sales")));
}

TEST_F(RulesTest, OfTwoRulesWithOneNameTheAccountsOwnCounts) {
  decide::Rule own = rule("pause");
  decide::Rule all = rule("notify");
  arm(own);
  ASSERT_TRUE(put_armed(*store_, {}, {{{.rule = all, .hash = decide::hash_of(all)}}}).has_value());
  const std::vector<decide::Rule> rules = armed_rules(*store_, account_.id).value();
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules.front().action, decide::RuleAction::pause);
}

TEST_F(RulesTest, ABacktestIsFoundByExactlyWhatWasTried) {
  decide::Rule tried = rule("pause");
  const KeptBacktest kept{.rule = tried.name, .hash = decide::hash_of(tried), .at = clock_.now()};
  ASSERT_TRUE(keep_backtests(*store_, {}, std::span(&kept, 1)).has_value());
  EXPECT_TRUE(backtest_of(*store_, account_.id, decide::hash_of(tried)).value().has_value());
  tried.cooldown_hours = 71;
  EXPECT_FALSE(backtest_of(*store_, account_.id, decide::hash_of(tried)).value().has_value());
}

}  // namespace
}  // namespace rf::loop
