// Recurring work: its state, its past, and doing what is due.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "loop/schedule.h"
#include "model/json_codecs.h"

namespace rf::api {

struct ScheduleInput {
  std::optional<std::string> account;
};

struct ScheduledJob {
  loop::Job job = loop::Job::turn;
  std::string when;  // "03:00", or "every hour".
  Instant next;      // In the past when it is due and nobody did it yet.
  bool is_due = false;
  std::optional<Instant> last;  // When its last run began.
  std::optional<loop::RunState> last_state;
};

struct AccountSchedule {
  std::string account;
  std::string time_zone;
  bool paused = false;
  std::vector<ScheduledJob> jobs;
};

struct ScheduleStatus {
  bool working = false;  // Some process works by the schedule at this moment.
  std::vector<AccountSchedule> accounts;
};

struct ScheduleHistoryInput {
  std::optional<std::string> account;
  std::optional<loop::Job> job;
  std::int64_t limit = 20;
};

struct AccountRun {
  std::string account;
  loop::ScheduledRun run;
};

struct ScheduleRuns {
  std::vector<AccountRun> runs;
};

struct ScheduleRunInput {
  loop::Job job = loop::Job::turn;
  std::optional<std::string> account;
};

// Errors: not_found (the account).
Result<ScheduleStatus> schedule_status(const ScheduleInput& input, Services& services);

// Newest first. Errors: not_found (the account).
Result<ScheduleRuns> schedule_history(const ScheduleHistoryInput& input, Services& services);

// Does one job now, due or not, paused or not.
// Errors: conflict, while another process works by the schedule; not_found.
Result<ScheduleRuns> schedule_run(const ScheduleRunInput& input, Services& services);

// Does all that is due, oldest first; nothing while another process is at it. What is paused rests.
// Errors: conflict, when it was asked to stop; what was begun is taken up the next time.
Result<ScheduleRuns> schedule_catch_up(const ScheduleInput& input, Services& services);

// Errors: not_found.
Result<ScheduleStatus> schedule_pause(const ScheduleInput& input, Services& services);
Result<ScheduleStatus> schedule_resume(const ScheduleInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::ScheduleInput> {
  static constexpr auto fields =
      std::tuple{field("account", &rf::api::ScheduleInput::account, "only this account")};
};

template <>
struct rf::Described<rf::api::ScheduledJob> {
  using Self = rf::api::ScheduledJob;
  static constexpr auto fields =
      std::tuple{field("job", &Self::job, "retrain, learning, stats, experiments or turn"),
                 field("when", &Self::when, "by the clocks of the account's zone"),
                 field("next", &Self::next, "when it is due"),
                 field("is_due", &Self::is_due, "it is, and nobody did it yet"),
                 field("last", &Self::last, "when its last run began"),
                 field("last_state", &Self::last_state, "running, done, failed or cut_off")};
};

template <>
struct rf::Described<rf::api::AccountSchedule> {
  using Self = rf::api::AccountSchedule;
  static constexpr auto fields =
      std::tuple{field("account", &Self::account, "whose"),
                 field("time_zone", &Self::time_zone, "by which times of day are meant"),
                 field("paused", &Self::paused, "nothing is begun until it is resumed"),
                 field("jobs", &Self::jobs, "what recurs")};
};

template <>
struct rf::Described<rf::api::ScheduleStatus> {
  using Self = rf::api::ScheduleStatus;
  static constexpr auto fields =
      std::tuple{field("working", &Self::working, "a process works by the schedule right now"),
                 field("accounts", &Self::accounts, "one for each")};
};

template <>
struct rf::Described<rf::api::ScheduleHistoryInput> {
  using Self = rf::api::ScheduleHistoryInput;
  static constexpr auto fields =
      std::tuple{field("account", &Self::account, "only this account"),
                 field("job", &Self::job, "only this job"),
                 field("limit", &Self::limit, "at most so many", {.min = 1, .max = 1000})};
};

template <>
struct rf::Described<rf::api::AccountRun> {
  using Self = rf::api::AccountRun;
  static constexpr auto fields = std::tuple{field("account", &Self::account, "whose"),
                                            field("run", &Self::run, "what was done")};
};

template <>
struct rf::Described<rf::api::ScheduleRuns> {
  static constexpr auto fields =
      std::tuple{field("runs", &rf::api::ScheduleRuns::runs, "each with its steps")};
};

template <>
struct rf::Described<rf::api::ScheduleRunInput> {
  using Self = rf::api::ScheduleRunInput;
  static constexpr auto fields =
      std::tuple{field("job", &Self::job, "retrain, learning, stats, experiments or turn",
                       {.required = true, .positional = true}),
                 field("account", &Self::account, "only for this account")};
};
