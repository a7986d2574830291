// Keeps the totals per entity of an SQLite store up to date, from what is new.

#pragma once

#include <cstdint>

#include "store/sqlite_database.h"
#include "store/store.h"

namespace rf {

// See Store::remember. `account` is the store's number.
// Errors: invalid, when a sum does not fit.
Result<Remembered> remember_account(Database& db, std::int64_t account);

// The last import that the kept totals contain, 0 for none.
Result<std::int64_t> remembered_import(Database& db, std::int64_t account);

}  // namespace rf
