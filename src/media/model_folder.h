// The folder of models that a user gives.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rf::media {

// Paths of the files named prefix*.onnx, last name first, so that of dated models the latest leads.
// Errors: not_found.
Result<std::vector<std::string>> models_in(const std::string& folder, std::string_view prefix);

}  // namespace rf::media
