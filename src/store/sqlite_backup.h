// Copies of an SQLite store, and the search for damage in one.

#pragma once

#include <string>
#include <vector>

#include "store/sqlite_database.h"

namespace rf {

// See Store::backup.
Status backup_database(Database& db, const std::string& path);

// See Store::check.
Result<std::vector<std::string>> check_database(Database& db);

// Opens a store and brings its schema up to date.
// Errors: unavailable, corrupt.
Result<Database> open_database(const std::string& path, const SqliteOptions& options);

}  // namespace rf
