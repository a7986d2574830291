// What the gate lets through, limit by limit.

#include "act/gate.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "act/world_for_test.h"

namespace rf::act {
namespace {

using testing::HasSubstr;

Instant at(std::string_view text) { return parse_instant(text).value(); }

class Gate : public testing::Test {
 protected:
  Gate() {
    situation_.account = test_account();
    situation_.at = at("2026-03-02T11:00:00Z");  // Noon in Berlin.
    situation_.data.known_at = at("2026-03-02T05:00:00Z");
    FakePlatform platform(clock_, fate_);
    platform.add(Level::campaign, "c", "", "", RunStatus::active, {});
    platform.add(Level::adset, "c", "s1", "", RunStatus::active, usd(100));
    platform.add(Level::adset, "c", "s2", "", RunStatus::active, usd(100));
    for (int i = 0; i < 8; ++i) {
      platform.add(Level::ad, "c", i < 4 ? "s1" : "s2", fmt::format("a{}", i), RunStatus::active,
                   {});
    }
    situation_.now = platform.now;
    limits_.level = Autonomy::automatic;
    limits_.account_daily = usd(1000);
    limits_.change_raise_max = usd(50);
  }

  Step budget(std::int64_t to, const std::string& id = "s1") const {
    Step step = on(Level::adset, id);
    step.policy = to > 100 ? "increase_budget" : "decrease_budget";
    step.after.daily_budget = usd(to);
    return step;
  }

  Step stop(Level level, const std::string& id) const {
    Step step = on(level, id);
    step.policy = "kill";
    step.after.status = RunStatus::paused;
    return step;
  }

  Step on(Level level, const std::string& id) const {
    const EntityState* state = find(situation_.now, level, id);
    return {.key = fmt::format("key {}", id),
            .batch = "batch",
            .level = level,
            .entity = id,
            .campaign = "c",
            .before = setting_of(*state),
            .after = setting_of(*state)};
  }

  void remember(Step step, Instant when, ReceiptState state = ReceiptState::done) {
    Receipt receipt{.id = std::ssize(situation_.receipts) + 1, .step = std::move(step)};
    receipt.step.key = fmt::format("earlier {}", receipt.id);
    receipt.state = state;
    receipt.at = receipt.asked = receipt.looked = when;
    situation_.receipts.push_back(receipt);
  }

  Decision ask(const Step& step, const std::vector<std::string>& people = {}) const {
    return may(step, people, limits_, situation_);
  }

  void expect_refused(const Step& step, std::string_view limit, ErrorCode code,
                      std::string_view reason = "") const {
    const Decision decision = ask(step, {"ann", "bob"});
    EXPECT_FALSE(decision.allowed) << limit;
    EXPECT_EQ(decision.limit, limit) << decision.reason;
    EXPECT_EQ(decision.code, code);
    EXPECT_THAT(decision.reason, HasSubstr(reason));
    EXPECT_FALSE(decision.next_step.empty());
  }

