// How each operation's output looks to a person.

#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "cli/text.h"

namespace rf::cli {

// The output of the operation of that name as text; operations without a view of their own are
// shown as indented JSON.
std::string render(std::string_view operation, const Json& output, const Style& style);

}  // namespace rf::cli
