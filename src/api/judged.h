// What a turn would say of each account now, for operations that only read.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "loop/sight.h"
#include "model/belief.h"
#include "model/plan.h"
#include "store/store.h"

namespace rf::api {

// The account of that id, or all of them.
// Errors: not_found.
Result<std::vector<Account>> accounts_asked(Store& store, const std::optional<std::string>& id);

struct Judged {
  Account account;
  loop::Sight sight;
  std::vector<Belief> beliefs;
  Plan plan;
};

// The stages of a turn without keeping the plan. Brings the memory up to date first.
Result<Judged> judged(Store& store, const Account& account, Instant now);

// Plans of several accounts side by side, most urgent first and numbered anew; its account is empty
// and its hash covers theirs. A single plan stays as it is.
// REQUIRES: plans is not empty.
Plan side_by_side(std::vector<Plan> plans);

}  // namespace rf::api
