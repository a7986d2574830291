// The store in one SQLite file.

#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "store/store.h"

namespace rf {

// Opens the file, creating it and bringing its schema up to date where needed.
// Errors: unavailable (locked beyond the wait, cannot be written), corrupt (not a store, or made by
// a newer version).
Result<std::unique_ptr<Store>> open_sqlite(const std::string& path);

// Puts a backup in the place of the store at `path`, after checking that it is sound; what stood
// there is kept as `path`.before-restore. There is a whole store at `path` at every moment.
// Errors: corrupt, unavailable (also when another process has the store open), not_found, conflict
// (there is a `path`.before-restore already).
Status restore_sqlite(const std::string& backup, const std::string& path);

}  // namespace rf
