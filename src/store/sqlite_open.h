// Opening an SQLite store, and telling one from other files.

#pragma once

#include <string>

#include "store/sqlite_database.h"

namespace rf {

// SQLite takes a file of a few bytes for an empty database and would write over it. Only the size
// is looked at: opening and closing the file here would drop the locks that this process holds.
// Source: https://www.sqlite.org/howtocorrupt.html, section 2.2.
// Errors: corrupt.
Status check_size(const std::string& path);

// Opens a store and brings its schema up to date.
// Errors: unavailable, corrupt.
Result<Database> open_database(const std::string& path, const SqliteOptions& options);

}  // namespace rf
