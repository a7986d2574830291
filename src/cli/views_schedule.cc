#include <fmt/format.h>

#include "api/schedule.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

Tone tone_of(loop::RunState state) {
  switch (state) {
    case loop::RunState::running: return Tone::strong;
    case loop::RunState::done: return Tone::good;
    case loop::RunState::failed: return Tone::bad;
    case loop::RunState::cut_off: return Tone::warn;
  }
  check_failed(__FILE__, __LINE__, "RunState in range");
}

std::string seconds_of(Instant instant) {
  return to_rfc3339(std::chrono::floor<std::chrono::seconds>(instant));
}

std::vector<Cell> job_cells(const api::ScheduledJob& job) {
  Cell state{.text = "never ran", .tone = Tone::dim};
  if (job.last_state) state = {std::string(name_of(*job.last_state)), tone_of(*job.last_state)};
  return {{std::string(name_of(job.job))},
          {job.when},
          {job.is_due ? "now" : to_rfc3339(job.next)},
          {job.last ? seconds_of(*job.last) : ""},
          std::move(state)};
}

std::string show_run(const api::AccountRun& each, const Style& style) {
  const loop::ScheduledRun& run = each.run;
  std::string text = fmt::format("{}  {}  {}, {}", paint(name_of(run.job), Tone::strong, style),
                                 printable(each.account), seconds_of(run.started),
                                 paint(name_of(run.state), tone_of(run.state), style));
  if (run.by_hand) text += ", asked for";
  if (run.attempt > 1) text += fmt::format(", try {}", run.attempt);
  if (run.missed > 0) text += fmt::format(", missed {} times before", grouped(run.missed));
  text += '\n';
  for (const loop::RunStep& step : run.steps) {
    const Tone tone = step.good ? Tone::plain : Tone::bad;
    text += fmt::format("  {}: {}\n", step.name, paint(printable(step.said), tone, style));
  }
  return text;
}

}  // namespace

std::string show_schedule(const Json& output, const Style& style) {
  const auto view = read_output<api::ScheduleStatus>(output);
  if (view.accounts.empty()) return "no account yet; import an export: reelforge import FILE\n";
  std::string text;
  for (const api::AccountSchedule& account : view.accounts) {
    text += fmt::format("{}  {}{}\n", paint(printable(account.account), Tone::strong, style),
                        account.time_zone,
                        account.paused ? paint(", paused", Tone::warn, style) : std::string());
    std::vector<std::vector<Cell>> rows;
    rows.reserve(account.jobs.size());
    for (const api::ScheduledJob& job : account.jobs) rows.push_back(job_cells(job));
    text += table({{.title = "job"},
                   {.title = "when"},
                   {.title = "next"},
                   {.title = "last began"},
                   {.title = "it was"}},
                  rows, style);
  }
  text += view.working ? "a process is at work on it now\n" : "nobody is at work on it now\n";
  return text;
}

std::string show_schedule_runs(const Json& output, const Style& style) {
  const auto view = read_output<api::ScheduleRuns>(output);
  if (view.runs.empty()) return "nothing\n";
  std::string text;
  for (const api::AccountRun& run : view.runs) text += show_run(run, style);
  return text;
}

}  // namespace rf::cli
