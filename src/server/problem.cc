#include "server/problem.h"

#include <fmt/format.h>

#include "base/json.h"

namespace rf::server {
namespace {

std::string_view next_step(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid: return "change the request; /api/v1/openapi.json describes it";
    case ErrorCode::not_found: return "name something that is there";
    case ErrorCode::conflict: return "read the present state, then decide again";
    case ErrorCode::denied: return "use a token with the scope that is named, or ask its owner";
    case ErrorCode::throttled: return "wait as long as Retry-After says, then send it again";
    case ErrorCode::unavailable: return "send it again, a little later each time";
    case ErrorCode::outcome_unknown: return "look whether it was done before asking again";
    case ErrorCode::corrupt: return "replace the damaged data";
    case ErrorCode::unsupported: return "do without it here";
    case ErrorCode::over_limit: return "ask for less, or have the limit raised";
  }
  check_failed(__FILE__, __LINE__, "ErrorCode in range");
}

}  // namespace

std::string_view path_in(std::string_view message) {
  if (!message.starts_with("input")) return "";
  const std::string_view path = message.substr(0, message.find_first_of(": "));
  return path.size() < message.size() && message[path.size()] == ':' ? path : "";
}

net::Response problem(const Error& error) { return problem(error, row_of(error.code).http_status); }

net::Response problem(const Error& error, int status) {
  const ErrorCodeRow& row = row_of(error.code);
  JsonObject body{{"type", fmt::format("urn:reelforge:error:{}", row.name)},
                  {"title", row.name},
                  {"status", status},
                  {"detail", error.message},
                  {"code", row.name},
                  {"retry", row.retry},
                  {"next", next_step(error.code)}};
  const std::string_view path = path_in(error.message);
  if (!path.empty()) body["path"] = path;
  return {.status = status,
          .headers = {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}},
          .body = to_text(body)};
}

}  // namespace rf::server
