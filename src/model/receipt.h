// What was done on a platform, what was approved, and the log of both: the arrow from acting back
// to remembering.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/described.h"
#include "base/time.h"
#include "model/entity.h"
#include "model/json_codecs.h"
#include "model/money.h"
#include "model/run_status.h"

namespace rf {

// The part of a campaign, ad set or ad that we may change, as it stands.
struct Setting {
  RunStatus status = RunStatus::paused;
  std::optional<Money> daily_budget;  // None where the budget is kept at another level.

  bool operator==(const Setting&) const = default;
};

template <>
struct Described<Setting> {
  static constexpr auto fields =
      std::tuple{field("status", &Setting::status, "whether it is meant to run"),
                 field("daily_budget", &Setting::daily_budget,
                       "its daily budget; null where that is kept at another level")};
};

// Who asked for a change.
enum class StepSource : std::uint8_t { plan, undo, kill_all };

template <>
struct EnumNames<StepSource> {
  static constexpr auto names = std::to_array<std::pair<StepSource, std::string_view>>(
      {{StepSource::plan, "plan"}, {StepSource::undo, "undo"}, {StepSource::kill_all, "kill_all"}});
};

// One change of one thing, with what it was made from: what is approved, executed and undone.
struct Step {
  std::string key;    // Names the step for ever; it takes effect once.
  std::string batch;  // What was done together, and can be undone together.
  StepSource source = StepSource::plan;
  std::string policy;              // The action it came from: "kill", "increase_budget".
  std::vector<std::string> items;  // Of the plan.
  Level level = Level::ad;
  std::string entity;    // The platform's id.
  std::string name;      // The name people know.
  std::string campaign;  // The platform's id of the campaign it belongs to.
  Setting before;
  Setting after;
  std::string reason;       // In words, with the numbers.
  std::int64_t undoes = 0;  // The receipt that it takes back; 0 for none.

  bool operator==(const Step&) const = default;
};

template <>
struct Described<Step> {
  static constexpr auto fields =
      std::tuple{field("key", &Step::key, "names the step for ever"),
                 field("batch", &Step::batch, "what was done together"),
                 field("source", &Step::source, "a plan, an undo or kill-all"),
                 field("policy", &Step::policy, "the action it came from"),
                 field("items", &Step::items, "of the plan"),
                 field("level", &Step::level, "campaign, adset or ad"),
                 field("entity", &Step::entity, "the platform's id"),
                 field("name", &Step::name, "the name people know"),
                 field("campaign", &Step::campaign, "the id of its campaign"),
                 field("before", &Step::before, "what it was made from"),
                 field("after", &Step::after, "what it shall be"),
                 field("reason", &Step::reason, "why, with the numbers"),
                 field("undoes", &Step::undoes, "the receipt it takes back, 0 for none")};
};

enum class ReceiptState : std::uint8_t {
  sent,       // About to be asked of the platform; written before the question.
  unknown,    // Asked, and the answer was lost: look before anything else.
  done,       // Read back as it should be.
  failed,     // Refused by the platform, or looked for and not there.
  overtaken,  // Looked for, and somebody else had changed it.
};

template <>
struct EnumNames<ReceiptState> {
  static constexpr auto names = std::to_array<std::pair<ReceiptState, std::string_view>>(
      {{ReceiptState::sent, "sent"},
       {ReceiptState::unknown, "unknown"},
       {ReceiptState::done, "done"},
       {ReceiptState::failed, "failed"},
       {ReceiptState::overtaken, "overtaken"}});
};

// A step and what became of it. Written before the platform is asked, so that nothing is done
// without one.
struct Receipt {
  std::int64_t id = 0;  // Given by the store, from 1 within the account.
  Step step;
  std::string actor;
  std::vector<std::string> approved_by;
  ReceiptState state = ReceiptState::sent;
  Money raise;     // What it adds to what the account may spend a day; zero where it does not.
  Instant at;      // First asked.
  Instant asked;   // Last asked.
  Instant looked;  // Last read back; `asked` where it never was.
  std::int64_t attempts = 1;
  std::optional<Setting> found;  // When it was last read back.
  std::string note;              // What the platform said, without secrets.

  bool operator==(const Receipt&) const = default;

