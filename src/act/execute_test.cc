// Steps are done once in effect, whatever dies when, and can be taken back to the exact state
// before.

#include "act/execute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "act/audit.h"
#include "act/kill_all.h"
#include "act/redact.h"
#include "act/undo.h"
#include "act/world_for_test.h"
#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::act {
namespace {

using testing::Each;
using testing::IsEmpty;
using testing::SizeIs;

class Acting : public testing::Test {
 protected:
  Acting() { begin_anew(); }

  void begin_anew() {
    ledger_.reset();
    store_.reset();
    const std::string path = folder_.file("store" + std::to_string(++stores_) + ".db");
    store_ = open_sqlite(path).value();
    EXPECT_TRUE(store_->put_account(account_).has_value());
    fate_ = Fate();
    platform_ = std::make_unique<FakePlatform>(clock_, fate_);
    platform_->add(Level::campaign, "c", "", "", RunStatus::active, {});
    platform_->add(Level::adset, "c", "s1", "", RunStatus::active, usd(100));
    platform_->add(Level::adset, "c", "s2", "", RunStatus::active, usd(100));
    for (const char* ad : {"a1", "a2"}) {
      platform_->add(Level::ad, "c", "s1", ad, RunStatus::active, {});
    }
    before_ = platform_->now;
    ledger_ = std::make_unique<MortalLedger>(store_->actions(), fate_);
    limits_.level = Autonomy::automatic;
    limits_.account_daily = usd(1000);
    limits_.change_raise_max = usd(100);
  }

  Hands hands() { return {.ledger = *ledger_, .platform = *platform_, .clock = clock_}; }

  Step step(Level level, const std::string& id) const {
    const EntityState* state = find(before_, level, id);
    return {.key = "p-1:" + id,
            .batch = "p-1",
            .policy = "kill",
            .level = level,
            .entity = id,
            .campaign = "c",
            .before = setting_of(*state),
            .after = setting_of(*state)};
  }

  // A stop, a cut and a raise.
  std::vector<Step> three() const {
    std::vector<Step> steps{step(Level::ad, "a1"), step(Level::adset, "s1"),
                            step(Level::adset, "s2")};
    steps[0].after.status = RunStatus::paused;
    steps[1].after.daily_budget = usd(80);
    steps[2].after.daily_budget = usd(120);
    return steps;
  }

  Orders orders(std::vector<Step> steps) const {
    return {.account = account_,
            .limits = limits_,
            .data = {.known_at = clock_.now()},
            .actor = "ann",
            .steps = std::move(steps)};
  }

  std::vector<StepOutcome> outcomes(const Result<std::vector<StepResult>>& results) {
    EXPECT_TRUE(results.has_value()) << results.error().message;
    std::vector<StepOutcome> all;
    all.reserve(results.value().size());
    for (const StepResult& each : results.value()) all.push_back(each.outcome);
    return all;
  }

  std::vector<Receipt> receipts() {
    return store_->actions().receipts(account_.id, ReceiptQuery()).value();
  }

  // A process that starts again, later than any answer can still arrive.
  void restart() {
    fate_ = Fate();
    clock_.advance(std::chrono::minutes(20));
    platform_->pass_time();
  }

  void expect_whole_log() {
    const AuditState state = verify_audit(store_->actions(), account_.id).value();
    EXPECT_THAT(state.problems, IsEmpty());
  }

  void expect_all_done_once() {
    for (const Step& each : three()) {
      const std::string key = std::string(to_string(each.level)) + each.entity;
      EXPECT_EQ(platform_->alterations[key], 1) << key;
      const EntityState* state = find(std::as_const(platform_->now), each.level, each.entity);
      EXPECT_EQ(setting_of(*state), each.after) << key;
    }
    std::int64_t done = 0;
    for (const Receipt& receipt : receipts()) {
      EXPECT_TRUE(receipt.state == ReceiptState::done || receipt.state == ReceiptState::failed);
      done += receipt.state == ReceiptState::done ? 1 : 0;
    }
    EXPECT_EQ(done, 3);
    expect_whole_log();
  }

