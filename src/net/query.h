// The query part of an address, and its escapes.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace rf::net {

// "a%20b" and "a+b" of a form as "a b".
// Errors: invalid, for an escape that is none.
Result<std::string> percent_decoded(std::string_view text);

// Everything but letters, digits and "-._~" as escapes.
// Source: RFC 3986, 2.3.
std::string percent_encoded(std::string_view text);

using QueryFields = std::vector<std::pair<std::string, std::string>>;

// The fields of "a=1&b=2" in order, decoded. One without "=" has an empty value; empty ones are
// left out.
// Errors: invalid, for an escape that is none, or more than 1,000 fields.
Result<QueryFields> parse_query(std::string_view text);

// "/path?query" in two, without the "?".
std::pair<std::string_view, std::string_view> split_target(std::string_view target);

}  // namespace rf::net
