// Operations as MCP tools.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "mcp/catalog.h"
#include "mcp/offer.h"

namespace rf::mcp {

// One tool for each operation, and the names under which others know some of them.
std::vector<Tool> tools_of(const std::vector<api::Operation>& operations,
                           const Surroundings& around);

// The tool of one operation. An operation that spends is never run: the tool answers with what a
// person would have to do.
Tool tool_of(const api::Operation& operation, const Surroundings& around);

}  // namespace rf::mcp
