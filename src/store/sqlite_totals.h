// Totals per entity and resolved days, read from an SQLite store or worked out afresh.

#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "store/sqlite_database.h"
#include "store/sqlite_resolve.h"
#include "store/store.h"

namespace rf {

// See Store::totals. `account` is the store's number.
Result<std::vector<EntityTotals>> kept_totals(Database& db, std::int64_t account, Level level);

// See Store::totals_as_of.
Result<std::vector<EntityTotals>> fresh_totals(Database& db, const Knowledge& knowledge,
                                               Level level);

// See Store::each_day.
Status each_kept_day(Database& db, std::int64_t account, Level level, Day from, Day to,
                     const std::function<Status(const EntityDay&)>& visit);

}  // namespace rf
