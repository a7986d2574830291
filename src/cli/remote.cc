#include "cli/remote.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace rf::cli {
namespace {

std::string address_of(const Remote& remote, const api::Operation& operation) {
  std::string name(operation.name);
  std::ranges::replace(name, ' ', '/');
  std::string_view server = remote.server;
  while (server.ends_with('/')) server.remove_suffix(1);
  return fmt::format("{}/api/v1/{}", server, name);
}

std::optional<ErrorCode> code_named(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::over_limit); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    if (row_of(code).name == name) return code;
  }
  return std::nullopt;
}

// The error that a problem document stands for.
Error error_of(const net::Response& response, const std::string& server) {
  Result<Json> body = parse_json(response.body);
  const JsonObject* problem = body ? body->if_object() : nullptr;
  const Json* code = problem == nullptr ? nullptr : problem->if_contains("code");
  const Json* detail = problem == nullptr ? nullptr : problem->if_contains("detail");
  const bool whole =
      code != nullptr && code->is_string() && detail != nullptr && detail->is_string();
  const std::optional<ErrorCode> known =
      whole ? code_named(std::string_view(code->get_string())) : std::nullopt;
  if (known) return fail(*known, std::string(detail->get_string()));
  return fail(ErrorCode::corrupt,
              fmt::format("{} answers with status {} and nothing that ReelForge would say", server,
                          response.status));
}

}  // namespace

Result<Json> run_remote(const Remote& remote, net::HttpClient& http,
                        const api::Operation& operation, const Json& input) {
  net::Request request{
      .method = "POST",
      .target = address_of(remote, operation),
      .headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
      .body = to_text(input)};
  if (!remote.token.empty()) {
    request.headers.add("Authorization", fmt::format("Bearer {}", remote.token));
  }
  const net::Response response = RF_TRY(http.send(request));
  if (response.status != 200) return error_of(response, remote.server);
  Result<Json> output = parse_json(response.body);
  if (output && output->is_object()) return output;
  return fail(ErrorCode::corrupt, fmt::format("{} answers with no JSON object", remote.server));
}

}  // namespace rf::cli
