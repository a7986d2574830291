// The configuration file of `serve`: TOML, whose fields are those of the command line.

#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"
#include "server/serve.h"

namespace rf::server {

// The file's fields, and over them those that were given on the command line. Without
// `given.config` only the latter.
// Errors: invalid, with file and line; those of reading the file.
Result<ServeInput> with_config(const Json& given);

// The names of the fields that differ and take effect only when the server is started anew.
std::vector<std::string> needs_restart(const ServeInput& running, const ServeInput& wanted);

}  // namespace rf::server
