#include "server/aliases.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/json.h"
#include "net/query.h"

namespace rf::server {
namespace {

struct Alias {
  std::string_view path;
  std::string_view meant;
  std::string_view field;  // Empty: the old path stands for no input.
  std::string_view value;
};

constexpr auto kAliases = std::to_array<Alias>(
    {{"/api/compound-learning/run-cycle", "/api/v1/schedule/run", "job", "learning"},
     {"/api/compound-learning/dashboard", "/api/v1/schedule/history", "job", "learning"},
     {"/api/compound-learning/patterns", "/api/v1/patterns", "", ""},
     {"/api/compound-learning/scheduler/status", "/api/v1/schedule/status", "", ""},
     {"/api/ml/self-learning-cycle", "/api/v1/schedule/run", "job", "turn"},
     {"/api/ml/creative-dna/extract", "/api/v1/video/dna", "", ""},
     {"/api/v1/admin/recipes", "/api/v1/recipes", "", ""},
     {"/api/v1/admin/recommendations", "/api/v1/recipes", "", ""},
     {"/api/v1/admin/stats", "/api/v1/report", "", ""},
     {"/api/v1/admin/backfill-recipes", "/api/v1/video/analyze", "", ""},
     {"/api/v1/admin/update-stats", "/api/v1/schedule/run", "job", "stats"}});

// A body that is no object stays as it is, for the operation to refuse.
std::string body_with(const Alias& alias, const std::string& body) {
  Result<Json> given = parse_json(body.empty() ? "{}" : body);
  if (!given || !given->is_object()) return body;
  given->get_object()[alias.field] = alias.value;
  return to_text(*given);
}

std::string query_with(const Alias& alias, std::string_view query) {
  return fmt::format("{}{}{}={}", query, query.empty() ? "" : "&", alias.field, alias.value);
}

}  // namespace

std::optional<net::Request> request_meant(const net::Request& request) {
  const auto [path, query] = net::split_target(request.target);
  const auto* const alias = std::ranges::find(kAliases, path, &Alias::path);
  if (alias == kAliases.end()) return std::nullopt;
  net::Request meant = request;
  const bool by_body = request.method == "POST";
  std::string asked(query);
  if (!alias->field.empty() && !by_body) asked = query_with(*alias, query);
  if (!alias->field.empty() && by_body) {
    meant.body = body_with(*alias, request.body);
    if (!meant.headers.find("Content-Type")) meant.headers.add("Content-Type", "application/json");
  }
  meant.target = fmt::format("{}{}{}", alias->meant, asked.empty() ? "" : "?", asked);
  return meant;
}

}  // namespace rf::server
