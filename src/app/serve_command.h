// The command `serve`, which is no operation: it opens a door to them and stays.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/services_pool.h"

namespace rf::app {

// Serves when `arguments` name the command, until SIGINT or SIGTERM, and returns the exit status;
// nothing when they name another.
// REQUIRES: no other thread runs yet; the signals are taken from all that it starts.
std::optional<int> serve_command(const std::vector<std::string>& arguments,
                                 server::Surroundings around);

}  // namespace rf::app
