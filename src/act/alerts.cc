#include "act/alerts.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/execute.h"
#include "act/redact.h"

namespace rf::act {
namespace {

using std::chrono::hours;

constexpr Duration kHappenedFor = hours(7 * 24);
constexpr Duration kKeptFor = hours(30 * 24);

// The alert of that key that still holds. What a person has acknowledged is known for as long as it
// lasts; of what happened once, the next time is a new alert.
KeptAlert* holding(AlertBook& book, const std::string& key) {
  const auto found = std::ranges::find_if(book.alerts, [&](const KeptAlert& kept) {
    const bool known = !kept.acknowledged_by.empty();
    return kept.alert.key == key && !kept.over && (!known || kept.alert.lasts);
  });
  return found == book.alerts.end() ? nullptr : &*found;
}

void find_again(KeptAlert& kept, const Alert& alert, Instant now) {
  kept.last = now;
  ++kept.times;
  // What became worse is told again.
  if (alert.severity > kept.alert.severity) {
    kept.told.clear();
    kept.acknowledged_by.clear();
  }
  kept.alert = alert;
}

void end_what_is_gone(AlertBook& book, const Findings& findings, Instant now) {
  std::set<std::string_view> found;
  for (const Alert& alert : findings.alerts) found.insert(alert.key);
  for (KeptAlert& kept : book.alerts) {
    if (kept.over) continue;
    const bool gone = kept.alert.lasts ? findings.looked.contains(kept.alert.kind) &&
                                             !found.contains(kept.alert.key)
                                       : kept.last + kHappenedFor < now;
    if (gone) kept.over = now;
  }
}

void forget(AlertBook& book, Instant now) {
  std::erase_if(book.alerts, [&](const KeptAlert& kept) {
    return (kept.over && *kept.over + kKeptFor < now) ||
           (!kept.open() && kept.last + 2 * kKeptFor < now);
  });
  if (book.alerts.size() <= kAlertsMax) return;
  const auto rank = [](const KeptAlert& kept) {
    return std::tuple(kept.open(), kept.alert.severity, kept.number);
  };
  std::ranges::sort(book.alerts, std::ranges::greater{}, rank);
  book.alerts.resize(kAlertsMax);
  std::ranges::sort(book.alerts, {}, &KeptAlert::number);
}

std::string of_account(std::string_view command, const Account& account) {
  return fmt::format("reelforge {} --account {}", command, account.id.text);
}

std::string shown(std::string_view text) {
  return text.empty() ? std::string("nothing") : without_secrets(text);
}

// Whatever is meant to run and does not is more than something to look at.
Severity severity_of(const Drift& drift) {
  const bool costs = drift.what == "daily_budget" || drift.what == "status" ||
                     drift.what == "new" || drift.what == "delivery" || drift.what == "gone";
  return costs ? Severity::alarm : Severity::warning;
}

}  // namespace

void enter(AlertBook& book, const Findings& findings, Instant now) {
  for (const Alert& alert : findings.alerts) {
    if (KeptAlert* kept = holding(book, alert.key)) {
      find_again(*kept, alert, now);
    } else {
      book.alerts.push_back({.number = ++book.numbered, .alert = alert, .first = now, .last = now});
    }
  }
  end_what_is_gone(book, findings, now);
  forget(book, now);
}

const KeptAlert* find_alert(const AlertBook& book, std::int64_t number) {
  const auto found = std::ranges::find(book.alerts, number, &KeptAlert::number);
  return found == book.alerts.end() ? nullptr : &*found;
}

Status acknowledge(AlertBook& book, const std::vector<std::int64_t>& numbers,
                   const std::string& person) {
  for (const std::int64_t number : numbers) {
    if (find_alert(book, number) == nullptr) {
      return fail(ErrorCode::not_found, fmt::format("there is no alert {}", number));
    }
  }
  for (KeptAlert& kept : book.alerts) {
    const bool meant = std::ranges::find(numbers, kept.number) != numbers.end();
    if (meant && kept.acknowledged_by.empty()) kept.acknowledged_by = person;
  }
  return {};
}

ToTell to_tell(const AlertBook& book, const std::string& sink, Severity least, Duration remind,
               Instant now) {
  ToTell tell;
  for (const KeptAlert& kept : book.alerts) {
    if (kept.alert.severity < least) continue;
    const auto told = kept.told.find(sink);
    if (kept.open()) {
      const bool again = told != kept.told.end() && kept.alert.lasts &&
                         kept.alert.severity == Severity::alarm && told->second + remind <= now;
      if (told == kept.told.end() || again) tell.open.push_back(kept.number);
    } else if (kept.over && kept.alert.lasts && kept.alert.severity > Severity::notice &&
               told != kept.told.end() && !kept.told_over.contains(sink)) {
      tell.over.push_back(kept.number);
    }
  }
  return tell;
}

void mark_told(AlertBook& book, const std::string& sink, const ToTell& told, Instant now) {
  for (KeptAlert& kept : book.alerts) {
    if (std::ranges::find(told.open, kept.number) != told.open.end()) kept.told[sink] = now;
    if (std::ranges::find(told.over, kept.number) != told.over.end()) kept.told_over[sink] = now;
  }
}

std::vector<Alert> alerts_on(const std::vector<Drift>& drifts, const Account& account) {
  std::vector<Alert> alerts;
  for (const Drift& drift : drifts) {
    if (!drift.alarm || drift.what == "issues") continue;  // Issues last: see rejections_in().
    const std::string next = drift.next_step.empty() ? "" : "; " + drift.next_step;
    alerts.push_back(
        {.key = fmt::format("drift:{}:{}:{}", drift.what, drift.thing, drift.after),
         .kind = drift.what == "delivery" ? AlertKind::delivery : AlertKind::drift,
         .severity = severity_of(drift),
         .thing = drift.thing,
         .text = fmt::format("'{}': {} was {} and is {}, and we did not do it{}", drift.name,
                             drift.what, shown(drift.before), shown(drift.after), next),
         .command = of_account("drift", account),
         .lasts = false});
  }
  return alerts;
}

std::vector<Alert> rejections_in(const Snapshot& snapshot, const Account& account) {
  std::vector<Alert> alerts;
  for (const auto& [thing, seen] : snapshot.things) {
    const bool meant = seen.setting.status == RunStatus::active;
    if (!meant || seen.issues.empty()) continue;
    alerts.push_back(
        {.key = "rejected:" + thing,
         .kind = AlertKind::rejected,
         .severity = seen.delivers ? Severity::warning : Severity::alarm,
         .thing = thing,
         .text = fmt::format(
             "'{}' {}: {}", seen.name,
             seen.delivers ? "runs, and the platform warns" : "is meant to run and does not",
             without_secrets(fmt::format("{}", fmt::join(seen.issues, "; ")))),
         .command = of_account("drift", account),
         .lasts = true});
  }
  return alerts;
}

std::optional<Alert> refusal_in(const AuditEntry& entry, const Account& account) {
  if (entry.note.kind != "refused") return std::nullopt;
  const Result<StepResult> result = from_json<StepResult>(entry.note.body, "refused");
  if (!result) return std::nullopt;
  const Step& step = result->step;
  const std::string next = result->next_step.empty() ? "" : "; " + result->next_step;
  return Alert{
      .key = fmt::format("gate:{}:{}:{}", result->limit, to_string(step.level), step.entity),
      .kind = AlertKind::gate,
      .severity = Severity::warning,
      .thing = fmt::format("{}:{}", to_string(step.level), step.entity),
      .text = fmt::format("a change of '{}' asked for by {} was refused by '{}': {}{}", step.name,
                          entry.note.actor, result->limit, result->reason, next),
      .command = of_account("limits show", account),
      .lasts = false};
}

}  // namespace rf::act
