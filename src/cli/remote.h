// Operations on another machine's ReelForge, through its HTTP door.

#pragma once

#include <string>

#include "api/operation.h"
#include "base/json.h"
#include "base/result.h"
#include "net/http.h"

namespace rf::cli {

struct Remote {
  std::string server;  // "https://ads.example:8077"
  std::string token;   // Empty for none.
};

// What the operation gives there.
// Errors: those of the operation; unavailable or outcome_unknown, when the server cannot be asked;
// corrupt, when what answers is no ReelForge.
Result<Json> run_remote(const Remote& remote, net::HttpClient& http,
                        const api::Operation& operation, const Json& input);

}  // namespace rf::cli
