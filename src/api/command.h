// An operation and its input as the command line that a person would type.

#pragma once

#include <string>
#include <vector>

#include "api/operation.h"
#include "base/json.h"

namespace rf::api {

// The words after the program's name. Members that are no field of the operation are left out.
std::vector<std::string> command_words(const Operation& operation, const JsonObject& input);

// "reelforge explain 'Ad one'", quoted for a POSIX shell.
std::string command_text(const Operation& operation, const JsonObject& input);

// The option of a field: "dry_run" as "--dry-run", "k" as "-k".
std::string option_of(const InputField& field);

}  // namespace rf::api
