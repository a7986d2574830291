// Copies of an SQLite store.

#pragma once

#include <string>

#include "store/sqlite_database.h"

namespace rf {

// See Store::backup.
Status backup_database(Database& db, const std::string& path);

}  // namespace rf
