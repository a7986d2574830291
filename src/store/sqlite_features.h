// Features of films in an SQLite store.

#pragma once

#include <optional>
#include <string_view>

#include "store/sqlite_database.h"
#include "store/store.h"

namespace rf {

// Each does what the Store's function of that name says.
Result<std::optional<Json>> find_features(Database& db, std::string_view sha256,
                                          std::string_view method);
Status put_features(Database& db, const FeaturesKey& key, Instant made_at, const Json& features);

}  // namespace rf
