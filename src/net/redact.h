// What may be shown of a request: everything but what opens a door.

#pragma once

#include <string>
#include <string_view>

#include "net/http.h"

namespace rf::net {

// True when the value of a header, query or JSON field of that name is a secret, whatever its case:
// "Authorization", "access_token", "developer-token", "X-Api-Key", "client_secret" and the like.
bool names_a_secret(std::string_view name);

// The address with "[hidden]" for the values of secret query fields, and for a user and password.
std::string without_secrets(std::string_view target);

// One line for a trace: method, address, headers and the body's size; no secret, and no body.
std::string shown(const Request& request);
std::string shown(const Response& response);

}  // namespace rf::net