  ManualClock clock_{Instant()};
  Fate fate_;
  Situation situation_;
  Limits limits_;
};

TEST_F(Gate, WithoutLimitsTheAccountIsOnlyRead) {
  for (const Step& step : {budget(110), budget(90), stop(Level::ad, "a0")}) {
    const Decision decision = may(step, {"ann", "bob"}, std::nullopt, situation_);
    EXPECT_FALSE(decision.allowed);
    EXPECT_EQ(decision.limit, "limits");
  }
  Step step = stop(Level::campaign, "c");
  step.source = StepSource::kill_all;
  EXPECT_TRUE(may(step, {}, std::nullopt, situation_).allowed);
}

TEST_F(Gate, LimitsThatSayNothingAllowNothing) {
  limits_ = Limits();
  for (const Step& step : {budget(110), budget(90), stop(Level::ad, "a0")}) {
    expect_refused(step, "level", ErrorCode::denied);
  }
}

TEST_F(Gate, FiveThousandTypedAsFiveMillionIsRefusedAndTheReasonSaysWhy) {
  situation_.now.adsets[0].daily_budget = usd(5000);
  limits_.account_daily = usd(100'000);
  limits_.change_raise_max = usd(1000);
  Step step = budget(5'000'000);
  step.before.daily_budget = usd(5000);
  expect_refused(step, "change_raise_max", ErrorCode::over_limit,
                 "it adds 4995000.00 USD to a day's spend, one change may add at most 1000.00 USD");
}

TEST_F(Gate, NothingIsRaisedWithoutTheTwoCapsButItIsLoweredAndStopped) {
  limits_.account_daily.reset();
  expect_refused(budget(110), "account_daily", ErrorCode::denied);
  limits_.account_daily = usd(1000);
  limits_.change_raise_max.reset();
  expect_refused(budget(110), "change_raise_max", ErrorCode::denied);
  EXPECT_TRUE(ask(budget(90)).allowed);
  EXPECT_TRUE(ask(stop(Level::ad, "a0")).allowed);
}

TEST_F(Gate, TheAccountsCapCountsWhatThePlatformMayOverspend) {
  // (120 + 100) x 1.75 = 385.
  limits_.account_daily = usd(385);
  EXPECT_TRUE(ask(budget(120)).allowed);
  limits_.account_daily = Money{usd(385).micros - 10'000, usd(0).currency};
  expect_refused(budget(120), "account_daily", ErrorCode::over_limit);
}

TEST_F(Gate, WhatWasLoweredTodayMakesNoRoomBeforeTomorrow) {
  limits_.account_daily = usd(350);  // The two budgets of 100 and no more.
  remember(budget(80, "s2"), at("2026-03-02T08:00:00Z"));
  set(situation_.now, Level::adset, "s2", {RunStatus::active, usd(80)});
  expect_refused(budget(120), "account_daily", ErrorCode::over_limit);
  situation_.at = at("2026-03-02T23:01:00Z");  // Tomorrow in Berlin, not in UTC.
  EXPECT_TRUE(ask(budget(120)).allowed);
}

TEST_F(Gate, AnAnswerThatWasLostCountsAsIfItHadHappened) {
  limits_.account_daily = usd(385);
  Step lost = budget(120, "s2");
  lost.campaign = "moved";
  remember(lost, at("2026-02-20T08:00:00Z"), ReceiptState::unknown);
  expect_refused(budget(120), "account_daily", ErrorCode::over_limit);
}

TEST_F(Gate, NothingIsAddedToACampaignOfWhichAnAnswerWasLost) {
  remember(budget(90, "s2"), situation_.at, ReceiptState::sent);
  expect_refused(budget(110), "pending", ErrorCode::conflict);
  EXPECT_TRUE(ask(budget(90)).allowed);
}

TEST_F(Gate, ACampaignHasItsOwnCap) {
  limits_.campaign_daily = usd(380);
  expect_refused(budget(120), "campaign_daily", ErrorCode::over_limit);
  limits_.campaigns["c"] = usd(400);
  EXPECT_TRUE(ask(budget(120)).allowed);
}

TEST_F(Gate, RaisesOfADayAddUp) {
  limits_.day_raise_max = usd(45);
  remember(budget(130, "s2"), at("2026-03-01T23:30:00Z"));  // Today in Berlin.
  set(situation_.now, Level::adset, "s2", {RunStatus::active, usd(130)});
  expect_refused(budget(120), "day_raise_max", ErrorCode::over_limit, "50.00 USD above");
  limits_.day_raise_max = usd(50);
  EXPECT_TRUE(ask(budget(120)).allowed);
}

TEST_F(Gate, ABudgetThatCannotBeAddedUpIsNotRaised) {
  situation_.now.adsets[1].daily_budget.reset();
  expect_refused(budget(110), "account_daily", ErrorCode::denied, "s2");
  situation_.now.adsets[1].daily_budget = Money{100, Currency::parse("EUR").value()};
  expect_refused(budget(110), "account_daily", ErrorCode::denied, "EUR");
}

TEST_F(Gate, StepsAreSmallerWhileThePlatformLearns) {
  EXPECT_TRUE(ask(budget(120)).allowed);
  expect_refused(budget(121), "platforms.meta.raise_step", ErrorCode::over_limit);
  EXPECT_TRUE(ask(budget(50)).allowed);
  expect_refused(budget(49), "platforms.meta.lower_step", ErrorCode::over_limit);
  situation_.now.adsets[0].learning = LearningStage::learning;
  expect_refused(budget(101), "platforms.meta.raise_step_learning", ErrorCode::over_limit);
  expect_refused(budget(99), "platforms.meta.lower_step_learning", ErrorCode::over_limit);
  EXPECT_TRUE(ask(stop(Level::ad, "a0")).allowed);
}

TEST_F(Gate, ARaiseRestsAndACutDoesNot) {
  remember(budget(90), situation_.at - std::chrono::hours(23));
  expect_refused(budget(110), "platforms.meta.raise_cooldown_hours", ErrorCode::over_limit);
  EXPECT_TRUE(ask(budget(90)).allowed);
  situation_.at += std::chrono::hours(1);
  EXPECT_TRUE(ask(budget(110)).allowed);
}

TEST_F(Gate, HoursAreTheAccountsOwnAndStopsAreAlwaysPossible) {
  limits_.hours = {{.from = 13, .to = 15}};
  expect_refused(budget(110), "hours", ErrorCode::denied, "hour 12 in Europe/Berlin");
  EXPECT_TRUE(ask(budget(90)).allowed);
  limits_.stops_at_any_hour = false;
  expect_refused(budget(90), "hours", ErrorCode::denied);
  limits_.hours = {{.from = 22, .to = 13}};  // Over midnight.
  EXPECT_TRUE(ask(budget(110)).allowed);
}

TEST_F(Gate, WhatIsBlockedIsNeverDone) {
  limits_.blocked = {Operation::raise};
  expect_refused(budget(110), "blocked", ErrorCode::denied);
  EXPECT_TRUE(ask(budget(90)).allowed);
}

TEST_F(Gate, OneInFourAdsIsStoppedADayAtMost) {
  EXPECT_TRUE(ask(stop(Level::ad, "a0")).allowed);
  for (const char* id : {"a1", "a2"}) {
    remember(stop(Level::ad, id), at("2026-03-02T08:00:00Z"));
    set(situation_.now, Level::ad, id, {RunStatus::paused, {}});
  }
  expect_refused(stop(Level::ad, "a0"), "paused_share_max", ErrorCode::over_limit, "2 of 8 ads");
  situation_.at += std::chrono::hours(24);
  situation_.data.known_at = situation_.at;
  EXPECT_TRUE(ask(stop(Level::ad, "a0")).allowed);
  limits_.paused_share_max = 0;  // One is always possible.
  EXPECT_TRUE(ask(stop(Level::ad, "a0")).allowed);
}

TEST_F(Gate, AnAdSetCountsForEveryAdThatRunsInIt) {
  expect_refused(stop(Level::adset, "s1"), "paused_share_max", ErrorCode::over_limit);
  limits_.paused_share_max = 0.5;
  EXPECT_TRUE(ask(stop(Level::adset, "s1")).allowed);
}

TEST_F(Gate, ABrokenMeasurementHoldsEverythingThatRestsOnIt) {
  situation_.data.tracking_broken = true;
  for (const Step& step : {budget(110), budget(90), stop(Level::ad, "a0")}) {
    expect_refused(step, "tracking", ErrorCode::denied);
  }
  Step back = budget(90);
  back.source = StepSource::undo;
  EXPECT_TRUE(ask(back, {"ann"}).allowed);
}

TEST_F(Gate, OldOrPartialNumbersHold) {
  DataFacts good = situation_.data;
  situation_.data.known_at = situation_.at - std::chrono::hours(37);
  expect_refused(budget(90), "stale_hours", ErrorCode::denied);
  situation_.data.known_at.reset();
  expect_refused(budget(90), "stale_hours", ErrorCode::denied);
  situation_.data = good;
  situation_.data.completeness = 0.97;
  expect_refused(budget(90), "completeness_min", ErrorCode::denied);
  situation_.data = good;
  situation_.data.ads_before = 11;
  expect_refused(budget(90), "shrink_max", ErrorCode::denied);
  situation_.data.ads_before = 10;
  EXPECT_TRUE(ask(budget(90)).allowed);
}

TEST_F(Gate, LargeRaisesNeedMorePeopleAndCutsNeedOne) {
  limits_.level = Autonomy::approve;
  limits_.quorum = {{.raise_above = usd(15), .people = 2}};
  EXPECT_FALSE(ask(budget(90)).allowed);
  EXPECT_TRUE(ask(budget(50), {"ann"}).allowed);
  EXPECT_TRUE(ask(budget(115), {"ann"}).allowed);
  EXPECT_FALSE(ask(budget(116), {"ann"}).allowed);
  EXPECT_EQ(ask(budget(116), {"ann"}).limit, "quorum");
  EXPECT_TRUE(ask(budget(116), {"ann", "bob"}).allowed);
}

TEST_F(Gate, APolicyMayHaveALevelOfItsOwn) {
  limits_.level = Autonomy::approve;
  limits_.levels = {{"kill", Autonomy::automatic}, {"decrease_budget", Autonomy::propose}};
  EXPECT_TRUE(ask(stop(Level::ad, "a0")).allowed);
  expect_refused(budget(90), "level", ErrorCode::denied);
  EXPECT_FALSE(ask(budget(110)).allowed);
  EXPECT_TRUE(ask(budget(110), {"ann"}).allowed);
}

TEST_F(Gate, AHaltLeavesNothingButStops) {
  situation_.halted = true;
  expect_refused(budget(110), "kill-all", ErrorCode::denied);
  expect_refused(budget(90), "kill-all", ErrorCode::denied);
  EXPECT_TRUE(ask(stop(Level::ad, "a0")).allowed);
}

TEST_F(Gate, AnUndoThatRaisesSpendMeetsTheCapsButNotTheRests) {
  Step back = budget(120);
  back.source = StepSource::undo;
  remember(budget(100), situation_.at);
  EXPECT_TRUE(ask(back, {"ann"}).allowed) << ask(back, {"ann"}).reason;
  limits_.account_daily = usd(300);
  EXPECT_EQ(ask(back, {"ann"}).limit, "account_daily");
  Step start = on(Level::adset, "s1");
  start.before.status = RunStatus::paused;
  start.source = StepSource::undo;
  situation_.now.adsets[0].status = RunStatus::paused;
  EXPECT_EQ(ask(start, {"ann"}).limit, "change_raise_max");
}

TEST_F(Gate, AStepChangesOneThingInWholeCoinsOfTheAccountsCurrency) {
  Step both = budget(110);
  both.after.status = RunStatus::paused;
  expect_refused(both, "step", ErrorCode::invalid);
  Step none = on(Level::adset, "s1");
  expect_refused(none, "step", ErrorCode::invalid);
  Step fraction = budget(110);
  fraction.after.daily_budget->micros += 1;
  expect_refused(fraction, "step", ErrorCode::invalid, "smallest coin");
  Step euros = budget(110);
  euros.after.daily_budget->currency = Currency::parse("EUR").value();
  expect_refused(euros, "step", ErrorCode::invalid);
  expect_refused(budget(0), "step", ErrorCode::invalid);
  Step archive = on(Level::ad, "a0");
  archive.after.status = RunStatus::archived;
  expect_refused(archive, "step", ErrorCode::invalid);
}

TEST(Limits, MustBeMeantForTheAccount) {
  Limits limits;
  limits.account_daily = usd(1);
  EXPECT_TRUE(check(limits, test_account()).has_value());
  limits.change_raise_max = Money{1, Currency::parse("JPY").value()};
  EXPECT_THAT(check(limits, test_account()).error().message, HasSubstr("change_raise_max"));
  limits = Limits();
  limits.platforms["myspace"] = PlatformLimits();
  EXPECT_FALSE(check(limits, test_account()).has_value());
  limits = Limits();
  limits.levels["kil"] = Autonomy::observe;
  EXPECT_FALSE(check(limits, test_account()).has_value());
}

TEST(Limits, ComeBackFromJsonAsTheyWere) {
  Limits limits;
  limits.account_daily = usd(500);
  limits.blocked = {Operation::start};
  limits.hours = {{8, 20}};
  limits.quorum = {{usd(10), 3}};
  limits.platforms["tiktok"] = default_limits(Platform::tiktok);
  EXPECT_EQ(from_json<Limits>(to_json(limits), "limits").value(), limits);
}

}  // namespace
}  // namespace rf::act
