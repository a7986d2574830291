// A world as a TOML or JSON file describes it.

#pragma once

#include <string>

#include "base/result.h"
#include "sim/spec.h"

namespace rf::sim {

// Errors: not_found; invalid, with the file and the field.
Result<WorldSpec> read_world_file(const std::string& path);

}  // namespace rf::sim
