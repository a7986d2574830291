#include "server/routes.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "net/query.h"

namespace rf::server {
namespace {

using Kind = api::InputField::Kind;

// Texts by these names are never paths. One that is not listed is taken for a path, so that a new
// operation is open to fewer callers than it might be, and never to more.
constexpr auto kHarmlessTexts = std::to_array<std::string_view>(
    {"account",   "accounts", "ad",         "ad_id",    "as",         "as_of",      "batch",
     "by",        "captions", "conversion", "currency", "date_order", "date_range", "decimal",
     "ending",    "event",    "from",       "goal",     "hash",       "hook",       "id",
     "industry",  "items",    "job",        "level",    "login",      "name",       "narration",
     "outcome",   "pain",     "plan",       "platform", "preset",     "product",    "reason",
     "receipts",  "rule",     "rules",      "scopes",   "since",      "sort",       "source",
     "time_zone", "to",       "version"});

template <typename Number>
Json number_or_text(const std::string& text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end) return Json(std::string_view(text));
  return Json(number);
}

Json json_of(Kind kind, const std::string& text) {
  switch (kind) {
    case Kind::boolean:
      if (text == "true" || text == "1" || text.empty()) return Json(true);
      if (text == "false" || text == "0") return Json(false);
      return Json(std::string_view(text));
    case Kind::integer: return number_or_text<std::int64_t>(text);
    case Kind::number: return number_or_text<double>(text);
    case Kind::text:
    case Kind::texts: return Json(std::string_view(text));
  }
  check_failed(__FILE__, __LINE__, "Kind in range");
}

Status add_field(JsonObject& input, const api::Operation& operation, const std::string& name,
                 const std::string& text) {
  const auto field = std::ranges::find(operation.inputs, name, &api::InputField::name);
  const Kind kind = field == operation.inputs.end() ? Kind::text : field->kind;
  Json value = json_of(kind, text);
  if (kind == Kind::texts) {
    if (!input.contains(name)) input[name] = JsonArray();
    input[name].as_array().push_back(std::move(value));
    return {};
  }
  if (input.contains(name)) {
    return fail(ErrorCode::invalid,
                fmt::format("input.{}: is given twice, and holds one value", name));
  }
  input[name] = std::move(value);
  return {};
}

bool says_json(std::string_view content_type) {
  const std::string_view kind = content_type.substr(0, content_type.find(';'));
  const std::size_t last = kind.find_last_not_of(' ');
  return kind.substr(0, last + 1) == "application/json";
}

}  // namespace

std::string path_of(const api::Operation& operation) {
  std::string path(kApiRoot);
  path += operation.name;
  std::ranges::replace(path, ' ', '/');
  return path;
}

const api::Operation* operation_at(std::string_view path,
                                   const std::vector<api::Operation>& operations) {
  if (!path.starts_with(kApiRoot)) return nullptr;
  std::string name(path.substr(kApiRoot.size()));
  if (name.find(' ') != std::string::npos) return nullptr;
  std::ranges::replace(name, '/', ' ');
  const auto found = std::ranges::find(operations, name, &api::Operation::name);
  return found == operations.end() ? nullptr : &*found;
}

bool touches_files(const api::Operation& operation) {
  return std::ranges::any_of(operation.inputs, [](const api::InputField& field) {
    const bool text = field.kind == Kind::text || field.kind == Kind::texts;
    return text && std::ranges::find(kHarmlessTexts, field.name) == kHarmlessTexts.end();
  });
}

std::vector<api::Scope> scopes_needed(const api::Operation& operation) {
  std::vector<api::Scope> needed;
  const std::string_view last = operation.name.substr(operation.name.rfind(' ') + 1);
  const bool consents = last == "approve" || last == "reject";
  switch (operation.effect) {
    case api::Effect::reads: needed = {api::Scope::read}; break;
    case api::Effect::proposes: needed = {api::Scope::propose}; break;
    case api::Effect::spends: needed = {api::Scope::spend}; break;
    case api::Effect::administers: needed = {api::Scope::administer}; break;
  }
  if (consents) needed = {api::Scope::approve};
  const bool guarded = touches_files(operation) || operation.name.starts_with("tokens ");
  if (guarded && needed.front() != api::Scope::administer) {
    needed.push_back(api::Scope::administer);
  }
  return needed;
}

Result<Json> input_of_query(const api::Operation& operation, std::string_view query) {
  const net::QueryFields fields = RF_TRY(net::parse_query(query));
  JsonObject input;
  for (const auto& [name, text] : fields) {
    RF_TRY(add_field(input, operation, name, text));
  }
  return Json(std::move(input));
}

Result<Json> input_of(const api::Operation& operation, const net::Request& request) {
  const auto [path, query] = net::split_target(request.target);
  if (request.method != "POST") return input_of_query(operation, query);
  if (!query.empty()) {
    return fail(ErrorCode::invalid, "a POST takes its input from the body, not from the query");
  }
  if (request.body.empty()) return Json(JsonObject());
  if (!says_json(request.headers.find("Content-Type").value_or(""))) {
    return fail(ErrorCode::unsupported, "the body is not said to be application/json");
  }
  Result<Json> input = parse_json(request.body);
  if (!input) return std::move(input).error().with("input");
  return input;
}

}  // namespace rf::server
