// One turn of the wheel. Read turn.cc first: it is the whole program.

#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "base/time.h"
#include "model/plan.h"
#include "store/store.h"

namespace rf::loop {

struct Turned {
  TurnRecord record;
  Plan plan;  // Of all the accounts, most urgent first.
  std::vector<std::string> notices;
};

// Remembers, learns, decides; once, in that order, for each of the accounts. Nothing is executed.
//
// A turn looks only at the store, never at what the turn before it did, so it may be cut off
// anywhere and simply be run again.
// REQUIRES: accounts is not empty.
// Errors: those of the store; conflict, when cancelled.
Result<Turned> turn(Store& store, const std::vector<Account>& accounts, const Clock& clock,
                    Progress& progress);

}  // namespace rf::loop
