// Stops everything in an account, and keeps at it until the platform shows that nothing runs.

#pragma once

#include <string>
#include <vector>

#include "act/execute.h"

namespace rf::act {

struct Stopping {
  Halt halt;
  bool confirmed = false;          // Nothing was seen running.
  std::int64_t still_running = 0;  // Campaigns; 0 too while the platform cannot be seen.
  std::vector<StepResult> results;
  std::string trouble;  // Why it could not be confirmed, in words.
};

// Puts the halt in force first, whatever the platform does: from then on nothing but stops passes
// the gate, through any door. Then pauses every campaign that runs.
// Errors: those of the ledger.
Result<Stopping> kill_all(const Account& account, const std::string& actor,
                          const std::string& reason, const Hands& hands);

// Only puts the halt in force, for an account that nothing reaches.
Status put_halt(ActionLedger& ledger, const AccountId& account, const std::string& actor,
                const std::string& reason, Instant now);

// The same for a halt that is in force and not confirmed; nothing where there is none.
Result<Stopping> keep_stopping(const Account& account, const Hands& hands);

// Ends the halt. What was stopped stays stopped until it is taken back.
// Errors: not_found, when none is in force.
Status lift(ActionLedger& ledger, const AccountId& account, const std::string& actor, Instant now);

}  // namespace rf::act
