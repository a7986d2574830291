// Beliefs and limits into a plan: one proposal for every ad.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/time.h"
#include "decide/explain.h"
#include "decide/policies.h"
#include "decide/rules/ask.h"
#include "decide/verdict.h"
#include "learn/beliefs.h"
#include "model/belief.h"
#include "model/entity.h"
#include "model/plan.h"

namespace rf::decide {

// What is judged, beside the ads.
struct AccountFacts {
  Account account;
  Day today;                            // Of the account's zone; the open day.
  std::vector<learn::AccountDay> days;  // learn::account_days(history, today).
  Mode mode = Mode::propose;
  KilledAds killed;                   // Ads that earlier plans killed.
  std::vector<RuleFinding> findings;  // Of the account's armed rules.
  CompleteCounts complete;            // Where versions of days show how conversions arrive.
};

// Every ad gets exactly one item, most urgent first. Pure: the same input gives the same plan and
// hash.
// REQUIRES: the beliefs are of this account, each ad once.
// Errors: none; what can not be judged is Action::wait.
Plan judge(std::span<const Belief> beliefs, const Policies& policies, const AccountFacts& facts,
           Instant now);

// True when the account sold before, had its normal clicks in the last `days` closed days and sold
// nothing in them, beyond what chance and late conversions explain. Then it is the measurement that
// failed, and ads are not killed for it.
bool tracking_looks_broken(std::span<const learn::AccountDay> account, Day today,
                           std::int64_t days);

// A belief as the numbers that are judged, and its group.
Case case_of(const Belief& belief);
Group group_of(const Belief& belief);

}  // namespace rf::decide
