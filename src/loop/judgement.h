// What the loop holds of one account at a moment: what was seen, what is believed, what should be
// done. Reading only; turn.h keeps it.

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "decide/policies.h"
#include "learn/beliefs.h"
#include "model/belief.h"
#include "model/entity.h"
#include "model/plan.h"
#include "store/store.h"

namespace rf::loop {

// An account's numbers as learning wants them.
struct Sight {
  Level level = Level::ad;  // The finest that has numbers.
  Day today;                // The account's first day that is not closed.
  learn::History history;
  std::vector<std::string> notices;
};

struct Judgement {
  Sight sight;
  std::vector<Belief> beliefs;
  Plan plan;  // Of this account alone, without a hash.
};

// The account's own policies, else those for all accounts, else the defaults.
// Errors: those of the store; corrupt, when a document kept there does not fit.
Result<decide::Policies> policies_of(Store& store, const AccountId& account);

// Reads what is remembered: totals, and the days of the lookback. A day is closed when the platform
// was asked after its end, by the account's own calendar.
// REQUIRES: store.remember(account.id) was called.
// Cost: the ads and the lookback, not the history.
Result<Sight> look(Store& store, const Account& account, Instant now);

// The rules by which beliefs are made under these policies.
learn::BeliefRules belief_rules(const decide::Policies& policies);

// The judgements of one account, each with its account's id.
Plan decide_on(const Account& account, const Sight& sight, const std::vector<Belief>& beliefs,
               const decide::Policies& policies, Instant now);

// The same steps as a turn, but keeps nothing beyond bringing the memory up to date: for reports.
Result<Judgement> judge(Store& store, const Account& account, Instant now);

}  // namespace rf::loop
