// Counts as columns: one for each metric, named as in model/metric.h.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/metric.h"
#include "store/sqlite_database.h"

namespace rf {

// ", spend<suffix>, impressions<suffix>, …", without those that do not add where `additive_only`.
std::string metric_columns(std::string_view suffix = "", bool additive_only = false);

// The counts in columns first … first + kMetricCount - 1.
Counts read_counts(const Statement& row, int first);

// Adds in place.
// Errors: invalid, when the sum does not fit.
Status add_into(std::int64_t& sum, std::int64_t value);

// Adds a part to a sum of parts: what adds is added, what does not becomes "not reported".
// Errors: invalid.
Status add_part(Counts& sum, const Counts& part);

}  // namespace rf
