// Paths under which some operations were known before they had their own: they go on working.

#pragma once

#include <optional>

#include "net/http.h"

namespace rf::server {

// The request under the operation's own path, with the input that the old path stood for; nothing
// for any other path. An old path's own fields win over the request's.
std::optional<net::Request> request_meant(const net::Request& request);

}  // namespace rf::server
