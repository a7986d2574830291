#include "api/schedule.h"

#include <csignal>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/import.h"
#include "api/turn.h"
#include "base/file_lock.h"
#include "store/sqlite.h"

namespace rf::api {
namespace {

using loop::Job;
using loop::RunState;

constexpr std::string_view kExport =
    "Day,Campaign name,Ad set name,Ad name,Ad ID,Amount spent (EUR),Impressions,Link clicks,"
    "Purchases,Purchases conversion value,Attribution setting\n"
    "2026-03-01,Spring,Broad,Ad one,23851234,10.10,1000,20,2,80.00,7-day click\n"
    "2026-03-01,Spring,Broad,Ad two,12,5.05,900,4,,,7-day click\n";

// Dies without a word at the n-th question whether to go on.
class DeadlyProgress final : public Progress {
 public:
  explicit DeadlyProgress(int questions) : left_(questions) {}
  void report(std::string_view, std::int64_t, std::int64_t) override {}
  bool cancelled() const override {
    if (--left_ == 0) static_cast<void>(::kill(::getpid(), SIGKILL));
    return false;
  }

 private:
  mutable int left_;
};

class CancelledProgress final : public Progress {
 public:
  void report(std::string_view, std::int64_t, std::int64_t) override {}
  bool cancelled() const override { return true; }
};

class ScheduleOperationsTest : public testing::Test {
 public:
  ~ScheduleOperationsTest() override { std::filesystem::remove_all(folder_); }

 protected:
  ScheduleOperationsTest() {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "ads.csv") << kExport;
    Services services = make(no_progress_);
    EXPECT_TRUE(import({.files = {(folder_ / "ads.csv").string()}}, services).has_value());
  }

  Services make(Progress& progress) {
    return {(folder_ / "s.db").string(), open_sqlite, clock_, progress};
  }

  ScheduleRuns catch_up() {
    Services services = make(no_progress_);
    return schedule_catch_up({}, services).value();
  }

  std::size_t turns() {
    Services services = make(no_progress_);
    Store* store = services.store().value();
    return store->turns(store->accounts().value().front().id, 1000).value().size();
  }

  std::filesystem::path folder_ = std::filesystem::temp_directory_path() /
                                  ("reelforge-schedule-api-" + std::to_string(::getpid()));
  ManualClock clock_{parse_instant("2026-03-10T12:30:00Z").value()};
  NoProgress no_progress_;
};

TEST_F(ScheduleOperationsTest, LearningGoesThroughItsEightStepsAndSaysWhatCameOfEach) {
  Services services = make(no_progress_);
  const ScheduleRuns done = schedule_run({.job = Job::learning, .account = {}}, services).value();
  ASSERT_EQ(done.runs.size(), 1U);
  const loop::ScheduledRun& run = done.runs.front().run;
  std::vector<std::string> names;
  for (const loop::RunStep& step : run.steps) {
    names.push_back(step.name);
    EXPECT_TRUE(step.good) << step.name << ": " << step.said;
    EXPECT_FALSE(step.said.empty()) << step.name;
  }
  EXPECT_THAT(names, testing::ElementsAre("collect", "extract patterns", "update knowledge",
                                          "retrain", "update creative DNA", "learn across accounts",
                                          "measure improvement", "log"));
  EXPECT_EQ(run.state, RunState::done);
  EXPECT_EQ(turns(), 1U);
}

TEST_F(ScheduleOperationsTest, StatusTellsWhatIsDueAndThenThatItIsDone) {
  Services services = make(no_progress_);
  const ScheduleStatus before = schedule_status({}, services).value();
  for (const ScheduledJob& job : before.accounts.front().jobs) {
    EXPECT_TRUE(job.is_due);
    EXPECT_LE(job.next, clock_.now());
    EXPECT_EQ(job.last, std::nullopt);
  }
  EXPECT_EQ(catch_up().runs.size(), 5U);
  EXPECT_TRUE(catch_up().runs.empty());
  const ScheduleStatus after = schedule_status({}, services).value();
  EXPECT_FALSE(after.working);
  for (const ScheduledJob& job : after.accounts.front().jobs) {
    EXPECT_FALSE(job.is_due);
    EXPECT_GT(job.next, clock_.now());
    EXPECT_EQ(job.last_state, RunState::done);
  }
  const ScheduleRuns history =
      schedule_history({.account = {}, .job = Job::learning, .limit = 20}, services).value();
  EXPECT_EQ(history.runs.size(), 1U);
}

TEST_F(ScheduleOperationsTest, AProcessKilledInTheMiddleLeavesNothingUndoneAndNothingTwice) {
  // Each place between two steps of all that is due, one after the other.
  std::size_t deaths = 0;
  for (int question = 1; question < 20; ++question) {
    clock_.advance(std::chrono::days{1});
    const std::size_t turns_before = turns();
    const pid_t child = ::fork();
    if (child == 0) {
      DeadlyProgress deadly(question);
      Services services = make(deadly);
      const bool good = schedule_catch_up({}, services).has_value();
      ::_exit(good ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) ++deaths;
    clock_.advance(std::chrono::minutes{1});
    catch_up();
    // Learning, experiments and the hour: each has one turn in it.
    EXPECT_EQ(turns() - turns_before, 3U) << "killed at question " << question;
    EXPECT_TRUE(catch_up().runs.empty());
  }
  EXPECT_GE(deaths, 15U);
}

TEST_F(ScheduleOperationsTest, OneRunnerAtATime) {
  const std::optional<FileLock> other =
      FileLock::take((folder_ / "s.db.schedule").string()).value();
  ASSERT_TRUE(other.has_value());
  Services services = make(no_progress_);
  EXPECT_TRUE(schedule_status({}, services).value().working);
  EXPECT_TRUE(catch_up().runs.empty());
  const auto asked = schedule_run({.job = Job::turn, .account = {}}, services);
  ASSERT_FALSE(asked.has_value());
  EXPECT_EQ(asked.error().code, ErrorCode::conflict);
}

TEST_F(ScheduleOperationsTest, WhatIsAskedToStopIsTakenUpLater) {
  CancelledProgress cancelled;
  Services services = make(cancelled);
  EXPECT_EQ(schedule_catch_up({}, services).error().code, ErrorCode::conflict);
  EXPECT_EQ(turns(), 0U);
  EXPECT_EQ(catch_up().runs.size(), 5U);
}

TEST_F(ScheduleOperationsTest, WhatIsPausedRestsUntilItIsResumed) {
  Services services = make(no_progress_);
  EXPECT_TRUE(schedule_pause({}, services).value().accounts.front().paused);
  EXPECT_TRUE(catch_up().runs.empty());
  EXPECT_FALSE(schedule_resume({}, services).value().accounts.front().paused);
  EXPECT_EQ(catch_up().runs.size(), 5U);
}

}  // namespace
}  // namespace rf::api
