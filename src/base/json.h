// JSON values, read under limits and written for people or for machines.

#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "base/result.h"

namespace rf {

using Json = boost::json::value;
using JsonObject = boost::json::object;
using JsonArray = boost::json::array;

// Reads one JSON value that fills `text`.
// Errors: invalid, with line and column; also when nested deeper than 64 levels.
Result<Json> parse_json(std::string_view text);

// On one line.
std::string to_text(const Json& value);

// Indented by two spaces, with a final newline.
std::string to_pretty_text(const Json& value);

// Reads TOML into the JSON of the same shape; dates and times become strings.
// Errors: invalid, with line and column.
Result<Json> parse_toml(std::string_view text);

}  // namespace rf