  // It may still take effect, or has and we do not know.
  bool open() const { return state == ReceiptState::sent || state == ReceiptState::unknown; }
};

template <>
struct Described<Receipt> {
  static constexpr auto fields = std::tuple{
      field("id", &Receipt::id, "within the account"),
      field("step", &Receipt::step, "the change"),
      field("actor", &Receipt::actor, "who asked for it"),
      field("approved_by", &Receipt::approved_by, "who approved it"),
      field("state", &Receipt::state, "what became of it"),
      field("raise", &Receipt::raise, "what it adds to the account's possible spend a day"),
      field("at", &Receipt::at, "when the platform was first asked"),
      field("asked", &Receipt::asked, "when it was last asked"),
      field("looked", &Receipt::looked, "when it was last read back"),
      field("attempts", &Receipt::attempts, "how often it was asked"),
      field("found", &Receipt::found, "as it was last read back, or null"),
      field("note", &Receipt::note, "what the platform said")};
};

// One person's consent to one step, exactly as it was shown.
struct Approval {
  std::string key;          // Of the step.
  std::string fingerprint;  // Of what is changed, from what, to what.
  std::string person;
  Instant at;
  Step step;

  bool operator==(const Approval&) const = default;
};

template <>
struct Described<Approval> {
  static constexpr auto fields = std::tuple{field("key", &Approval::key, "of the step"),
                                            field("fingerprint", &Approval::fingerprint,
                                                  "SHA-256 of what is changed, from what, to what"),
                                            field("person", &Approval::person, "who approved"),
                                            field("at", &Approval::at, "when"),
                                            field("step", &Approval::step, "as it was shown")};
};

// Something that belongs into the log.
struct AuditNote {
  Instant at;
  std::string actor;
  std::string kind;  // "receipt", "approval", "limits", "halt", "refused", …
  Json body;
};

// One line of the log, chained to the one before it.
struct AuditEntry {
  std::int64_t number = 0;  // From 1 within the account, without gaps.
  AuditNote note;
  std::string hash_before;  // Of the entry before; empty for the first.
  std::string hash;         // SHA-256 of everything above.
};

template <>
struct Described<AuditNote> {
  static constexpr auto fields =
      std::tuple{field("at", &AuditNote::at, "when"), field("actor", &AuditNote::actor, "who"),
                 field("kind", &AuditNote::kind, "what it tells of"),
                 field("body", &AuditNote::body, "the whole of it")};
};

template <>
struct Described<AuditEntry> {
  static constexpr auto fields =
      std::tuple{field("number", &AuditEntry::number, "from 1, without gaps"),
                 field("note", &AuditEntry::note, "what happened"),
                 field("hash_before", &AuditEntry::hash_before, "of the entry before"),
                 field("hash", &AuditEntry::hash, "SHA-256 of everything above")};
};

// Whether a receipt was right, so many days later.
enum class VerdictOutcome : std::uint8_t { right, wrong, unclear };

template <>
struct EnumNames<VerdictOutcome> {
  static constexpr auto names = std::to_array<std::pair<VerdictOutcome, std::string_view>>(
      {{VerdictOutcome::right, "right"},
       {VerdictOutcome::wrong, "wrong"},
       {VerdictOutcome::unclear, "unclear"}});
};

struct VerdictRecord {
  std::int64_t receipt = 0;
  std::string policy;
  std::int64_t after_days = 0;
  Instant judged_at;
  VerdictOutcome outcome = VerdictOutcome::unclear;
  // What the ad brought, as a multiple of what its control brought for the same money on the same
  // days; none where they cannot be compared.
  std::optional<double> ratio;
  std::optional<double> low;
  std::optional<double> high;
  double events = 0;
  double expected = 0;
  std::string reason;

  bool operator==(const VerdictRecord&) const = default;
};

template <>
struct Described<VerdictRecord> {
  using V = VerdictRecord;
  static constexpr auto fields = std::tuple{
      field("receipt", &V::receipt, "the action that was judged"),
      field("policy", &V::policy, "what it came from"),
      field("after_days", &V::after_days, "so many days later"),
      field("judged_at", &V::judged_at, "when"),
      field("outcome", &V::outcome, "right or wrong"),
      field("ratio", &V::ratio, "what it brought, as a multiple of its control for the same money"),
      field("low", &V::low, "lower end of the 90 % interval"),
      field("high", &V::high, "upper end of the 90 % interval"),
      field("events", &V::events, "conversions it brought"),
      field("expected", &V::expected, "conversions its control would have brought"),
      field("reason", &V::reason, "in words")};
};

}  // namespace rf
