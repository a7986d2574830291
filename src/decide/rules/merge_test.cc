#include "decide/rules/merge.h"

#include <gtest/gtest.h>

#include "decide/verdict.h"

namespace rf::decide {
namespace {

const Currency kUsd = Currency::parse("USD").value();

PlanItem item_with(Action action, std::int64_t from, std::int64_t to) {
  PlanItem item;
  item.action = action;
  item.entity = "ad:1";
  item.reason_code = "policy";
  item.reason = "the policy's words";
  item.from = Money{from * kMicrosPerUnit, kUsd};
  item.to = Money{to * kMicrosPerUnit, kUsd};
  return item;
}

RuleFinding finding_of(RuleAction action, double percent = 20) {
  return {.entity = "ad:1",
          .rule = "mine",
          .action = action,
          .percent = percent,
          .on_conversions = true,
          .text = "your rule mine"};
}

PlanItem merged(PlanItem item, const RuleFinding& finding, bool broken = false) {
  std::vector<PlanItem> items{std::move(item)};
  merge_findings(std::span(&finding, 1), broken, items);
  return items.front();
}

TEST(MergeFindings, APauseStandsOverEverythingButAKill) {
  for (Action action : {Action::promote, Action::increase_budget, Action::decrease_budget,
                        Action::keep, Action::wait}) {
    const PlanItem item = merged(item_with(action, 50, 60), finding_of(RuleAction::pause));
    EXPECT_EQ(item.action, Action::kill);
    EXPECT_EQ(item.reason_code, "mine");
    EXPECT_EQ(item.to->micros, 0);
    EXPECT_NE(item.reason.find("the policies alone: "), std::string::npos);
  }
  const PlanItem item = merged(item_with(Action::kill, 50, 0), finding_of(RuleAction::pause));
  EXPECT_EQ(item.reason_code, "policy");
  EXPECT_NE(item.reason.find("it is to be paused already"), std::string::npos);
}

TEST(MergeFindings, TheLowerBudgetWins) {
  const RuleFinding lower = finding_of(RuleAction::lower_budget);
  EXPECT_EQ(merged(item_with(Action::keep, 50, 50), lower).to->micros, 40 * kMicrosPerUnit);
  EXPECT_EQ(merged(item_with(Action::increase_budget, 50, 60), lower).action,
            Action::decrease_budget);
  const PlanItem low = merged(item_with(Action::decrease_budget, 50, 25), lower);
  EXPECT_EQ(low.to->micros, 25 * kMicrosPerUnit);
  EXPECT_EQ(low.reason_code, "policy");
  EXPECT_EQ(merged(item_with(Action::kill, 50, 0), lower).action, Action::kill);
}

TEST(MergeFindings, ARaiseGivesWayToWhatTheEvidenceTakes) {
  const RuleFinding raise = finding_of(RuleAction::raise_budget);
  EXPECT_EQ(merged(item_with(Action::keep, 50, 50), raise).to->micros, 60 * kMicrosPerUnit);
  EXPECT_EQ(merged(item_with(Action::decrease_budget, 50, 25), raise).action,
            Action::decrease_budget);
  EXPECT_EQ(merged(item_with(Action::kill, 50, 0), raise).action, Action::kill);
  EXPECT_EQ(merged(item_with(Action::promote, 50, 70), raise).reason_code, "policy");
}

TEST(MergeFindings, NoRuleActsOnConversionsWhileTrackingLooksBroken) {
  PlanItem item = merged(item_with(Action::wait, 50, 50), finding_of(RuleAction::pause), true);
  EXPECT_EQ(item.action, Action::wait);
  RuleFinding on_clicks = finding_of(RuleAction::pause);
  on_clicks.on_conversions = false;
  item = merged(item_with(Action::wait, 50, 50), on_clicks, true);
  EXPECT_EQ(item.action, Action::kill);
}

TEST(DeservesRevival, OnlyConversionsThatArrivedSinceCanProveAKillWrong) {
  Policies policies;
  policies.target_cpa = 50;
  const Limits limits = limits_of(policies, Group(), Platform::meta);
  Case ad;
  ad.age_days = 20;
  ad.spend = ad.settled_spend = 500;
  ad.arrived_conversions = 12;
  EXPECT_TRUE(deserves_revival(ad, Group(), limits, 2)) << "12 at 50 are worth what was spent";
  EXPECT_FALSE(deserves_revival(ad, Group(), limits, 12)) << "nothing arrived since";
  ad.arrived_conversions = 3;
  EXPECT_FALSE(deserves_revival(ad, Group(), limits, 0)) << "three do not pay for 500";
}

TEST(DeservesRevival, NotWhileAKillRuleIsStillEstablished) {
  Policies policies;
  policies.target_cpa = 50;
  const Limits limits = limits_of(policies, Group(), Platform::meta);
  Case ad;
  ad.age_days = 60;
  ad.spend = ad.settled_spend = 20000;
  ad.arrived_conversions = 4;
  ASSERT_TRUE(is_established(kill_claims(ad, Group(), limits)[2], limits.kill_wealth));
  EXPECT_FALSE(deserves_revival(ad, Group(), limits, 0));
}

}  // namespace
}  // namespace rf::decide
