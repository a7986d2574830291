// A request taken apart: path, query and body fields, whatever encoding the client chose.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "net/http.h"

namespace rf::sim {

using TextFields = std::vector<std::pair<std::string, std::string>>;

struct Arrived {
  std::string method;
  std::string path;                // As sent, without the query: "/v24.0/act_1/ads".
  std::vector<std::string> parts;  // Percent-decoded pieces of the path.
  TextFields query;
  TextFields form;         // Of form and multipart bodies.
  JsonObject body;         // Of JSON bodies.
  std::string bytes;       // Of bodies that are neither, and of a multipart's file.
  std::string file_field;  // The name under which a multipart's file came.
  std::string host;

  // The first value of that name in the query, empty where there is none.
  std::string_view asked(std::string_view name) const;
};

// "%7B" becomes "{", and "+" a space.
std::string percent_decoded(std::string_view text);

// Everything but letters, digits and "-._~" as %XX.
std::string percent_written(std::string_view text);

// "a=1&b=%20" as pairs, in order.
TextFields form_fields(std::string_view text);

// Errors: invalid, for a body that breaks the format its content type names.
Result<Arrived> take_apart(const net::Request& request);

}  // namespace rf::sim
