// Opening a store otherwise than everybody does; for tests and benchmarks of this room.

#pragma once

#include <memory>
#include <string>

#include "store/sqlite_database.h"
#include "store/store.h"

namespace rf {

Result<std::unique_ptr<Store>> open_sqlite_with(const std::string& path,
                                                const SqliteOptions& options);

}  // namespace rf
