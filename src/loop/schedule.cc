#include "loop/schedule.h"

#include <algorithm>
#include <utility>

#include "model/wall_time.h"
#include "store/documents.h"

namespace rf::loop {
namespace {

constexpr std::string_view kDocument = "schedule";
constexpr std::string_view kPaused = "schedule/paused";

constexpr std::chrono::hours kTurnEvery{1};

std::chrono::minutes time_of_day(Job job) {
  switch (job) {
    case Job::retrain: return std::chrono::hours{2};
    case Job::learning: return std::chrono::hours{3};
    case Job::stats: return std::chrono::hours{4};  // After what it counts was learned.
    case Job::experiments: return std::chrono::hours{5};
    case Job::turn: break;  // Every hour.
  }
  check_failed(__FILE__, __LINE__, "a daily job");
}

Instant moment_of(Job job, const TimeZone& zone, Day day) {
  return wall_time(zone, day, time_of_day(job));
}

std::optional<Instant> settled_at(const Schedule& schedule, Job job) {
  const auto found = std::ranges::find(schedule.settled, job, &Settled::job);
  if (found == schedule.settled.end()) return std::nullopt;
  return found->due;
}

void settle(Schedule& schedule, Job job, Instant due) {
  const auto found = std::ranges::find(schedule.settled, job, &Settled::job);
  if (found == schedule.settled.end()) {
    schedule.settled.push_back({.job = job, .due = due});
  } else {
    found->due = std::max(found->due, due);
  }
}

std::int64_t missed_between(Job job, const TimeZone& zone, Instant settled, Instant due) {
  const std::int64_t moments = job == Job::turn ? (due - settled) / kTurnEvery
                                                : (zone.day_at(due) - zone.day_at(settled)).count();
  return std::max<std::int64_t>(0, moments - 1);
}

// The last try at this due moment.
const ScheduledRun* last_try(const Schedule& schedule, Job job, Instant due) {
  const ScheduledRun* last = nullptr;
  for (const ScheduledRun& run : schedule.runs) {
    if (run.job == job && run.due == due && !run.by_hand) last = &run;
  }
  return last;
}

// Where a later try goes on: after the last step before the first that did not go well.
std::vector<RunStep> steps_kept(const ScheduledRun& before) {
  const auto bad = std::ranges::find(before.steps, false, &RunStep::good);
  return {before.steps.begin(), bad};
}

// The run that would be begun for the job now. Gives up on what was tried too often.
std::optional<ScheduledRun> wanted(Schedule& schedule, const TimeZone& zone, Job job, Instant now) {
  const Instant due = last_due(job, zone, now);
  const std::optional<Instant> settled = settled_at(schedule, job);
  if (settled && *settled >= due) return std::nullopt;
  ScheduledRun run{.job = job, .due = due, .started = now, .ended = std::nullopt, .steps = {}};
  if (settled) run.missed = missed_between(job, zone, *settled, due);
  const ScheduledRun* before = last_try(schedule, job, due);
  if (before == nullptr) return run;
  if (before->attempt >= kAttemptsMax) {
    settle(schedule, job, due);
    return std::nullopt;
  }
  if (before->state == RunState::failed && now < before->ended.value_or(now) + kRest) {
    return std::nullopt;
  }
  run.attempt = before->attempt + 1;
  run.missed = before->missed;
  run.steps = steps_kept(*before);
  return run;
}

// True when there was one.
bool cut_off_running(Schedule& schedule, Instant now) {
  if (schedule.runs.empty() || schedule.runs.back().state != RunState::running) return false;
  ScheduledRun& run = schedule.runs.back();
  run.state = RunState::cut_off;
  run.retry = true;
  run.ended = std::max(run.started, run.steps.empty() ? now : run.steps.back().at);
  return true;
}

Status keep(Store& store, const AccountId& account, const Schedule& schedule) {
  return store.put_document(account, kDocument, to_json(schedule));
}

Status add_run(Store& store, const AccountId& account, Schedule& schedule,
               const ScheduledRun& run) {
  schedule.runs.push_back(run);
  if (schedule.runs.size() > kRunsKept) schedule.runs.erase(schedule.runs.begin());
  return keep(store, account, schedule);
}

// The run that was begun last, as it is written down.
Result<Schedule> schedule_running(Store& store, const AccountId& account, const ScheduledRun& run) {
  Schedule schedule = RF_TRY(schedule_of(store, account));
  const bool same = !schedule.runs.empty() && schedule.runs.back().state == RunState::running &&
                    schedule.runs.back().job == run.job &&
                    schedule.runs.back().started == run.started;
  if (!same) {
    return fail(ErrorCode::conflict, "somebody else works by this schedule; this run ends here");
  }
  return schedule;
}

}  // namespace

Instant last_due(Job job, const TimeZone& zone, Instant now) {
  // Hours of UTC: a change of clocks neither skips a turn nor makes two of one.
  if (job == Job::turn) return Instant(std::chrono::floor<std::chrono::hours>(now));
  const Day today = zone.day_at(now);
  const Instant moment = moment_of(job, zone, today);
  return moment <= now ? moment : moment_of(job, zone, today - Days(1));
}

Instant next_due(Job job, const TimeZone& zone, Instant now) {
  if (job == Job::turn) return last_due(job, zone, now) + kTurnEvery;
  const Day today = zone.day_at(now);
  const Instant moment = moment_of(job, zone, today);
  return moment > now ? moment : moment_of(job, zone, today + Days(1));
}

Result<Schedule> schedule_of(Store& store, const AccountId& account) {
  return document_of<Schedule>(store, account, kDocument);
}

Result<std::optional<ScheduledRun>> begin_due(Store& store, const Account& account, Instant now) {
  Schedule schedule = RF_TRY(schedule_of(store, account.id));
  std::optional<ScheduledRun> next;
  bool changed = cut_off_running(schedule, now);
  for (const Job job : kJobs) {
    const std::optional<Instant> before = settled_at(schedule, job);
    std::optional<ScheduledRun> run = wanted(schedule, account.zone, job, now);
    changed = changed || settled_at(schedule, job) != before;
    if (run && (!next || run->due < next->due)) next = std::move(run);
  }
  if (next) {
    RF_TRY(add_run(store, account.id, schedule, *next));
  } else if (changed) {
    RF_TRY(keep(store, account.id, schedule));
  }
  return next;
}

Result<ScheduledRun> begin_by_hand(Store& store, const Account& account, Job job, Instant now) {
  Schedule schedule = RF_TRY(schedule_of(store, account.id));
  cut_off_running(schedule, now);
  ScheduledRun run{
      .job = job, .due = now, .started = now, .ended = std::nullopt, .by_hand = true, .steps = {}};
  RF_TRY(add_run(store, account.id, schedule, run));
  return run;
}

Status log_step(Store& store, const Account& account, ScheduledRun& run, RunStep step) {
  Schedule schedule = RF_TRY(schedule_running(store, account.id, run));
  run.steps.push_back(std::move(step));
  schedule.runs.back() = run;
  return keep(store, account.id, schedule);
}

Status end_run(Store& store, const Account& account, ScheduledRun& run, Instant now) {
  Schedule schedule = RF_TRY(schedule_running(store, account.id, run));
  const bool good = std::ranges::all_of(run.steps, &RunStep::good);
  run.state = good ? RunState::done : RunState::failed;
  run.ended = now;
  run.retry = !good && run.retry;
  if (run.by_hand) {
    // What was due before it is done with it.
    if (good) settle(schedule, run.job, last_due(run.job, account.zone, run.started));
  } else if (!run.retry || run.attempt >= kAttemptsMax) {
    settle(schedule, run.job, run.due);
  }
  schedule.runs.back() = run;
  return keep(store, account.id, schedule);
}

Result<bool> is_paused(Store& store, const AccountId& account) {
  const std::optional<Json> kept = RF_TRY(store.document(account, kPaused));
  return kept && *kept == Json(true);
}

Status set_paused(Store& store, const AccountId& account, bool paused) {
  return store.put_document(account, kPaused, Json(paused));
}

}  // namespace rf::loop
