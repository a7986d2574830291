// The search for damage in an SQLite store.

#pragma once

#include <string>
#include <vector>

#include "store/sqlite_database.h"

namespace rf {

// See Store::check.
Result<std::vector<std::string>> check_database(Database& db);

}  // namespace rf
