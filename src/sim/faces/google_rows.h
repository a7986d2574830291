// What Google's queries find in the sandbox. Internal to the face.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "sim/faces/google_query.h"
#include "sim/platform/sandbox.h"

namespace rf::sim::google {

// The rows of a query over one account, as proto3 JSON: 64-bit numbers as text, zeros left out.
// Errors: invalid, for an unknown field or resource; unsupported, for what the sandbox does not
// imitate.
Result<std::vector<JsonObject>> find_rows(const Sandbox& box, std::size_t account,
                                          const Query& query);

// "campaign_budget.amount_micros" as "campaignBudget.amountMicros".
std::string camel(std::string_view name);

std::string_view status_word(RunState state);

}  // namespace rf::sim::google
