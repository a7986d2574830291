// Everything the program can do, as one table. A door encodes it and adds nothing.

#pragma once

#include <string_view>
#include <vector>

#include "api/operation.h"

namespace rf::api {

const std::vector<Operation>& operations();

// The row of that name, or null.
const Operation* find_operation(std::string_view name);

}  // namespace rf::api
