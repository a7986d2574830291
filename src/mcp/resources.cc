#include "mcp/resources.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "mcp/pages.h"
#include "net/query.h"

namespace rf::mcp {
namespace {

using api::Operation;

// One row for each resource. Where `field` is not empty, the last part of the URI is that field of
// the operation's input. Rows of operations that do not exist are not offered.
struct Row {
  std::string_view path;  // After "reelforge://".
  std::string_view operation;
  std::string_view field;
  std::string_view title;
};

constexpr std::string_view kScheme = "reelforge://";
constexpr std::string_view kMimeType = "application/json";

constexpr auto kRows = std::to_array<Row>({
    {"scoreboard", "report", "", "The scoreboard of ads"},
    {"scoreboard", "report", "by", "The scoreboard by ad set, campaign or a dimension of names"},
    {"creative", "explain", "ad", "Everything behind one ad's verdict"},
    {"performance", "performance", "ad_id", "One ad's numbers by day"},
    {"plan", "plan show", "", "What should be done, and why"},
    {"plan", "plan show", "hash", "A plan of the past"},
    {"policy", "policy show", "", "The thresholds in force"},
    {"naming", "naming show", "", "How ad names are read"},
    {"accounts", "accounts", "", "The accounts that the store knows"},
    {"patterns", "patterns", "", "Which features of creatives hold up"},
    {"pattern", "pattern show", "name", "One feature, with its evidence"},
    {"graph", "graph show", "", "What is known, as a graph"},
    {"audit", "audit", "", "What was done, by whom and why"},
    {"schema", "schema", "name", "The JSON Schema of one operation"},
});

// More than a tool's first page: who reads a resource wants to keep it.
constexpr Page kResourcePage{.number = 1, .size = 200};

struct Source {
  Row row;
  const Operation* operation = nullptr;
};

std::string uri_of(const Row& row) {
  std::string uri = fmt::format("{}{}", kScheme, row.path);
  return row.field.empty() ? uri : fmt::format("{}/{{{}}}", uri, row.field);
}

std::string name_of(const Row& row) {
  return row.field.empty() ? std::string(row.path) : fmt::format("{}-{}", row.path, row.field);
}

// The row that a URI belongs to, with the input that it stands for.
struct Match {
  const Source* source = nullptr;
  JsonObject input;
};

std::optional<Match> match(const std::vector<Source>& sources, std::string_view uri) {
  if (!uri.starts_with(kScheme)) return std::nullopt;
  uri.remove_prefix(kScheme.size());
  const std::size_t slash = uri.find('/');
  const std::string_view path = uri.substr(0, slash);
  const bool has_value = slash != std::string_view::npos;
  for (const Source& source : sources) {
    if (source.row.path != path || source.row.field.empty() == has_value) continue;
    Match found{.source = &source, .input = {}};
    if (has_value) {
      Result<std::string> value = net::percent_decoded(uri.substr(slash + 1));
      if (!value || value->empty()) return std::nullopt;
      found.input[source.row.field] = *value;
    }
    return found;
  }
  return std::nullopt;
}

struct Reader {
  std::vector<Source> sources;
  Surroundings around;

  Outcome<std::optional<JsonArray>> operator()(const std::string& uri, Call& call) const {
    using Contents = std::optional<JsonArray>;
    std::optional<Match> found = match(sources, uri);
    if (!found) return Contents();
    Result<Json> output = run_operation(*found->source->operation, found->input, around, call);
    if (!output) {
      if (output.error().code == ErrorCode::not_found) return Contents();
      return Refusal{.code = row_of(output.error().code).mcp_code,
                     .message = output.error().message,
                     .data = JsonObject{{"uri", uri}}};
    }
    Paged paged = page_of(std::move(*output), kResourcePage);
    JsonObject content{{"uri", uri}, {"mimeType", kMimeType}, {"text", to_text(paged.value)}};
    if (!paged.parts.empty()) {
      content["_meta"] = JsonObject{{"reelforge/parts", std::move(paged.parts)}};
    }
    JsonArray contents;
    contents.push_back(std::move(content));
    return Contents(std::move(contents));
  }
};

}  // namespace

std::string creative_uri(std::string_view ad) {
  return fmt::format("{}creative/{}", kScheme, net::percent_encoded(ad));
}

std::vector<std::string> listed_uris() {
  std::vector<std::string> uris;
  for (const Row& row : kRows) {
    if (row.field.empty()) uris.push_back(uri_of(row));
  }
  return uris;
}

void add_resources(Catalog& catalog, const std::vector<Operation>& operations,
                   const Surroundings& around) {
  std::vector<Source> sources;
  for (const Row& row : kRows) {
    auto operation = std::ranges::find(operations, row.operation, &Operation::name);
    if (operation == operations.end()) continue;
    sources.push_back({.row = row, .operation = &*operation});
    const std::string mime_type(kMimeType);
    const std::string help(operation->help);
    if (row.field.empty()) {
      catalog.resources.push_back(
          {uri_of(row), name_of(row), std::string(row.title), help, mime_type});
    } else {
      catalog.templates.push_back(
          {uri_of(row), name_of(row), std::string(row.title), help, mime_type});
    }
  }
  catalog.read = Reader{std::move(sources), around};
}

}  // namespace rf::mcp
