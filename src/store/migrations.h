// The steps that bring a store's tables from any earlier version to the newest.

#pragma once

#include <string_view>
#include <vector>

#include "store/sqlite_database.h"

namespace rf {

// Written into every store, so that another program's file is not taken for one: "RFst".
inline constexpr std::int64_t kApplicationId = 0x52467374;

struct Migration {
  std::string_view name;
  std::string_view sql;
};

// In order. Version n is what the first n leave behind; a step that was released never changes.
const std::vector<Migration>& migrations();

// Brings the schema up to version `target`, in one transaction.
// Errors: corrupt, when the file is another program's or was made by a newer version.
Status migrate(Database& db, std::int64_t target);

}  // namespace rf
