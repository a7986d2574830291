// A judgement in words: the reason, every number behind it, what follows, and what would change it.

#pragma once

#include "decide/budget.h"
#include "decide/verdict.h"
#include "model/belief.h"
#include "model/money.h"
#include "model/plan.h"

namespace rf::decide {

// An ad with everything its judgement was made of.
struct Judged {
  const Belief* belief = nullptr;
  Case ad;
  Group group;
  Limits limits;
  Judgement judgement;
  Shift shift;
  double promote_wealth_needed = 20;
  Currency currency;
};

// Without id and priority, which are the plan's.
PlanItem explain(const Judged& judged);

// Whether the ad's CTR or hook rate fell, as evidence; none when the days are not known.
std::optional<Evidence> fatigue_evidence(const Judged& judged);

}  // namespace rf::decide
