// Which ad shows which film, in an SQLite store.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "store/sqlite_database.h"
#include "store/store.h"

namespace rf {

// Each does what the Store's function of that name says.
Status put_creative(Database& db, Instant made_at, const Creative& creative);
// REQUIRES: within a write transaction.
Result<AdFilmsWritten> put_ad_films(Database& db, std::int64_t account,
                                    const std::vector<AdFilm>& films);
Result<std::vector<AdFilm>> ad_films(Database& db, std::int64_t account,
                                     const std::optional<Instant>& as_of);
Result<std::vector<Creative>> creatives(Database& db, std::int64_t account,
                                        const std::optional<Instant>& as_of);

}  // namespace rf
