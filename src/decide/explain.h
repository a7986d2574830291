// A judgement in words: the reason, every number behind it, what follows, and what would change it.

#pragma once

#include "decide/evidence.h"
#include "model/plan.h"

namespace rf::decide {

// Without id and priority, which are the plan's.
PlanItem explain(const Judged& judged);

}  // namespace rf::decide
