// Plans, turns, documents and the log of imports in an SQLite store.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "store/sqlite_database.h"
#include "store/store.h"

namespace rf {

// Each does what the Store's function of that name says, for the account with this number.

Result<std::optional<ImportRecord>> find_import(Database& db, std::string_view sha256,
                                                std::string_view options_sha256);
Result<std::vector<ImportRecord>> imports(Database& db);

// `account` is 0 for all.
Result<std::optional<Json>> document(Database& db, std::int64_t account, std::string_view name);
Status put_document(Database& db, std::int64_t account, std::string_view name, const Json& body);

Result<std::int64_t> put_turn(Database& db, std::int64_t account, const TurnRecord& turn,
                              const Plan& plan);
Result<Plan> plan(Database& db, std::int64_t account, std::string_view hash);
Result<std::vector<TurnRecord>> turns(Database& db, std::int64_t account, std::int64_t limit);

Result<std::vector<MetricVersion>> versions(Database& db, std::int64_t account,
                                            const EntityId& entity, Day from, Day to);

}  // namespace rf
