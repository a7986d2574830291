// A file of secrets: name = "value" in TOML, that nobody else may read.

#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"

namespace rf::api {

// Errors never show what is in the file: not_found; denied, when others can read it; invalid, when
// it is no such file, or a value is no text.
Result<JsonObject> read_secrets(const std::string& path);

}  // namespace rf::api
