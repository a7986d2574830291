// How a catalog's things look in MCP's lists and results.

#pragma once

#include "base/json.h"
#include "mcp/catalog.h"

namespace rf::mcp {

JsonObject implementation_of(const Catalog& catalog);
JsonObject describe_tool(const Tool& tool);
JsonObject describe_resource(const Resource& resource);
JsonObject describe_template(const ResourceTemplate& resource);
JsonObject describe_prompt(const Prompt& prompt);
JsonObject to_result(ToolAnswer answer);

}  // namespace rf::mcp
