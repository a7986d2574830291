#include "loop/schedule.h"

#include <filesystem>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "store/failing_store.h"
#include "store/sqlite.h"

namespace rf::loop {
namespace {

Instant at(const char* text) { return parse_instant(text).value(); }
TimeZone zone(const char* name) { return TimeZone::parse(name).value(); }

class ScheduleTest : public testing::Test {
 public:
  ~ScheduleTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

 protected:
  ScheduleTest() {
    std::filesystem::create_directories(folder_);
    reopen();
    account_.id.text = "meta:1";
    account_.platform = Platform::meta;
    account_.currency = Currency::parse("EUR").value();
    account_.zone = zone("Europe/Berlin");
    EXPECT_TRUE(store_->put_account(account_).has_value());
  }

  // As another process would see it.
  void reopen() { store_ = open_sqlite((folder_ / "s.db").string()).value(); }

  std::optional<ScheduledRun> begin(Instant now) {
    return begin_due(*store_, account_, now).value();
  }
  void end(ScheduledRun run, Instant now) {
    ASSERT_TRUE(end_run(*store_, account_, run, now).has_value());
  }
  // Everything that is due, done at once; its jobs.
  std::vector<Job> do_all(Instant now) {
    std::vector<Job> done;
    while (std::optional<ScheduledRun> run = begin(now)) {
      done.push_back(run->job);
      end(*run, now);
    }
    return done;
  }
  std::vector<ScheduledRun> runs() { return schedule_of(*store_, account_.id).value().runs; }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("reelforge-schedule-" + std::to_string(::getpid()));
  std::unique_ptr<Store> store_;
  Account account_;
};

TEST_F(ScheduleTest, ATimeOfDayIsTheAccountsOwn) {
  // 03:00 in Berlin is 02:00 UTC in winter and 01:00 in summer; in New York 08:00 and 07:00.
  const TimeZone berlin = zone("Europe/Berlin");
  const TimeZone york = zone("America/New_York");
  EXPECT_EQ(last_due(Job::learning, berlin, at("2026-01-10T12:00:00Z")),
            at("2026-01-10T02:00:00Z"));
  EXPECT_EQ(last_due(Job::learning, berlin, at("2026-07-10T12:00:00Z")),
            at("2026-07-10T01:00:00Z"));
  EXPECT_EQ(next_due(Job::learning, york, at("2026-01-10T07:59:59Z")), at("2026-01-10T08:00:00Z"));
  EXPECT_EQ(next_due(Job::learning, york, at("2026-01-10T08:00:00Z")), at("2026-01-11T08:00:00Z"));
  EXPECT_EQ(last_due(Job::learning, york, at("2026-07-10T06:59:59Z")), at("2026-07-09T07:00:00Z"));
}

TEST_F(ScheduleTest, AClockChangeMakesADayNeitherWithoutItsRunNorWithTwo) {
  const TimeZone berlin = zone("Europe/Berlin");
  // On 2026-03-29 clocks jump from 02:00 to 03:00, which is 01:00 UTC: that is when both are due.
  EXPECT_EQ(last_due(Job::retrain, berlin, at("2026-03-29T12:00:00Z")), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(last_due(Job::learning, berlin, at("2026-03-29T12:00:00Z")),
            at("2026-03-29T01:00:00Z"));
  // On 2026-10-25 the hour from 02:00 comes twice: the first one counts, the second is no new one.
  EXPECT_EQ(last_due(Job::retrain, berlin, at("2026-10-25T00:30:00Z")), at("2026-10-25T00:00:00Z"));
  EXPECT_EQ(last_due(Job::retrain, berlin, at("2026-10-25T01:30:00Z")), at("2026-10-25T00:00:00Z"));
  EXPECT_EQ(next_due(Job::retrain, berlin, at("2026-10-25T00:30:00Z")), at("2026-10-26T01:00:00Z"));
}

// Looks at every hour of a year.
void expect_moments_in_order(Job job, const TimeZone& place) {
  Instant now = at("2026-01-01T00:10:00Z");
  Instant due = last_due(job, place, now);
  for (int hour = 0; hour < 366 * 24; ++hour, now += std::chrono::hours{1}) {
    const Instant last = last_due(job, place, now);
    const Instant next = next_due(job, place, now);
    const bool ordered = due <= last && last <= now && now < next;
    const bool linked = last_due(job, place, next) == next && next_due(job, place, last) == next;
    const bool stepped = last == due || next_due(job, place, due) == last;
    ASSERT_TRUE(ordered && linked && stepped) << place.name() << " " << to_rfc3339(now);
    due = last;
  }
}

TEST_F(ScheduleTest, EveryZoneHasEachDailyJobOnceADayInEveryHourOfAYear) {
  for (const char* name : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                           "Asia/Kolkata", "America/Sao_Paulo", "Pacific/Apia", "UTC"}) {
    for (const Job job : kJobs) expect_moments_in_order(job, zone(name));
  }
}

TEST_F(ScheduleTest, DoesAllThatIsDueOnceInOrder) {
  using testing::ElementsAre;
  using testing::IsEmpty;
  EXPECT_THAT(do_all(at("2026-06-10T08:30:00Z")),
              ElementsAre(Job::retrain, Job::learning, Job::stats, Job::experiments, Job::turn));
  EXPECT_THAT(do_all(at("2026-06-10T08:59:59Z")), IsEmpty());
  reopen();
  EXPECT_THAT(do_all(at("2026-06-10T09:00:00Z")), ElementsAre(Job::turn));
  EXPECT_THAT(do_all(at("2026-06-11T01:00:00Z")),
              ElementsAre(Job::retrain, Job::learning, Job::turn));
}

TEST_F(ScheduleTest, WhatWasMissedIsDoneOnceAndCounted) {
  do_all(at("2026-06-10T08:30:00Z"));
  do_all(at("2026-06-13T10:30:00Z"));
  std::vector<ScheduledRun> all = runs();
  ASSERT_EQ(all.size(), 10U);
  for (std::size_t i = 5; i < all.size(); ++i) {
    EXPECT_EQ(all[i].missed, all[i].job == Job::turn ? 73 : 2) << name_of(all[i].job);
  }
}

TEST_F(ScheduleTest, DaysWithGapsAndDeathsDoesNoStepTwiceAndNoMomentTwice) {
  std::map<std::pair<Job, Instant>, std::vector<std::string>> finished;
  std::uint64_t dice = 1;
  const auto roll = [&dice](std::uint64_t sides) {
    dice = dice * 6364136223846793005U + 1442695040888963407U;
    return (dice >> 33) % sides;
  };
  Instant now = at("2026-03-01T00:00:00Z");
  for (int i = 0; i < 100; ++i, now += std::chrono::minutes{roll(200)}) {
    while (std::optional<ScheduledRun> run = begin(now)) {
      std::vector<std::string>& did = finished[{run->job, run->due}];
      bool dies = false;
      for (std::size_t step = run->steps.size(); step < 3 && !dies; ++step) {
        dies = roll(20) == 0;  // Before it is written down: this step alone may be done again.
        if (dies) break;
        did.push_back(std::to_string(step));
        ASSERT_TRUE(log_step(*store_, account_, *run,
                             {.name = std::to_string(step), .at = now, .good = true, .said = ""}));
      }
      if (dies) break;
      end(*run, now);
    }
  }
  for (const auto& [moment, did] : finished) {
    EXPECT_LE(did.size(), 3U);
    EXPECT_EQ(std::set<std::string>(did.begin(), did.end()).size(), did.size());
  }
}

TEST_F(ScheduleTest, ARunThatWasCutOffGoesOnAfterItsLastStep) {
  const Instant now = at("2026-06-10T08:30:00Z");
  std::optional<ScheduledRun> run = begin(now);
  ASSERT_TRUE(run.has_value());
  ASSERT_TRUE(
      log_step(*store_, account_, *run, {.name = "one", .at = now, .good = true, .said = ""}));
  reopen();  // Its process is gone.
  const std::optional<ScheduledRun> again = begin(now + std::chrono::minutes{1});
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->job, run->job);
  EXPECT_EQ(again->due, run->due);
  EXPECT_EQ(again->attempt, 2);
  ASSERT_EQ(again->steps.size(), 1U);
  EXPECT_EQ(again->steps.front().name, "one");
  EXPECT_EQ(runs().front().state, RunState::cut_off);
  // Whoever was taken for dead and is not is told so, and changes nothing.
  const Status late = end_run(*store_, account_, *run, now + std::chrono::minutes{2});
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, ErrorCode::conflict);
}

