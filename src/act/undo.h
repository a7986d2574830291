// Takes back what was done: one receipt, a batch, or everything since a moment.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "act/execute.h"

namespace rf::act {

// Exactly one of them is meant.
struct UndoChoice {
  std::vector<std::int64_t> receipts;
  std::string batch;
  std::optional<Instant> since;
};

// The steps that take back what is chosen, newest first, so that each finds what it was made from.
// Left out: what was taken back already, together with what took it back.
// Errors: not_found, when a receipt or batch does not exist; conflict, when one was never done.
Result<std::vector<Step>> undo_steps(const UndoChoice& choice, const std::vector<Receipt>& all);

// Does it. The person who asks gives consent to each step by asking; where the limits ask for more
// people, the others ask for the same undo.
// Errors: as undo_steps() and execute().
Result<std::vector<StepResult>> undo(const UndoChoice& choice, Orders orders, const Hands& hands);

}  // namespace rf::act
