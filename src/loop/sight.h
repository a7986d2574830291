// What the store knows of an account, as learning wants it.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "decide/policies.h"
#include "learn/beliefs.h"
#include "learn/creatives.h"
#include "model/entity.h"
#include "store/store.h"

namespace rf::loop {

struct Sight {
  Level level = Level::ad;  // The finest that has numbers.
  Day today;                // The account's first day that is not closed.
  learn::History history;
  learn::FilmsSeen films;  // What the ads show, as far as it is known.
  std::vector<std::string> notices;
};

// The films of the account's ads as they were known at `as_of`, else now.
Result<learn::FilmsSeen> films_seen(Store& store, const AccountId& account,
                                    const std::optional<Instant>& as_of);

// Reads what is remembered: totals, and the days of the lookback. A day is closed when the platform
// was asked after its end, by the account's own calendar.
// REQUIRES: store.remember(account.id) was called.
// Cost: the ads and the days asked for, not the history.
// `reach`: read so many days before the open one, at least the lookback.
Result<Sight> look(Store& store, const Account& account, Instant now,
                   std::int64_t reach = learn::kLookback.count());

// What a reader should know first: of the sight, and of what was taken for granted in learning.
std::vector<std::string> notices_of(const Account& account, const Sight& sight,
                                    const std::vector<Belief>& beliefs);

// The account's own policies, else those for all accounts, else the defaults.
// Errors: those of the store; corrupt, when a document kept there does not fit.
Result<decide::Policies> policies_of(Store& store, const AccountId& account);

// The rules by which beliefs are made under these policies.
learn::BeliefRules rules_under(const decide::Policies& policies);

}  // namespace rf::loop
