// The libraries that decode films and read pictures and sound.

#pragma once

#include <vector>

#include "base/libraries.h"

namespace rf {

std::vector<LibraryVersion> media_libraries();

}  // namespace rf
