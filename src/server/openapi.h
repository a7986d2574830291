// The description of the HTTP door that programs read.

#pragma once

#include <string_view>
#include <vector>

#include "api/operation.h"
#include "base/json.h"

namespace rf::server {

// One path for each operation, its input and output as their own schemas say.
// Source: OpenAPI Specification 3.1.0.
Json openapi_of(const std::vector<api::Operation>& operations, std::string_view version);

}  // namespace rf::server