  TemporaryFolder folder_;
  int stores_ = 0;
  Account account_ = test_account();
  ManualClock clock_{parse_instant("2026-03-02T11:00:00Z").value()};
  Fate fate_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<FakePlatform> platform_;
  std::unique_ptr<MortalLedger> ledger_;
  AccountNow before_;
  Limits limits_;
};

TEST_F(Acting, DoesEachStepOnceAndReadsItBack) {
  EXPECT_THAT(outcomes(execute(orders(three()), hands())), Each(StepOutcome::done));
  expect_all_done_once();
  EXPECT_THAT(outcomes(execute(orders(three()), hands())), Each(StepOutcome::already));
  expect_all_done_once();
}

TEST_F(Acting, IsDoneOnceWhicheverCallTheProcessDiesAt) {
  int points = 0;
  for (const bool dies_before : {true, false}) {
    for (const double delays : {0.0, 1.0}) {
      for (int n = 1;; ++n) {
        SCOPED_TRACE("call " + std::to_string(n));
        begin_anew();
        fate_ = {.dies_at = n, .dies_before = dies_before};
        platform_->delays = delays;
        static_cast<void>(execute(orders(three()), hands()));
        const bool died = fate_.dead;
        platform_->delays = 0;
        restart();
        ASSERT_TRUE(execute(orders(three()), hands()).has_value());
        expect_all_done_once();
        if (!died) break;
        ++points;
      }
    }
  }
  RecordProperty("crash_points", points);
  EXPECT_GT(points, 80);
}

TEST_F(Acting, IsTakenBackExactlyWhicheverCallTheProcessDiesAt) {
  int points = 0;
  for (const bool dies_before : {true, false}) {
    for (int n = 1;; ++n) {
      SCOPED_TRACE("call " + std::to_string(n));
      begin_anew();
      ASSERT_TRUE(execute(orders(three()), hands()).has_value());
      clock_.advance(std::chrono::hours(1));
      fate_ = {.dies_at = n, .dies_before = dies_before};
      static_cast<void>(undo({.batch = "p-1"}, orders({}), hands()));
      const bool died = fate_.dead;
      restart();
      Result<std::vector<StepResult>> rest = undo({.batch = "p-1"}, orders({}), hands());
      ASSERT_TRUE(rest.has_value()) << rest.error().message;
      EXPECT_EQ(platform_->now, before_);
      for (const auto& [key, count] : platform_->alterations) EXPECT_EQ(count, 2) << key;
      expect_whole_log();
      EXPECT_THAT(undo({.batch = "p-1"}, orders({}), hands()).value(), IsEmpty());
      if (!died) break;
      ++points;
    }
  }
  RecordProperty("crash_points", points);
  EXPECT_GT(points, 50);
}

TEST_F(Acting, ALostAnswerIsLookedForBeforeAnythingElseIsAsked) {
  platform_->loses = 1;
  EXPECT_THAT(outcomes(execute(orders(three()), hands())), Each(StepOutcome::done));
  begin_anew();
  platform_->drops = 1;
  // Nothing is added to a campaign while it is not known how it stands.
  const auto lost =
      testing::ElementsAre(StepOutcome::unknown, StepOutcome::unknown, StepOutcome::refused);
  EXPECT_THAT(outcomes(execute(orders(three()), hands())), lost);
  platform_->drops = 0;
  EXPECT_THAT(outcomes(execute(orders(three()), hands())), lost);
  EXPECT_THAT(platform_->alterations, IsEmpty());
  restart();
  EXPECT_THAT(outcomes(execute(orders(three()), hands())), Each(StepOutcome::done));
  expect_all_done_once();
  EXPECT_EQ(receipts()[2].attempts, 2);
}

TEST_F(Acting, AStepIsVoidWhenTheThingWasChangedMeanwhile) {
  find(platform_->now, Level::adset, "s2")->daily_budget = usd(90);
  std::vector<StepResult> results = execute(orders(three()), hands()).value();
  EXPECT_EQ(results[2].outcome, StepOutcome::is_void);
  EXPECT_EQ(results[2].code, "conflict");
  EXPECT_EQ(results[1].outcome, StepOutcome::done);
  EXPECT_EQ(find(platform_->now, Level::adset, "s2")->daily_budget, usd(90));
}

TEST_F(Acting, OnePersonsConsentIsNotAnothersAndNotForAnotherChange) {
  limits_.level = Autonomy::approve;
  std::vector<Step> steps = three();
  EXPECT_THAT(outcomes(execute(orders(steps), hands())), Each(StepOutcome::waiting));
  for (Step approved : steps) {
    if (approved.entity == "s2") approved.after.daily_budget = usd(110);
    ASSERT_TRUE(store_->actions()
                    .approve(account_.id, {.key = approved.key,
                                           .fingerprint = fingerprint(approved),
                                           .person = "bob",
                                           .at = clock_.now(),
                                           .step = approved})
                    .has_value());
  }
  EXPECT_THAT(outcomes(execute(orders(steps), hands())),
              testing::ElementsAre(StepOutcome::done, StepOutcome::done, StepOutcome::waiting));
  EXPECT_THAT(receipts()[0].approved_by, testing::ElementsAre("bob"));
}

TEST_F(Acting, WhatThePlatformSaysIsKeptWithoutSecrets) {
  // The looks that come before the change are the first eleven calls.
  platform_->before_call = [this] { platform_->refuses = fate_.calls > 10 ? 1 : 0; };
  EXPECT_THAT(outcomes(execute(orders({three()[0]}), hands())), Each(StepOutcome::failed));
  ASSERT_THAT(receipts(), SizeIs(1));
  EXPECT_EQ(receipts()[0].state, ReceiptState::failed);
  EXPECT_EQ(receipts()[0].note, "access_token=(removed) is not welcome");
  EXPECT_EQ(without_secrets("Authorization: Bearer EAAB0987 for ad 120210000000000001"),
            "Authorization: Bearer (removed) for ad 120210000000000001");
  EXPECT_EQ(without_secrets("GET /x?access_token=abc&fields=id"),
            "GET /x?access_token=(removed)&fields=id");
}

TEST_F(Acting, EverythingSinceAMomentIsTakenBackNewestFirst) {
  ASSERT_TRUE(execute(orders({three()[0]}), hands()).has_value());
  clock_.advance(std::chrono::hours(25));
  const Instant monday = clock_.now();
  Step first = three()[2];
  ASSERT_TRUE(execute(orders({first}), hands()).has_value());
  clock_.advance(std::chrono::hours(25));
  Step second = first;
  second.key += " again";
  second.before = first.after;
  second.after.daily_budget = usd(140);
  ASSERT_TRUE(execute(orders({second}), hands()).has_value());
  EXPECT_THAT(outcomes(undo({.since = monday}, orders({}), hands())),
              testing::ElementsAre(StepOutcome::done, StepOutcome::done));
  EXPECT_EQ(find(platform_->now, Level::adset, "s2")->daily_budget, usd(100));
  EXPECT_EQ(find(platform_->now, Level::ad, "a1")->status, RunStatus::paused);
  // Taken back and taking back come to nothing together.
  EXPECT_THAT(undo({.since = monday}, orders({}), hands()).value(), IsEmpty());
  // What was taken back can be put again.
  const std::int64_t last = receipts().back().id;
  EXPECT_THAT(outcomes(undo({.receipts = {last}}, orders({}), hands())), Each(StepOutcome::done));
  EXPECT_EQ(find(platform_->now, Level::adset, "s2")->daily_budget, usd(120));
}

TEST_F(Acting, AnUndoThatWouldBreakACapIsRefused) {
  Step cut = three()[1];
  ASSERT_TRUE(execute(orders({cut}), hands()).has_value());
  limits_.account_daily = usd(300);
  std::vector<StepResult> results = undo({.batch = "p-1"}, orders({}), hands()).value();
  ASSERT_THAT(results, SizeIs(1));
  EXPECT_EQ(results[0].limit, "account_daily");
  EXPECT_EQ(find(platform_->now, Level::adset, "s1")->daily_budget, usd(80));
}

TEST_F(Acting, AnUndoThatNeedsTwoPeopleWaitsForTheSecond) {
  limits_.quorum = {{.raise_above = usd(10), .people = 2}};
  ASSERT_TRUE(execute(orders({three()[1]}), hands()).has_value());
  EXPECT_THAT(outcomes(undo({.batch = "p-1"}, orders({}), hands())), Each(StepOutcome::waiting));
  Orders second = orders({});
  second.actor = "bob";
  EXPECT_THAT(outcomes(undo({.batch = "p-1"}, second, hands())), Each(StepOutcome::done));
}

TEST_F(Acting, KillAllWorksWithThePlatformDownAndKeepsAtItUntilItIsSeen) {
  platform_->refuses = 1;
  Stopping stopping = kill_all(account_, "ann", "fire", hands()).value();
  EXPECT_FALSE(stopping.confirmed);
  EXPECT_FALSE(stopping.trouble.empty());
  platform_->refuses = 0;
  std::vector<StepResult> results = execute(orders(three()), hands()).value();
  EXPECT_EQ(results[0].outcome, StepOutcome::done);  // A stop.
  EXPECT_EQ(results[2].limit, "kill-all");
  stopping = keep_stopping(account_, hands()).value();
  EXPECT_TRUE(stopping.confirmed) << stopping.trouble;
  EXPECT_EQ(platform_->now.campaigns[0].status, RunStatus::paused);
  // A colleague starts it again, and somebody asks again.
  platform_->now.campaigns[0].status = RunStatus::active;
  stopping = kill_all(account_, "bob", "still", hands()).value();
  EXPECT_TRUE(stopping.confirmed);
  EXPECT_EQ(platform_->now.campaigns[0].status, RunStatus::paused);
  // Lifted, it can be taken back.
  limits_.change_raise_max = usd(500);
  EXPECT_THAT(outcomes(undo({.receipts = {receipts().back().id}}, orders({}), hands())),
              Each(StepOutcome::refused));
  ASSERT_TRUE(lift(*ledger_, account_.id, "ann", clock_.now()).has_value());
  EXPECT_THAT(outcomes(undo({.receipts = {receipts().back().id}}, orders({}), hands())),
              Each(StepOutcome::done));
  expect_whole_log();
}

TEST_F(Acting, KillAllNeedsNoLimits) {
  limits_ = Limits();
  EXPECT_TRUE(kill_all(account_, "ann", "fire", hands()).value().confirmed);
}

TEST_F(Acting, KillAllStopsEverythingWhicheverCallTheProcessDiesAt) {
  for (int n = 1;; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    begin_anew();
    fate_ = {.dies_at = n, .dies_before = n % 2 == 0};
    static_cast<void>(kill_all(account_, "ann", "fire", hands()));
    const bool died = fate_.dead;
    restart();
    Stopping stopping = kill_all(account_, "ann", "fire", hands()).value();
    EXPECT_TRUE(stopping.confirmed) << stopping.trouble;
    EXPECT_EQ(platform_->alterations["campaignc"], 1);
    expect_whole_log();
    if (!died) break;
  }
}

TEST_F(Acting, ARehearsalAsksTheGateAndNobodyElse) {
  Orders rehearsal = orders(three());
  rehearsal.rehearse = true;
  EXPECT_THAT(outcomes(execute(rehearsal, hands())), Each(StepOutcome::allowed));
  EXPECT_THAT(receipts(), IsEmpty());
  EXPECT_THAT(platform_->alterations, IsEmpty());
}

}  // namespace
}  // namespace rf::act
