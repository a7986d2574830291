// Questions that people ask again and again, with the numbers they are about.

#pragma once

#include <vector>

#include "api/operation.h"
#include "mcp/catalog.h"
#include "mcp/offer.h"

namespace rf::mcp {

// Puts the prompts into the catalog, and what completes their arguments.
void add_prompts(Catalog& catalog, const std::vector<api::Operation>& operations,
                 const Surroundings& around);

}  // namespace rf::mcp
