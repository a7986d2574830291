// From a plan's items to changes of single things, as the account stands now.
//
// An ad has no budget of its own: its ad set has one, or its campaign. What a plan moves between
// ads is therefore added to or taken from whoever holds the budget; items that meet there become
// one step.

#pragma once

#include <string>
#include <vector>

#include "act/limits.h"
#include "act/sweep.h"
#include "model/plan.h"
#include "model/receipt.h"

namespace rf::act {

// An item that is no change here, and why.
struct Unplaced {
  std::string item;
  std::string name;
  std::string reason;
};

struct Steps {
  std::vector<Step> steps;  // Stops first, then cuts, then raises: room is made before it is used.
  std::vector<Unplaced> unplaced;
};

// `items` are the ids of the plan's items that are meant; empty: all that ask for something. A step
// whose items all come from one of the users' `rules` bears its name as its policy.
Steps steps_of(const Plan& plan, const std::vector<std::string>& items, const AccountNow& now,
               const RuleActions& rules = {});

// The policy an item comes from: a rule's, else its action.
std::string policy_of(const PlanItem& item, const RuleActions& rules);

// The name under which a plan's steps are approved, executed and undone together.
std::string batch_of(const Plan& plan);

// Whether the plan's hash is the one of its contents.
bool is_as_made(const Plan& plan);

// The step that takes a receipt back.
// REQUIRES: it is done. `attempt` tells apart those that failed or were themselves taken back.
Step undo_of(const Receipt& receipt, std::int64_t attempt);

}  // namespace rf::act
