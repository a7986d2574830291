// What ReelForge offers to MCP clients: the operations table as tools, resources and prompts.

#pragma once

#include <string>
#include <vector>

#include "api/operation.h"
#include "mcp/catalog.h"

namespace rf::mcp {

// What surrounds every call.
struct Surroundings {
  std::string store_path;
  api::Services::OpenStore open_store;
  std::string decoder;  // See api::Services.
  const Clock& clock;
  bool may_administer = false;  // Settings change without asking a person each time.
  api::Reach reach;             // See api::Services.
};

// REQUIRES: `operations` outlives the catalog, as does the clock.
Catalog offer(const std::vector<api::Operation>& operations, const Surroundings& around);

// "video find-twins" as "video_find_twins".
std::string tool_name_of(std::string_view operation);

// Runs an operation and reports its progress on `call`.
Result<Json> run_operation(const api::Operation& operation, const JsonObject& input,
                           const Surroundings& around, Call& call);

}  // namespace rf::mcp
