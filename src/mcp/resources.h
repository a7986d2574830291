// What of the store can be read as MCP resources: the scoreboard, a creative's report, the plan, …

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/operation.h"
#include "mcp/catalog.h"
#include "mcp/offer.h"

namespace rf::mcp {

// Puts into the catalog every resource whose operation exists, and how to read it.
void add_resources(Catalog& catalog, const std::vector<api::Operation>& operations,
                   const Surroundings& around);

// The URIs of resources that have one address each.
std::vector<std::string> listed_uris();

// "reelforge://creative/Ad%20one" of "Ad one".
std::string creative_uri(std::string_view ad);

}  // namespace rf::mcp
