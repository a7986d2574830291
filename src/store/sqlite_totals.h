// Totals per entity in an SQLite store: kept up to date from what is new, or worked out afresh.

#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "store/sqlite_database.h"
#include "store/sqlite_resolve.h"
#include "store/store.h"

namespace rf {

// See Store::remember. `account` is the store's number.
// Errors: invalid, when a sum does not fit.
Result<Remembered> remember_account(Database& db, std::int64_t account);

// See Store::totals.
Result<std::vector<EntityTotals>> kept_totals(Database& db, std::int64_t account, Level level);

// See Store::totals_as_of.
Result<std::vector<EntityTotals>> fresh_totals(Database& db, const Knowledge& knowledge,
                                               Level level);

// See Store::each_day.
Status each_kept_day(Database& db, std::int64_t account, Level level, Day from, Day to,
                     const std::function<Status(const EntityDay&)>& visit);

// The last import that the kept totals contain, 0 for none.
Result<std::int64_t> remembered_import(Database& db, std::int64_t account);

}  // namespace rf
