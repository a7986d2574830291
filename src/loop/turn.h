// One turn of the wheel. Read turn.cc first: it is the whole program.

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/plan.h"
#include "store/store.h"

namespace rf::loop {

struct Turned {
  TurnRecord record;
  Plan plan;
  std::vector<std::string> notices;
};

// Remembers, learns, decides; once, in that order, for one account. Nothing is executed.
//
// A turn looks only at the store, never at what the turn before it did, so it may be cut off
// anywhere and simply be run again. Turns of different accounts do not depend on each other.
// Errors: those of the store.
Result<Turned> turn(Store& store, const Account& account, const Clock& clock);

}  // namespace rf::loop
