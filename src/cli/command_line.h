// What a command line asks for, in the terms of the table of commands.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "cli/entry.h"

namespace rf::cli {

struct Request {
  const Entry* entry = nullptr;  // Null when `text` answers the request: help.
  Json input;
  bool json = false;
  std::optional<std::string> store_path;
  std::optional<std::string> server;
  std::string text;
};

// Errors: invalid, with what was found and the help to call.
Result<Request> parse_command_line(const std::vector<std::string>& arguments,
                                   const std::vector<Entry>& entries);

}  // namespace rf::cli
