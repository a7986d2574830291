// A file of settings as its owner wrote it: TOML or JSON.

#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"

namespace rf::api {

// JSON where the text begins like it, else TOML.
// Errors: not_found; invalid, with line and column; over_limit, when no settings are so large.
Result<Json> settings_in(const std::string& path);

}  // namespace rf::api