TEST_F(ScheduleTest, PassingTroubleIsTriedThreeTimesAndLastingTroubleOnce) {
  Instant now = at("2026-06-10T08:30:00Z");
  const auto fails = [&](bool retry) {
    std::optional<ScheduledRun> run = begin(now);
    if (!run) return std::string("nothing");
    run->retry = retry;
    EXPECT_TRUE(
        log_step(*store_, account_, *run, {.name = "s", .at = now, .good = false, .said = "no"}));
    end(*run, now);
    return std::string(name_of(run->job));
  };
  EXPECT_EQ(fails(true), "retrain");
  EXPECT_EQ(fails(false), "learning");  // While the first rests.
  EXPECT_EQ(fails(false), "stats");
  EXPECT_EQ(fails(false), "experiments");
  EXPECT_EQ(fails(false), "turn");
  EXPECT_EQ(fails(true), "nothing");
  now += kRest;
  EXPECT_EQ(fails(true), "retrain");
  now += kRest;
  EXPECT_EQ(fails(true), "retrain");
  now += kRest;  // Given up, and the next hour's turn is due.
  EXPECT_EQ(fails(false), "turn");
  EXPECT_EQ(fails(false), "nothing");
}

TEST_F(ScheduleTest, WhatSomebodyAskedForCountsForWhatWasDue) {
  const Instant now = at("2026-06-10T08:30:00Z");
  ScheduledRun run = begin_by_hand(*store_, account_, Job::learning, now).value();
  EXPECT_TRUE(run.by_hand);
  end(run, now);
  EXPECT_THAT(do_all(now), testing::Not(testing::Contains(Job::learning)));
}

TEST_F(ScheduleTest, RemembersABoundedPast) {
  Instant now = at("2026-06-10T08:30:00Z");
  for (int hour = 0; hour < 200; ++hour, now += std::chrono::hours{1}) do_all(now);
  EXPECT_EQ(runs().size(), kRunsKept);
}

TEST_F(ScheduleTest, PausesAnAccountUntilItIsResumed) {
  EXPECT_FALSE(is_paused(*store_, account_.id).value());
  ASSERT_TRUE(set_paused(*store_, account_.id, true));
  reopen();
  EXPECT_TRUE(is_paused(*store_, account_.id).value());
  ASSERT_TRUE(set_paused(*store_, account_.id, false));
  EXPECT_FALSE(is_paused(*store_, account_.id).value());
}

}  // namespace
}  // namespace rf::loop
