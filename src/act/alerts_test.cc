// An alert is told once, again when it matters, and ends by itself.

#include "act/alerts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "act/execute.h"
#include "act/world_for_test.h"

namespace rf::act {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Duration kDay = std::chrono::hours(24);
const Instant kNow = parse_instant("2026-03-02T11:00:00Z").value();

Alert tracking() {
  return {.key = "tracking",
          .kind = AlertKind::tracking,
          .severity = Severity::alarm,
          .thing = {},
          .text = "sales vanished",
          .command = "reelforge sync",
          .lasts = true};
}

Alert refused(const std::string& thing) {
  return {.key = "gate:" + thing,
          .kind = AlertKind::gate,
          .severity = Severity::warning,
          .thing = thing,
          .text = "refused",
          .command = "reelforge limits show",
          .lasts = false};
}

ToTell told_at(AlertBook& book, Instant now) {
  ToTell tell = to_tell(book, "ops", Severity::notice, kDay, now);
  mark_told(book, "ops", tell, now);
  return tell;
}

TEST(Alerts, AreToldOnceHoweverOftenTheyAreFound) {
  AlertBook book;
  for (int hour = 0; hour < 20; ++hour) {
    const Instant now = kNow + std::chrono::hours(hour);
    enter(book, {{tracking(), refused("adset:1")}, {AlertKind::tracking}}, now);
    EXPECT_THAT(told_at(book, now).open, SizeIs(hour == 0 ? 2 : 0)) << hour;
  }
  ASSERT_THAT(book.alerts, SizeIs(2));
  EXPECT_EQ(book.alerts[0].times, 20);
}

TEST(Alerts, RemindOfAlarmsThatLast) {
  AlertBook book;
  enter(book, {{tracking(), refused("adset:1")}, {}}, kNow);
  told_at(book, kNow);
  EXPECT_THAT(told_at(book, kNow + kDay).open, ElementsAre(1));
  ASSERT_TRUE(acknowledge(book, {1}, "ann").has_value());
  EXPECT_TRUE(told_at(book, kNow + 3 * kDay).empty());
  // Found again while it is known: not told. Over and back: told.
  enter(book, {{tracking()}, {AlertKind::tracking}}, kNow + 3 * kDay);
  EXPECT_TRUE(told_at(book, kNow + 3 * kDay).empty());
  enter(book, {{}, {AlertKind::tracking}}, kNow + 4 * kDay);
  EXPECT_THAT(told_at(book, kNow + 4 * kDay).over, ElementsAre(1));
  enter(book, {{tracking()}, {AlertKind::tracking}}, kNow + 5 * kDay);
  EXPECT_THAT(told_at(book, kNow + 5 * kDay).open, ElementsAre(3));
}

TEST(Alerts, EndOnlyWhenSomebodyLookedAndTheirEndIsToldOnce) {
  AlertBook book;
  enter(book, {{tracking()}, {AlertKind::tracking}}, kNow);
  told_at(book, kNow);
  enter(book, {{}, {AlertKind::drift}}, kNow + kDay / 2);
  EXPECT_FALSE(book.alerts[0].over.has_value());
  enter(book, {{}, {AlertKind::tracking}}, kNow + kDay / 2);
  EXPECT_THAT(told_at(book, kNow + kDay / 2).over, ElementsAre(1));
  EXPECT_TRUE(told_at(book, kNow + kDay).empty());
}

TEST(Alerts, TheEndOfWhatASinkWasNeverToldIsNotToldToIt) {
  AlertBook book;
  enter(book, {{tracking()}, {AlertKind::tracking}}, kNow);
  enter(book, {{}, {AlertKind::tracking}}, kNow + kDay);
  EXPECT_TRUE(told_at(book, kNow + kDay).empty());
}

TEST(Alerts, WhatBecameWorseIsToldAgain) {
  AlertBook book;
  Alert alert = tracking();
  alert.severity = Severity::warning;
  enter(book, {{alert}, {}}, kNow);
  told_at(book, kNow);
  ASSERT_TRUE(acknowledge(book, {1}, "ann").has_value());
  enter(book, {{tracking()}, {}}, kNow + kDay / 4);
  EXPECT_THAT(told_at(book, kNow + kDay / 4).open, ElementsAre(1));
}

TEST(Alerts, WhatHappenedOnceIsOverAfterAWeekAndNewWhenItHappensAgain) {
  AlertBook book;
  enter(book, {{refused("adset:1")}, {}}, kNow);
  ASSERT_TRUE(acknowledge(book, {1}, "ann").has_value());
  enter(book, {{refused("adset:1")}, {}}, kNow + kDay);
  EXPECT_THAT(told_at(book, kNow + kDay).open, ElementsAre(2));
  enter(book, {}, kNow + 9 * kDay);
  EXPECT_TRUE(book.alerts[1].over.has_value());
  EXPECT_THAT(told_at(book, kNow + 9 * kDay).over, IsEmpty());
  enter(book, {}, kNow + 90 * kDay);
  EXPECT_THAT(book.alerts, IsEmpty());
}

TEST(Alerts, ABookHasAnEndAndKeepsTheAlarms) {
  AlertBook book;
  Findings flood;
  flood.alerts.push_back(tracking());
  for (int i = 0; i < 5000; ++i) flood.alerts.push_back(refused("ad:" + std::to_string(i)));
  enter(book, flood, kNow);
  EXPECT_THAT(book.alerts, SizeIs(kAlertsMax));
  EXPECT_EQ(book.alerts[0].alert, tracking());
  EXPECT_EQ(from_json<AlertBook>(to_json(book), "book").value(), book);
}

TEST(Alerts, NobodyAcknowledgesWhatIsNotThere) {
  AlertBook book;
  EXPECT_EQ(acknowledge(book, {7}, "ann").error().code, ErrorCode::not_found);
}

TEST(Alerts, DriftThatCostsMoneyIsAnAlarmAndSecretsStayOut) {
  const Drift raised{.thing = "adset:1",
                     .name = "Set",
                     .what = "daily_budget",
                     .before = "100.00 USD",
                     .after = "5000.00 USD",
                     .alarm = true,
                     .next_step = "set it back"};
  Drift quiet = raised;
  quiet.alarm = false;
  const std::vector<Alert> alerts = alerts_on({raised, quiet}, test_account());
  ASSERT_THAT(alerts, SizeIs(1));
  EXPECT_EQ(alerts[0].severity, Severity::alarm);
  EXPECT_THAT(alerts[0].text, HasSubstr("was 100.00 USD and is 5000.00 USD"));
  EXPECT_EQ(alerts[0].command, "reelforge drift --account meta:1");

  Snapshot snapshot;
  snapshot.things["ad:1"] = {.name = "Ad",
                             .setting = {.status = RunStatus::active},
                             .delivers = false,
                             .issues = {"DISAPPROVED access_token=abc123def456"}};
  const std::vector<Alert> rejected = rejections_in(snapshot, test_account());
  ASSERT_THAT(rejected, SizeIs(1));
  EXPECT_THAT(rejected[0].text, testing::Not(HasSubstr("abc123")));
  snapshot.things["ad:1"].setting.status = RunStatus::paused;
  EXPECT_THAT(rejections_in(snapshot, test_account()), IsEmpty());
}

TEST(Alerts, ARefusalIsReadFromTheLog) {
  StepResult result;
  result.step.level = Level::adset;
  result.step.entity = "12";
  result.step.name = "Set";
  result.limit = "change_raise_max";
  result.reason = "it adds 900.00 USD";
  AuditEntry entry;
  entry.note = {.at = kNow, .actor = "ann", .kind = "refused", .body = to_json(result)};
  const std::optional<Alert> alert = refusal_in(entry, test_account());
  ASSERT_TRUE(alert.has_value());
  EXPECT_EQ(alert->key, "gate:change_raise_max:adset:12");
  entry.note.kind = "receipt";
  EXPECT_FALSE(refusal_in(entry, test_account()).has_value());
}

}  // namespace
}  // namespace rf::act
