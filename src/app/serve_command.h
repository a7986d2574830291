// `reelforge serve`: the HTTP door, open until Ctrl-C or SIGTERM.

#pragma once

#include "cli/entry.h"
#include "server/door.h"

namespace rf::app {

// `around` with its store's path is what the command line says of it.
cli::Door serve_door(const server::Surroundings& around);

}  // namespace rf::app
