// A file in which a person wrote down what they want, as TOML or as JSON.

#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"

namespace rf::api {

// JSON where its first character is "{", else TOML.
// Errors: not_found, over_limit (beyond a megabyte), invalid with file, line and column.
Result<Json> read_settings(const std::string& path);

}  // namespace rf::api
