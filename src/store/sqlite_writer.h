// Writes one source's metric rows into an SQLite store.

#pragma once

#include <memory>
#include <string>

#include "store/metric_writer.h"
#include "store/sqlite_database.h"

namespace rf {

// On a connection of its own, so that whoever reads the store meanwhile sees it as it was before.
// REQUIRES: the schema is up to date.
// Errors: unavailable.
Result<std::unique_ptr<MetricWriter>> open_sqlite_writer(const std::string& path,
                                                         const SqliteOptions& options,
                                                         const ImportSource& source);

}  // namespace rf
