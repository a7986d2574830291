// Errors as HTTP answers.

#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"

namespace rf::server {

// An answer with a problem document: status and title of the code, the message as its detail, the
// input's path where the message begins with one, whether the same request may succeed later, and
// what to do next.
// Source: RFC 9457.
net::Response problem(const Error& error);

// The same with a status that says more than the code's own: 401, 405, 413, 415, 421.
net::Response problem(const Error& error, int status);

// "input.days" of "input.days: found ...", empty where a message does not begin so.
std::string_view path_in(std::string_view message);

}  // namespace rf::server
