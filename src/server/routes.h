// Where each operation of the table is found over HTTP, and its input in a request.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/operation.h"
#include "api/tokens.h"
#include "base/json.h"
#include "base/result.h"
#include "net/http.h"

namespace rf::server {

inline constexpr std::string_view kApiRoot = "/api/v1/";

// "plan show" is at "/api/v1/plan/show".
std::string path_of(const api::Operation& operation);

// Null when no operation is there.
const api::Operation* operation_at(std::string_view path,
                                   const std::vector<api::Operation>& operations);

// True when an input of the operation may name a file or folder of the server's machine: whoever
// may call it can read or write there.
bool touches_files(const api::Operation& operation);

// What a caller must hold: the scope of the operation's effect, and administer where files are
// named.
std::vector<api::Scope> scopes_needed(const api::Operation& operation);

// The input that a query gives, each field by its kind; what is no number goes on as text, for the
// operation to refuse by the field's name.
// Errors: invalid, also for a field given twice that holds one value.
Result<Json> input_of_query(const api::Operation& operation, std::string_view query);

// The input that a request gives: the query of a GET, the JSON body of a POST; {} for an empty one.
// Errors: invalid; unsupported (see problem.h for its status), when a body is not said to be JSON.
Result<Json> input_of(const api::Operation& operation, const net::Request& request);

}  // namespace rf::server
