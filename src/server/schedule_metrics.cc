#include "server/schedule_metrics.h"

#include <fmt/format.h>

#include "api/schedule.h"

namespace rf::server {
namespace {

constexpr std::string_view kLate = "reelforge_schedule_late_seconds";
constexpr std::string_view kLast = "reelforge_schedule_last_start_timestamp_seconds";
constexpr std::string_view kFailed = "reelforge_schedule_last_failed";
constexpr std::string_view kPaused = "reelforge_schedule_paused";

double seconds_of(Duration duration) { return static_cast<double>(duration.count()) / 1e6; }

// A label's value: ids of accounts come from files.
std::string quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string head(std::string_view name, std::string_view help) {
  return fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n", name, help);
}

}  // namespace

Result<std::string> schedule_metrics(api::Services& services) {
  const api::ScheduleStatus status = RF_TRY(api::schedule_status({}, services));
  const Instant now = services.clock().now();
  std::string late = head(kLate, "How long recurring work has been due, 0 when it is not.");
  std::string last = head(kLast, "When its last run began.");
  std::string failed = head(kFailed, "1 when its last run did not go well.");
  std::string paused = head(kPaused, "1 when the account's recurring work rests.");
  for (const api::AccountSchedule& account : status.accounts) {
    const std::string whose = quoted(account.account);
    paused += fmt::format("{}{{account=\"{}\"}} {}\n", kPaused, whose, account.paused ? 1 : 0);
    for (const api::ScheduledJob& job : account.jobs) {
      const std::string labels =
          fmt::format("{{account=\"{}\",job=\"{}\"}}", whose, name_of(job.job));
      late += fmt::format("{}{} {}\n", kLate, labels, job.is_due ? seconds_of(now - job.next) : 0);
      if (!job.last) continue;
      const bool bad = job.last_state == loop::RunState::failed;
      last += fmt::format("{}{} {:.0f}\n", kLast, labels, seconds_of(job.last->time_since_epoch()));
      failed += fmt::format("{}{} {}\n", kFailed, labels, bad ? 1 : 0);
    }
  }
  return late + last + failed + paused;
}

}  // namespace rf::server
