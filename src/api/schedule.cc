#include "api/schedule.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "api/judged.h"
#include "api/operations.h"
#include "base/file_lock.h"

namespace rf::api {
namespace {

using loop::Job;
using loop::RunStep;
using loop::ScheduledRun;

// What a job consists of: operations of the table, in order.
struct StepRow {
  Job job;
  std::string_view name;
  std::string_view operation;  // Empty: there is nothing to call.
  std::string_view instead;    // What is said then.
  bool of_account = true;      // Asked of the account; otherwise of all of them.
  std::string_view flag = "";  // An input that is set.
};

constexpr auto kSteps =
    std::to_array<StepRow>({{Job::turn, "collect", "sync", ""},
                            {Job::turn, "turn", "turn", ""},
                            {Job::turn, "act", "plan auto", ""},
                            {Job::turn, "tell", "alerts check", ""},
                            {Job::retrain, "collect", "sync", ""},
                            {Job::retrain, "check what was decided", "verdicts", ""},
                            {Job::retrain, "train what is due", "learn train", "", true, "if_due"},
                            {Job::learning, "collect", "sync", ""},
                            {Job::learning, "extract patterns", "patterns", ""},
                            {Job::learning, "update knowledge", "turn", ""},
                            {Job::learning, "retrain", "learn train", "", true, "if_due"},
                            {Job::learning, "update creative DNA", "video dna", ""},
                            {Job::learning, "learn across accounts", "patterns", "", false},
                            {Job::learning, "measure improvement", "verdicts", ""},
                            {Job::learning, "log", "", "the steps above are written down"},
                            {Job::stats, "recipes", "recipes", ""},
                            {Job::stats, "verdicts", "verdicts", ""},
                            {Job::experiments, "collect", "sync", ""},
                            {Job::experiments, "decide by what is known", "turn", ""}});

std::string_view when_of(Job job) {
  switch (job) {
    case Job::retrain: return "02:00";
    case Job::learning: return "03:00";
    case Job::stats: return "04:00";
    case Job::experiments: return "05:00";
    case Job::turn: return "every hour";
  }
  check_failed(__FILE__, __LINE__, "Job in range");
}

std::string lock_of(const Services& services) { return services.store_path() + ".schedule"; }

// "patterns 3, tested 40": the counts at the top of an output.
std::string counts_of(const Json& output) {
  std::string text;
  const JsonObject* object = output.if_object();
  if (object == nullptr) return text;
  for (const auto& member : *object) {
    std::string count;
    if (const JsonArray* array = member.value().if_array()) count = fmt::to_string(array->size());
    if (const std::int64_t* number = member.value().if_int64()) count = fmt::to_string(*number);
    if (count.empty()) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", std::string_view(member.key()), count);
  }
  return text;
}

RunStep step_done(const StepRow& row, const Result<Json>& output) {
  RunStep step{.name = std::string(row.name), .good = true, .said = {}};
  if (output) {
    step.said = counts_of(*output);
  } else if (output.error().code == ErrorCode::not_found) {
    step.said = "nothing to do: " + output.error().message;
  } else {
    step.good = false;
    step.said = output.error().message;
  }
  return step;
}

// Calls what the step consists of. Errors: conflict, when it was asked to stop meanwhile.
Result<RunStep> do_step(const StepRow& row, Services& services, const Account& account,
                        ScheduledRun& run) {
  if (row.operation.empty()) {
    return RunStep{.name = std::string(row.name), .good = true, .said = std::string(row.instead)};
  }
  JsonObject input;
  if (row.of_account) input["account"] = account.id.text;
  if (!row.flag.empty()) input[row.flag] = true;
  const Result<Json> output = find_operation(row.operation)->run(Json(std::move(input)), services);
  if (!output) {
    if (services.progress().cancelled()) return output.error();
    run.retry = run.retry || row_of(output.error().code).retry;
  }
  return step_done(row, output);
}

// Works through the steps that are left and writes each of them down.
Status work(Services& services, Store& store, const Account& account, ScheduledRun& run) {
  std::size_t number = 0;
  for (const StepRow& row : kSteps) {
    if (row.job != run.job || number++ < run.steps.size()) continue;
    if (services.progress().cancelled()) {
      return fail(ErrorCode::conflict, "stopped; what was begun is taken up the next time");
    }
    RunStep step = RF_TRY(do_step(row, services, account, run));
    step.at = services.clock().now();
    RF_TRY(loop::log_step(store, account, run, std::move(step)));
  }
  return loop::end_run(store, account, run, services.clock().now());
}

Result<AccountSchedule> schedule_view(Store& store, const Account& account, Instant now) {
  const loop::Schedule schedule = RF_TRY(loop::schedule_of(store, account.id));
  AccountSchedule view{
      .account = account.id.text, .time_zone = account.zone.name(), .paused = false, .jobs = {}};
  view.paused = RF_TRY(loop::is_paused(store, account.id));
  for (const Job job : loop::kJobs) {
    ScheduledJob line{.job = job, .when = std::string(when_of(job))};
    const auto settled = std::ranges::find(schedule.settled, job, &loop::Settled::job);
    const Instant due = loop::last_due(job, account.zone, now);
    line.is_due = settled == schedule.settled.end() || settled->due < due;
    line.next = line.is_due ? due : loop::next_due(job, account.zone, now);
    for (const ScheduledRun& run : schedule.runs) {
      if (run.job != job) continue;
      line.last = run.started;
      line.last_state = run.state;
    }
    view.jobs.push_back(std::move(line));
  }
  return view;
}

Result<ScheduleStatus> set_pause(const ScheduleInput& input, Services& services, bool paused) {
  Store* store = RF_TRY(services.store());
  for (const Account& account : RF_TRY(accounts_asked(*store, input.account))) {
    RF_TRY(loop::set_paused(*store, account.id, paused));
  }
  return schedule_status(input, services);
}

// All that is due of one account, oldest first.
Status catch_up(const Account& account, Services& services, ScheduleRuns& output) {
  Store* store = RF_TRY(services.store());
  while (true) {
    const bool paused = RF_TRY(loop::is_paused(*store, account.id));
    if (paused) return {};
    std::optional<ScheduledRun> run =
        RF_TRY(loop::begin_due(*store, account, services.clock().now()));
    if (!run) return {};
    RF_TRY(work(services, *store, account, *run));
    output.runs.push_back({.account = account.id.text, .run = std::move(*run)});
  }
}

}  // namespace

Result<ScheduleStatus> schedule_status(const ScheduleInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  ScheduleStatus status{.working = FileLock::is_taken(lock_of(services)), .accounts = {}};
  for (const Account& account : RF_TRY(accounts_asked(*store, input.account))) {
    AccountSchedule view = RF_TRY(schedule_view(*store, account, services.clock().now()));
    status.accounts.push_back(std::move(view));
  }
  return status;
}

Result<ScheduleRuns> schedule_history(const ScheduleHistoryInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  ScheduleRuns output;
  for (const Account& account : RF_TRY(accounts_asked(*store, input.account))) {
    loop::Schedule schedule = RF_TRY(loop::schedule_of(*store, account.id));
    for (ScheduledRun& run : schedule.runs) {
      if (input.job && run.job != *input.job) continue;
      output.runs.push_back({.account = account.id.text, .run = std::move(run)});
    }
  }
  std::ranges::stable_sort(output.runs, std::ranges::greater{},
                           [](const AccountRun& each) { return each.run.started; });
  if (std::ssize(output.runs) > input.limit) {
    output.runs.resize(static_cast<std::size_t>(input.limit));
  }
  return output;
}

Result<ScheduleRuns> schedule_run(const ScheduleRunInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  const std::vector<Account> accounts = RF_TRY(accounts_asked(*store, input.account));
  if (accounts.empty()) {
    return fail(ErrorCode::not_found,
                "the store holds no numbers yet; import an export: reelforge import FILE");
  }
  const std::optional<FileLock> lock = RF_TRY(FileLock::take(lock_of(services)));
  if (!lock) {
    return fail(ErrorCode::conflict,
                "another process works by the schedule right now; see 'schedule status'");
  }
  ScheduleRuns output;
  for (const Account& account : accounts) {
    ScheduledRun run =
        RF_TRY(loop::begin_by_hand(*store, account, input.job, services.clock().now()));
    RF_TRY(work(services, *store, account, run));
    output.runs.push_back({.account = account.id.text, .run = std::move(run)});
  }
  return output;
}

Result<ScheduleRuns> schedule_catch_up(const ScheduleInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  const std::vector<Account> accounts = RF_TRY(accounts_asked(*store, input.account));
  ScheduleRuns output;
  if (accounts.empty()) return output;
  const std::optional<FileLock> lock = RF_TRY(FileLock::take(lock_of(services)));
  if (!lock) return output;
  for (const Account& account : accounts) RF_TRY(catch_up(account, services, output));
  return output;
}

Result<ScheduleStatus> schedule_pause(const ScheduleInput& input, Services& services) {
  return set_pause(input, services, true);
}

Result<ScheduleStatus> schedule_resume(const ScheduleInput& input, Services& services) {
  return set_pause(input, services, false);
}

}  // namespace rf::api
