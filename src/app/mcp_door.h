// `reelforge mcp`: the operations for MCP clients, over standard streams or HTTP.

#pragma once

#include <string>

#include "api/operation.h"
#include "base/time.h"
#include "cli/entry.h"

namespace rf::app {

// REQUIRES: `clock` outlives the door.
// Thread: what `reach` gives is used from several at once.
cli::Door mcp_door(const api::Services::OpenStore& open_store, const std::string& decoder,
                   const api::Reach& reach, const Clock& clock);

}  // namespace rf::app
