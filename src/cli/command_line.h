// What a command line asks for, in the terms of the operations table.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/operation.h"
#include "base/json.h"
#include "base/result.h"

namespace rf::cli {

struct Request {
  const api::Operation* operation = nullptr;  // Null when `text` answers the request: help.
  Json input;
  bool json = false;
  std::optional<std::string> store_path;
  std::string text;
};

// Errors: invalid, with what was found and the help to call.
Result<Request> parse_command_line(const std::vector<std::string>& arguments,
                                   const std::vector<api::Operation>& operations);

}  // namespace rf::cli
