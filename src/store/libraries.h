// The libraries that the store and the import link in.

#pragma once

#include <vector>

#include "base/libraries.h"

namespace rf {

std::vector<LibraryVersion> store_libraries();

}  // namespace rf
