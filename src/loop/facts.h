// What deciding must know of an account beside the beliefs about its ads: alarms, armed rules, and
// what earlier plans killed.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "decide/judge.h"
#include "decide/rules/rule.h"
#include "loop/sight.h"
#include "model/belief.h"
#include "model/entity.h"
#include "model/plan.h"
#include "store/store.h"

namespace rf::loop {

// `rules` are the account's armed ones; findings on ads that rest are left out.
// Errors: those of the store; corrupt, when a document kept there does not fit.
Result<decide::AccountFacts> facts_of(Store& store, const Account& account, const Sight& sight,
                                      std::span<const Belief> beliefs,
                                      std::span<const decide::Rule> rules, Instant now);

// Writes down what was known of each ad that the plan kills for the first time, so that conversions
// that arrive later can prove it wrong. An ad that was to be killed and runs on is forgotten.
Status remember_kills(Store& store, const AccountId& account, std::span<const Belief> beliefs,
                      const Plan& plan);

// What a conversion may cost: the policy's, else the account's own CPA, else NaN.
// Units: the currency unit.
double target_cpa_of(const decide::Policies& policies, std::span<const Belief> beliefs);

// Of rules that only say something.
void add_rule_notices(const Plan& plan, std::span<const decide::RuleFinding> findings,
                      std::vector<std::string>& notices);

}  // namespace rf::loop
