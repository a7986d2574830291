// The plans of several accounts as one, sealed with its hash.

#pragma once

#include <vector>

#include "model/plan.h"

namespace rf::loop {

// Money never moves between accounts: the items stand side by side, most urgent first, numbered
// anew, each with its account. The account of the whole is that of its parts where they agree, else
// empty; it expires with the first of them.
// REQUIRES: plans is not empty.
Plan plan_of_plans(std::vector<Plan> plans);

// SHA-256 of the plan's JSON without its hash.
std::string hash_of(const Plan& plan);

}  // namespace rf::loop
