// An account's recurring work: what is due, what was done, and what is next.
//
//   turn         every hour     remember, learn, decide
//   retrain      02:00          do predictions still hold?
//   learning     03:00          the eight steps of compound learning
//   stats        04:00          what recipes and past actions earned
//   experiments  05:00          tests that run
//
// Times of day are those of the account's zone. What was due while nothing ran is done once,
// however often it was missed. A run that was cut off is taken up after its last finished step.
// All of it follows from one document of the account, written by whoever holds the store's
// schedule lock: nobody else starts work, and a holder that dies lets go of it.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/calendar.h"
#include "model/json_codecs.h"
#include "store/store.h"

namespace rf::loop {

// In the order in which they are done when several are due at once.
enum class Job : std::uint8_t { retrain, learning, stats, experiments, turn };

inline constexpr auto kJobs =
    std::to_array<Job>({Job::retrain, Job::learning, Job::stats, Job::experiments, Job::turn});

enum class RunState : std::uint8_t { running, done, failed, cut_off };

struct RunStep {
  std::string name;
  Instant at;  // When it ended.
  bool good = false;
  std::string said;  // What came of it, or why nothing did.
};

struct ScheduledRun {
  Job job = Job::turn;
  Instant due;
  Instant started;
  std::optional<Instant> ended;
  RunState state = RunState::running;
  std::int64_t attempt = 1;
  std::int64_t missed = 0;  // Earlier times at which it was due, and nothing ran.
  bool by_hand = false;
  bool retry = false;  // It may go well later without anybody changing anything.
  std::vector<RunStep> steps;
};

// The job's last moment up to `now` that was settled: done, or given up.
struct Settled {
  Job job = Job::turn;
  Instant due;
};

struct Schedule {
  std::vector<Settled> settled;
  std::vector<ScheduledRun> runs;  // Oldest first; the last may be running.
};

// Runs that are remembered of an account. Chosen: five days of turns and daily work.
inline constexpr std::size_t kRunsKept = 150;

// How often work is tried for one due moment, and how long it rests in between. Chosen: a
// platform's passing trouble lasts minutes; what fails for half an hour waits for its next time.
inline constexpr std::int64_t kAttemptsMax = 3;
inline constexpr Duration kRest = std::chrono::minutes{10};

// The last moment at or before `now`, and the first after it, at which the job is due.
Instant last_due(Job job, const TimeZone& zone, Instant now);
Instant next_due(Job job, const TimeZone& zone, Instant now);

// Empty where nothing ran yet.
// Errors: corrupt.
Result<Schedule> schedule_of(Store& store, const AccountId& account);

// The next run that is due, begun and written down; none when there is none. Work that was running
// is taken to be cut off: REQUIRES: the schedule lock.
Result<std::optional<ScheduledRun>> begin_due(Store& store, const Account& account, Instant now);

// The same for one job, due now, because somebody asked.
// REQUIRES: the schedule lock.
Result<ScheduledRun> begin_by_hand(Store& store, const Account& account, Job job, Instant now);

// Writes down a step of the run that was begun last.
// REQUIRES: the schedule lock, since begin.
Status log_step(Store& store, const Account& account, ScheduledRun& run, RunStep step);

// Writes down how the run ended: failed, where a step did.
// REQUIRES: the schedule lock, since begin.
Status end_run(Store& store, const Account& account, ScheduledRun& run, Instant now);

// Whether the account's recurring work rests until somebody ends that.
Result<bool> is_paused(Store& store, const AccountId& account);
Status set_paused(Store& store, const AccountId& account, bool paused);

}  // namespace rf::loop

template <>
struct rf::EnumNames<rf::loop::Job> {
  using Job = rf::loop::Job;
  static constexpr auto names =
      std::to_array<std::pair<Job, std::string_view>>({{Job::retrain, "retrain"},
                                                       {Job::learning, "learning"},
                                                       {Job::stats, "stats"},
                                                       {Job::experiments, "experiments"},
                                                       {Job::turn, "turn"}});
};

template <>
struct rf::EnumNames<rf::loop::RunState> {
  using State = rf::loop::RunState;
  static constexpr auto names =
      std::to_array<std::pair<State, std::string_view>>({{State::running, "running"},
                                                         {State::done, "done"},
                                                         {State::failed, "failed"},
                                                         {State::cut_off, "cut_off"}});
};

template <>
struct rf::Described<rf::loop::RunStep> {
  using Self = rf::loop::RunStep;
  static constexpr auto fields =
      std::tuple{field("name", &Self::name, "of the step"), field("at", &Self::at, "when it ended"),
                 field("good", &Self::good, "whether it went well, or had nothing to do"),
                 field("said", &Self::said, "what came of it")};
};

template <>
struct rf::Described<rf::loop::ScheduledRun> {
  using Self = rf::loop::ScheduledRun;
  static constexpr auto fields =
      std::tuple{field("job", &Self::job, "what was done"),
                 field("due", &Self::due, "when it was due"),
                 field("started", &Self::started, "when it began"),
                 field("ended", &Self::ended, "when it ended"),
                 field("state", &Self::state, "running, done, failed or cut_off"),
                 field("attempt", &Self::attempt, "which try at this due moment it was"),
                 field("missed", &Self::missed, "how often it was due before and nothing ran"),
                 field("by_hand", &Self::by_hand, "somebody asked for it"),
                 field("retry", &Self::retry, "it may go well later by itself"),
                 field("steps", &Self::steps, "what it did, in order")};
};

template <>
struct rf::Described<rf::loop::Settled> {
  using Self = rf::loop::Settled;
  static constexpr auto fields =
      std::tuple{field("job", &Self::job, "which"), field("due", &Self::due, "settled up to here")};
};

template <>
struct rf::Described<rf::loop::Schedule> {
  using Self = rf::loop::Schedule;
  static constexpr auto fields =
      std::tuple{field("settled", &Self::settled, "how far each job is done"),
                 field("runs", &Self::runs, "oldest first")};
};
