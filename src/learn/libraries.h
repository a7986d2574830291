// The libraries that learning is built on.

#pragma once

#include <vector>

#include "base/libraries.h"

namespace rf {

std::vector<LibraryVersion> learn_libraries();

}  // namespace rf
