// Does steps on a platform, each once in effect, each through the gate, each with a receipt.
//
// For each: look at the thing, ask the gate, write down what is about to be asked, ask, read back,
// write down what was found. Whatever is lost on the way, a receipt that is open says where to
// look; the next call looks before it does anything else, so a crash at any point needs no repair.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "act/gate.h"
#include "act/limits.h"
#include "base/time.h"
#include "model/receipt.h"
#include "platform/ad_platform.h"
#include "store/action_ledger.h"

namespace rf::act {

// What acts. All must outlive the calls.
struct Hands {
  ActionLedger& ledger;
  AdPlatform& platform;
  const Clock& clock;
};

struct Orders {
  Account account;
  std::optional<Limits> limits;
  DataFacts data;
  std::string actor;
  std::vector<Step> steps;
  bool rehearse = false;  // Asks the gate and nobody else.
};

enum class StepOutcome : std::uint8_t {
  done,
  already,  // It was done before, or stands so already.
  allowed,  // Of a rehearsal.
  waiting,  // For a person's consent.
  refused,  // By the gate.
  is_void,  // The account changed since the step was made.
  unknown,  // The answer was lost; the next call looks.
  failed,   // The platform said no, or could not be reached.
};

struct StepResult {
  Step step;
  StepOutcome outcome = StepOutcome::refused;
  std::string code;       // Of the error table; empty where it went well.
  std::string limit;      // Of the document, where the gate refused.
  std::string reason;     // In words; empty where it went well.
  std::string next_step;  // What would help.
  std::int64_t people = 0;
  std::vector<std::string> approved_by;
  std::optional<std::int64_t> receipt;
};

// One result for each step, in order. A step that does not go well does not stop the others, unless
// the platform cannot be reached or asks us to wait.
// Errors: those of the ledger; those of the platform, when the account cannot be seen at all.
// Nothing was done beyond what the receipts say.
Result<std::vector<StepResult>> execute(const Orders& orders, const Hands& hands);

// Looks at what every open receipt asked for and writes down what became of it. One that the
// platform does not show yet stays open until `settle` after it was asked.
// Gives those that are still open.
Result<std::vector<Receipt>> resolve(const AccountId& account, Duration settle, const Hands& hands);

// Whether two settings are the same on the platform: amounts are compared in whole coins.
bool same(const Setting& a, const Setting& b);

// Whose consent there is to exactly this step.
std::vector<std::string> consents(const Step& step, const std::vector<Approval>& approvals);

// kill-all, where it is in force.
struct Halt {
  bool halted = false;
  Instant at;
  std::string actor;
  std::string reason;
  std::optional<Instant> confirmed;  // When nothing was seen running any more.

  bool operator==(const Halt&) const = default;
};

inline constexpr std::string_view kHaltDocument = "halt";

Result<Halt> halt_of(ActionLedger& ledger, const AccountId& account);

}  // namespace rf::act

template <>
struct rf::Described<rf::act::Halt> {
  using H = rf::act::Halt;
  static constexpr auto fields = std::tuple{
      field("halted", &H::halted, "whether kill-all is in force"),
      field("at", &H::at, "since when"), field("actor", &H::actor, "who asked for it"),
      field("reason", &H::reason, "why"),
      field("confirmed", &H::confirmed, "when nothing was seen running any more, or null")};
};

template <>
struct rf::EnumNames<rf::act::StepOutcome> {
  using O = rf::act::StepOutcome;
  static constexpr auto names =
      std::to_array<std::pair<O, std::string_view>>({{O::done, "done"},
                                                     {O::already, "already"},
                                                     {O::allowed, "allowed"},
                                                     {O::waiting, "waiting"},
                                                     {O::refused, "refused"},
                                                     {O::is_void, "void"},
                                                     {O::unknown, "unknown"},
                                                     {O::failed, "failed"}});
};

template <>
struct rf::Described<rf::act::StepResult> {
  using R = rf::act::StepResult;
  static constexpr auto fields = std::tuple{field("step", &R::step, "the change"),
                                            field("outcome", &R::outcome, "what became of it"),
                                            field("code", &R::code, "of the error table, or empty"),
                                            field("limit", &R::limit, "which limit refused it"),
                                            field("reason", &R::reason, "why"),
                                            field("next_step", &R::next_step, "what would help"),
                                            field("people", &R::people, "whose consent it needs"),
                                            field("approved_by", &R::approved_by, "who gave it"),
                                            field("receipt", &R::receipt, "its receipt, or null")};
};
