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

// One ad among them.
struct AdMatch {
  const Judged* judged = nullptr;
  const Belief* belief = nullptr;
};

// The one ad that was meant by its name, a part of it, its id or its key; exact matches before
// parts of names. Points into `all`.
// Errors: not_found; invalid, when several ads answer to the name.
Result<AdMatch> ad_called(const std::vector<Judged>& all, const std::string& asked);

// Every account that was asked for, as a turn would see it now.
// Errors: not_found; those of the store.
Result<std::vector<Judged>> all_judged(Store& store, const std::optional<std::string>& id,
                                       Instant now);

// Plans of several accounts side by side, most urgent first and numbered anew; its account is empty
// and its hash covers theirs. A single plan stays as it is.
// REQUIRES: plans is not empty.
Plan side_by_side(std::vector<Plan> plans);

}  // namespace rf::api
