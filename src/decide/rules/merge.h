// The findings of users' rules put into a plan beside the policies' own judgement.

#pragma once

#include <span>
#include <vector>

#include "decide/rules/ask.h"
#include "model/plan.h"

namespace rf::decide {

// Each ad keeps its one item. A rule's act takes the place of the policy's where it is the more
// careful of the two: a pause over everything but a kill, a lower budget over whatever is higher; a
// raise only where the policy does not kill or lower. What a rule could not have is said in the
// reason. While tracking looks broken no rule acts on conversions. Notices are left to notices_of.
void merge_findings(std::span<const RuleFinding> findings, bool tracking_broken,
                    std::vector<PlanItem>& items);

}  // namespace rf::decide
