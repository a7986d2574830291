// Alerts: what a person should know without asking, told once.
//
// Each look at an account finds some. What was found before and still holds is the same alert; what
// no longer holds is over. The book is a document of the account; whoever holds its lock writes it.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "act/drift.h"
#include "base/described.h"
#include "model/json_codecs.h"
#include "model/receipt.h"

namespace rf::act {

enum class AlertKind : std::uint8_t {
  tracking,  // Sales vanished everywhere at once: everything is held.
  sync,      // Numbers do not come, or come in part.
  delivery,  // What should run is not shown.
  rejected,  // The platform says that something is wrong with it.
  drift,     // Somebody else changed something that costs money or stops delivery.
  gate,      // A change was asked for and refused.
  verdict,   // What was done proved wrong, or a policy loses its standing.
  halt,      // kill-all is in force.
};

enum class Severity : std::uint8_t { notice, warning, alarm };

struct Alert {
  std::string key;  // What makes two the same: "gate:change_raise_max:adset:12".
  AlertKind kind = AlertKind::drift;
  Severity severity = Severity::warning;
  std::string thing;    // "ad:123"; empty for the account.
  std::string text;     // What is wrong and why, with the numbers.
  std::string command;  // What to say to the program, or to look at.
  bool lasts = false;   // It holds until a look no longer finds it; else it happened once.

  bool operator==(const Alert&) const = default;
};

struct KeptAlert {
  std::int64_t number = 0;  // Within the account, from 1.
  Alert alert;
  Instant first;
  Instant last;  // When it was last found.
  std::int64_t times = 1;
  std::optional<Instant> over;
  std::string acknowledged_by;               // Empty while nobody did.
  std::map<std::string, Instant> told;       // By sink: when it was last told.
  std::map<std::string, Instant> told_over;  // By sink: when its end was told.

  bool operator==(const KeptAlert&) const = default;

  bool open() const { return !over && acknowledged_by.empty(); }
};

struct AlertBook {
  std::vector<KeptAlert> alerts;  // By number.
  std::int64_t numbered = 0;
  std::int64_t log_seen = -1;  // The account's log was read up to this entry; -1: never.

  bool operator==(const AlertBook&) const = default;
};

inline constexpr std::string_view kAlertsDocument = "alerts";

// What one look found, and of which kinds it could look: others are left as they are.
struct Findings {
  std::vector<Alert> alerts;
  std::set<AlertKind> looked;
};

// Something that happened once is over a week after it was last seen; what is over is kept for 30
// days. Chosen, as is the most that is kept: beyond it the oldest of the least severe go.
inline constexpr std::size_t kAlertsMax = 1000;

void enter(AlertBook& book, const Findings& findings, Instant now);

// Marks alerts as known to a person, by number. What lasts is not told again until it was over.
// Errors: not_found, with the number.
Status acknowledge(AlertBook& book, const std::vector<std::int64_t>& numbers,
                   const std::string& person);

// What a sink should be told now, by number: open alerts that are at least as severe and were not
// told, alarms again after `remind`, and the end of what it was told of.
struct ToTell {
  std::vector<std::int64_t> open;
  std::vector<std::int64_t> over;

  bool empty() const { return open.empty() && over.empty(); }
};
ToTell to_tell(const AlertBook& book, const std::string& sink, Severity least, Duration remind,
               Instant now);
void mark_told(AlertBook& book, const std::string& sink, const ToTell& told, Instant now);

// Null where there is none.
const KeptAlert* find_alert(const AlertBook& book, std::int64_t number);

// What else was changed, where a person should look, and of a look at an account: what the platform
// says is wrong.
std::vector<Alert> alerts_on(const std::vector<Drift>& drifts, const Account& account);
std::vector<Alert> rejections_in(const Snapshot& snapshot, const Account& account);

// A refusal of the gate, from the log's own entry; none for an entry of another kind.
std::optional<Alert> refusal_in(const AuditEntry& entry, const Account& account);

}  // namespace rf::act

template <>
struct rf::EnumNames<rf::act::AlertKind> {
  using K = rf::act::AlertKind;
  static constexpr auto names =
      std::to_array<std::pair<K, std::string_view>>({{K::tracking, "tracking"},
                                                     {K::sync, "sync"},
                                                     {K::delivery, "delivery"},
                                                     {K::rejected, "rejected"},
                                                     {K::drift, "drift"},
                                                     {K::gate, "gate"},
                                                     {K::verdict, "verdict"},
                                                     {K::halt, "halt"}});
};

template <>
struct rf::EnumNames<rf::act::Severity> {
  using S = rf::act::Severity;
  static constexpr auto names = std::to_array<std::pair<S, std::string_view>>(
      {{S::notice, "notice"}, {S::warning, "warning"}, {S::alarm, "alarm"}});
};

template <>
struct rf::Described<rf::act::Alert> {
  using A = rf::act::Alert;
  static constexpr auto fields = std::tuple{
      field("key", &A::key, "what makes two the same"),
      field("kind", &A::kind, "tracking, sync, delivery, rejected, drift, gate, verdict, halt"),
      field("severity", &A::severity, "notice, warning or alarm"),
      field("thing", &A::thing, "level and id, or empty"),
      field("text", &A::text, "what is wrong and why"),
      field("command", &A::command, "what to do"),
      field("lasts", &A::lasts, "it holds until it is no longer found")};
};

template <>
struct rf::Described<rf::act::KeptAlert> {
  using K = rf::act::KeptAlert;
  static constexpr auto fields =
      std::tuple{field("number", &K::number, "within the account"),
                 field("alert", &K::alert, "what it says"),
                 field("first", &K::first, "when it was first found"),
                 field("last", &K::last, "when it was last found"),
                 field("times", &K::times, "how many looks found it"),
                 field("over", &K::over, "when it ended, or null"),
                 field("acknowledged_by", &K::acknowledged_by, "who knows of it, or empty"),
                 field("told", &K::told, "when each sink was told"),
                 field("told_over", &K::told_over, "when each sink was told of its end")};
};

template <>
struct rf::Described<rf::act::AlertBook> {
  using B = rf::act::AlertBook;
  static constexpr auto fields =
      std::tuple{field("alerts", &B::alerts, "by number"),
                 field("numbered", &B::numbered, "the last number given"),
                 field("log_seen", &B::log_seen, "how far the log was read")};
};
