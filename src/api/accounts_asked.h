// Which accounts an operation is about.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace rf::api {

// The account of that id, or all of them.
// Errors: not_found.
Result<std::vector<Account>> accounts_asked(Store& store, const std::optional<std::string>& id);

}  // namespace rf::api
