// The one gate: whether a change may be made now, and if not, why and what would help.
//
// Pure: everything it looks at is an argument. It refuses what it cannot judge: no limits, budgets
// it cannot add up, numbers that are old or look broken.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "act/exposure.h"
#include "act/limits.h"
#include "act/sweep.h"
#include "model/receipt.h"

namespace rf::act {

// How far the numbers that a plan rests on can be trusted.
struct DataFacts {
  std::optional<Instant> known_at;  // When the platform was last asked about the last closed day.
  double completeness = 1;          // Of the last answer. [0, 1]
  bool tracking_broken = false;     // Sales vanished everywhere at once while clicks did not.
  std::optional<std::int64_t> ads_before;  // At the look before; none where there was none.
};

// Around a change.
struct Situation {
  Account account;
  AccountNow now;
  std::vector<Receipt> receipts;  // Every one that is open or of the last 30 days.
  DataFacts data;
  bool halted = false;  // kill-all is in force.
  Instant at;
};

struct Decision {
  bool allowed = false;
  ErrorCode code =
      ErrorCode::denied;  // over_limit: a number is too large; denied: a person must act.
  std::string limit;      // Its name in the document.
  std::string reason;
  std::string next_step;
  Money raise;              // What the change adds to what the account may spend a day.
  std::int64_t people = 0;  // Whose consent it needs.
};

// `approved_by` are people, each once.
Decision may(const Step& step, const std::vector<std::string>& approved_by,
             const std::optional<Limits>& limits, const Situation& situation);

// What a step is, as far as permission goes.
// REQUIRES: it changes one thing.
Operation operation_of(const Step& step);

// SHA-256 of what a step changes, from what, to what: consent to one is none to another.
std::string fingerprint(const Step& step);

// How long receipts matter to the gate: the longest rest that limits can ask for, 720 hours.
inline constexpr Duration kMemory = std::chrono::hours(720);

}  // namespace rf::act
