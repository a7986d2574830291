// Approving, executing, taking back and stopping through the operations, on a platform in memory.

#include "api/acting.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/acting_for_test.h"
#include "api/audit.h"
#include "api/moment.h"
#include "api/sync.h"
#include "api/verdicts.h"

namespace rf::api {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(ActingOperations, WithoutLimitsNothingIsDone) {
  ActingOutput output = plan_execute({}, services_).value();
  EXPECT_THAT(platform_.alterations, IsEmpty());
  ASSERT_FALSE(output.failed.empty());
  EXPECT_EQ(output.failed[0].code, "denied");
}

TEST_F(ActingOperations, WhatWasApprovedIsDoneOnceAndTakenBack) {
  allow("approve");
  ActingOutput output = plan_execute({}, services_).value();
  for (const act::StepResult& each : output.steps) {
    EXPECT_EQ(each.outcome, act::StepOutcome::waiting) << each.reason;
  }
  output = plan_approve({.as = "ann"}, services_).value();
  ASSERT_THAT(output.steps, SizeIs(2));  // Two of the items meet in one budget.
  for (const act::StepResult& each : output.steps) {
    EXPECT_EQ(each.outcome, act::StepOutcome::allowed) << each.reason;
  }
  EXPECT_THAT(platform_.alterations, IsEmpty());
  output = plan_execute({}, services_).value();
  EXPECT_THAT(output.failed, IsEmpty());
  EXPECT_EQ(budget(), act::usd(108));  // 100 + 10 - 2.
  EXPECT_EQ(act::find(platform_.now, Level::ad, "a1")->status, RunStatus::paused);
  EXPECT_EQ(receipts({}, services_).value().receipts_in_all, 2);
  output = undo({.batch = act::batch_of(plan_), .as = "ann"}, services_).value();
  EXPECT_THAT(output.failed, IsEmpty());
  EXPECT_EQ(budget(), act::usd(100));
  EXPECT_EQ(act::find(platform_.now, Level::ad, "a1")->status, RunStatus::active);
  const AuditVerifyOutput checked = audit_verify({}, services_).value();
  for (const AuditLog& log : checked.logs) {
    EXPECT_THAT(log.problems, IsEmpty());
  }
}

TEST_F(ActingOperations, ConsentIsVoidWhenTheAccountChangedMeanwhile) {
  allow("approve");
  ASSERT_TRUE(plan_approve({.as = "ann"}, services_).has_value());
  act::find(platform_.now, Level::adset, "s1")->daily_budget = act::usd(90);
  ActingOutput output = plan_execute({}, services_).value();
  EXPECT_EQ(output.steps[0].outcome, act::StepOutcome::done);
  EXPECT_EQ(output.steps[1].outcome, act::StepOutcome::waiting);
  EXPECT_EQ(budget(), act::usd(90));
}

TEST_F(ActingOperations, APlanExpiresAndIsOnlyWhatItWas) {
  allow("auto");
  clock_.advance(std::chrono::hours(24));
  EXPECT_EQ(plan_execute({}, services_).error().code, ErrorCode::conflict);
  clock_.advance(-std::chrono::hours(24));
  plan_.items[1].to = act::usd(5000);  // Its hash is not touched.
  plan_.hash = "forged";
  Store& store = *services_.store().value();
  ASSERT_TRUE(
      store.put_turn({.account = account_.id.text, .started = clock_.now()}, plan_).has_value());
  EXPECT_THAT(plan_execute({}, services_).error().message, HasSubstr("not as it was made"));
  EXPECT_THAT(platform_.alterations, IsEmpty());
}

TEST_F(ActingOperations, AnAccountKnownFromFilesOnlyGivesAListForAPerson) {
  Services files(folder_.file("store.db"), open_sqlite, clock_, progress_);
  const std::string list = folder_.file("list.csv");
  ActingOutput output = plan_execute({.write = list}, files).value();
  EXPECT_FALSE(output.connected);
  EXPECT_THAT(output.steps, IsEmpty());
  ASSERT_THAT(output.by_hand, SizeIs(3));
  EXPECT_EQ(output.by_hand[0].what, "pause 'a1'");
  EXPECT_TRUE(std::filesystem::exists(list));
  EXPECT_EQ(plan_approve({}, files).error().code, ErrorCode::unsupported);
}

TEST_F(ActingOperations, KillAllStaysQueuedWhereNothingReachesTheAccount) {
  Services files(folder_.file("store.db"), open_sqlite, clock_, progress_);
  EXPECT_TRUE(kill_all({}, files).value().accounts[0].halt.halted);
  allow("auto");
  ActingOutput output = plan_execute({}, services_).value();
  EXPECT_EQ(platform_.now.campaigns[0].status, RunStatus::paused);
  EXPECT_EQ(budget(), act::usd(100));
  EXPECT_FALSE(kill_all({.lift = true}, services_).value().accounts[0].halt.halted);
}

TEST_F(ActingOperations, LimitsOfAnotherCurrencyAreNotMeantForThisAccount) {
  const std::string path = folder_.file("yen.toml");
  std::ofstream(path) << "account_daily = { amount = \"500\", currency = \"JPY\" }\n";
  EXPECT_THAT(limits_set({.file = path}, services_).error().message, HasSubstr("USD"));
  EXPECT_FALSE(limits_show({}, services_).value().limits.has_value());
}

TEST_F(ActingOperations, WhatSomebodyElseChangedIsToldAndWhatWeChangedIsNot) {
  allow("auto");
  EXPECT_THAT(drift({}, services_).value().changes, IsEmpty());
  clock_.advance(std::chrono::minutes(5));
  ASSERT_TRUE(plan_execute({.items = {"1"}}, services_).has_value());
  act::find(platform_.now, Level::adset, "s1")->daily_budget = act::usd(300);
  act::find(platform_.now, Level::ad, "a2")->creative_id = "another";
  std::vector<act::Drift> changes = drift({}, services_).value().changes;
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_EQ(changes[0].what, "creative");
  EXPECT_EQ(changes[1].what, "daily_budget");
  EXPECT_TRUE(changes[1].alarm);
  EXPECT_THAT(drift({}, services_).value().changes, IsEmpty());
}

TEST_F(ActingOperations, TheProgramDoesByItselfWhatWasEarnedAndNothingElse) {
  set_limits(
      "level = \"auto\"\naccount_daily = { amount = \"500\", currency = \"USD\" }\n"
      "change_raise_max = { amount = \"50\", currency = \"USD\" }\n");
  EXPECT_THAT(plan_auto({}, services_).value().accounts, IsEmpty());
  EXPECT_THAT(platform_.alterations, IsEmpty());
  ASSERT_TRUE(
      ladder_set({.policy = "kill", .level = act::Autonomy::automatic, .as = "ann"}, services_)
          .has_value());
  const PlanAutoOutput acted = plan_auto({}, services_).value();
  ASSERT_THAT(acted.accounts, SizeIs(1));
  ASSERT_THAT(acted.accounts[0].steps, SizeIs(1));
  EXPECT_EQ(acted.accounts[0].steps[0].outcome, act::StepOutcome::done);
  EXPECT_EQ(receipts({}, services_).value().receipts[0].receipt.actor, "automat");
  EXPECT_EQ(budget(), act::usd(100));
  // Again: it is done already, and nothing is altered twice.
  ASSERT_TRUE(plan_auto({}, services_).has_value());
  EXPECT_EQ(receipts({}, services_).value().receipts_in_all, 1);
}

TEST_F(ActingOperations, APolicyThatLostItsStandingActsForNobodyAndIsUndoneAllTheSame) {
  allow("auto");
  ASSERT_TRUE(plan_execute({.items = {"1"}}, services_).has_value());
  ASSERT_TRUE(
      ladder_set({.policy = "kill", .level = act::Autonomy::propose}, services_).has_value());
  ASSERT_TRUE(undo({.receipts = {"1"}, .as = "ann"}, services_).has_value());
  EXPECT_EQ(act::find(platform_.now, Level::ad, "a1")->status, RunStatus::active);
  const std::vector<RungView> rungs = ladder_show({}, services_).value().rungs;
  ASSERT_THAT(rungs, SizeIs(5));
  EXPECT_EQ(rungs[2].policy, "kill");
  EXPECT_EQ(rungs[2].level, "propose");
  EXPECT_EQ(rungs[2].most, "auto");
}

TEST_F(ActingOperations, ThePlatformIsNotAskedWhileNumbersAreIncomplete) {
  allow("auto");
  Store& store = *services_.store().value();
  const Json last = to_json(LastSync{.at = clock_.now(), .completeness = 0.5, .trouble = {}});
  ASSERT_TRUE(store.put_document(account_.id, "last_sync", last).has_value());
  const ActingOutput output = plan_execute({.items = {"1"}}, services_).value();
  ASSERT_THAT(output.steps, SizeIs(1));
  EXPECT_EQ(output.steps[0].limit, "completeness_min");
  EXPECT_THAT(platform_.alterations, IsEmpty());
}

TEST(Moment, IsInTheAccountsZone) {
  const TimeZone berlin = TimeZone::parse("Europe/Berlin").value();
  const Instant wednesday = parse_instant("2026-03-04T11:00:00Z").value();
  const auto at = [&](std::string_view text) {
    Result<Instant> moment = parse_moment(text, berlin, wednesday);
    return moment ? to_rfc3339(*moment) : moment.error().message;
  };
  EXPECT_EQ(at("Monday 10:00"), "2026-03-02T09:00:00Z");
  EXPECT_EQ(at("wednesday"), "2026-03-03T23:00:00Z");
  EXPECT_EQ(at("2026-03-02"), "2026-03-01T23:00:00Z");
  EXPECT_EQ(at("yesterday 18:30"), "2026-03-03T17:30:00Z");
  EXPECT_EQ(at("2026-03-02T10:00:00Z"), "2026-03-02T10:00:00Z");
  EXPECT_THAT(at("tuesday 25:00"), HasSubstr("no moment"));
  EXPECT_THAT(at("soon"), HasSubstr("no moment"));
}

}  // namespace
}  // namespace rf::api
