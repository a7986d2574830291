// `reelforge sandbox serve`: the sandbox's platforms, open until Ctrl-C.

#pragma once

#include "base/progress.h"
#include "base/time.h"
#include "cli/entry.h"

namespace rf::app {

// Ends when `progress` says that it was interrupted.
// REQUIRES: both outlive the door.
cli::Door sandbox_door(const Clock& clock, Progress& progress);

}  // namespace rf::app
