#include "mcp/tools.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "api/command.h"
#include "mcp/pages.h"
#include "mcp/resources.h"

namespace rf::mcp {
namespace {

using api::Effect;
using api::Operation;

// Beside an operation's own input, every tool takes these two.
constexpr std::string_view kPageField = "page";
constexpr std::string_view kPageSizeField = "page_size";
// Chosen: at most a few thousand words of a scoreboard; a client may ask for more.
constexpr Page kFirstPage{.number = 1, .size = 25};
constexpr std::int64_t kPageSizeMax = 1000;
constexpr std::int64_t kPageMax = 1'000'000;

// A name under which people know an operation already, with part of its input decided.
struct Alias {
  std::string_view tool;
  std::string_view operation;
  std::string_view field;
  std::string_view value;
  std::string_view help;
};

constexpr auto kAliases =
    std::to_array<Alias>({{"collect_meta_performance", "performance", "platform", "meta",
                           "what Meta reported of one ad by day, from the store"},
                          {"collect_tiktok_performance", "performance", "platform", "tiktok",
                           "what TikTok reported of one ad by day, from the store"}});

std::string capitalised(std::string_view text) {
  std::string out(text);
  if (!out.empty()) out[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[0])));
  return out;
}

std::string_view sentence_of(Effect effect) {
  switch (effect) {
    case Effect::reads: return "Reads only.";
    case Effect::proposes: return "Writes to the local store; nothing changes on a platform.";
    case Effect::spends:
      return "Changes something on a platform, so this only says what a person would have to "
             "approve; nothing is done.";
    case Effect::administers: return "Changes settings; a person is asked first.";
  }
  check_failed(__FILE__, __LINE__, "Effect in range");
}

// Source: MCP 2026-07-28, ToolAnnotations.
JsonObject annotations_of(const Operation& operation, const std::string& title) {
  const Effect effect = operation.effect;
  return {{"title", title},
          {"readOnlyHint", effect == Effect::reads || effect == Effect::spends},
          {"destructiveHint", effect == Effect::administers},
          {"idempotentHint", effect != Effect::proposes},
          {"openWorldHint", false}};
}

bool has_list(const JsonObject& schema) {
  const Json* type = schema.if_contains("type");
  if (type != nullptr && *type == Json("array")) return true;
  return std::ranges::any_of(schema, [](const auto& member) {
    const JsonObject* inner = member.value().if_object();
    return inner != nullptr && has_list(*inner);
  });
}

JsonObject input_schema_of(const Operation& operation, bool paged) {
  JsonObject schema = operation.input_schema();
  if (!paged) return schema;
  JsonObject& properties = schema["properties"].get_object();
  RF_CHECK(!properties.contains(kPageField) && !properties.contains(kPageSizeField));
  properties[kPageField] =
      JsonObject{{"type", "integer"},
                 {"description", "which part of long lists; the first if left out"},
                 {"minimum", 1},
                 {"maximum", kPageMax}};
  properties[kPageSizeField] =
      JsonObject{{"type", "integer"},
                 {"description", "items of a list in one part; 25 if left out"},
                 {"minimum", 1},
                 {"maximum", kPageSizeMax}};
  return schema;
}

// Without the descriptions below the first level: a client that lists tools hands every byte of
// them to a model, and 'schema' has them in full.
void shorten(Json& schema, int level);

void shorten_members(JsonObject& schema, int level) {
  for (auto& member : schema) {
    if (member.key() == "properties") {
      for (auto& property : member.value().as_object()) shorten(property.value(), level + 1);
    } else if (member.key() == "anyOf" || member.key() == "items" ||
               member.key() == "additionalProperties") {
      shorten(member.value(), level);
    }
  }
}

void shorten(Json& schema, int level) {
  if (JsonArray* array = schema.if_array()) {
    for (Json& each : *array) shorten(each, level);
  } else if (JsonObject* object = schema.if_object()) {
    if (level > 1) object->erase("description");
    shorten_members(*object, level);
  }
}

JsonObject output_schema_of(const Operation& operation) {
  Json schema = operation.output_schema();
  shorten(schema, 0);
  JsonObject& object = schema.get_object();
  if (!object.contains("type")) object["type"] = "object";  // Needed up to 2025-11-25.
  return std::move(object);
}

JsonObject proposal_schema() {
  return {{"type", "object"},
          {"properties",
           JsonObject{
               {"done", JsonObject{{"type", "boolean"}, {"description", "always false"}}},
               {"operation", JsonObject{{"type", "string"}, {"description", "what would be done"}}},
               {"arguments", JsonObject{{"type", "object"}, {"description", "with what"}}},
               {"command",
                JsonObject{{"type", "string"}, {"description", "what a person types to do it"}}}}},
          {"required", JsonArray{"done", "operation", "arguments", "command"}},
          {"additionalProperties", false}};
}

ToolAnswer refused(const Error& error) {
  const ErrorCodeRow& row = row_of(error.code);
  ToolAnswer answer{.content = {}, .structured = std::nullopt, .is_error = true, .meta = {}};
  answer.content.push_back(text_block(fmt::format("{}: {}", row.name, error.message)));
  answer.meta["reelforge/error"] =
      JsonObject{{"code", row.name}, {"message", error.message}, {"retry", row.retry}};
  return answer;
}

// Takes the whole number `name` out of the arguments.
Result<std::int64_t> take_number(JsonObject& arguments, std::string_view name,
                                 std::int64_t otherwise, std::int64_t most) {
  const Json* found = arguments.if_contains(name);
  if (found == nullptr || found->is_null()) return otherwise;
  const std::string path = fmt::format("input.{}", name);
  RF_TRY(described::check_range(*found, path, {.min = 1, .max = static_cast<double>(most)}));
  const std::int64_t number = RF_TRY(from_json<std::int64_t>(*found, path));
  arguments.erase(name);
  return number;
}

Result<Page> take_page(JsonObject& arguments) {
  Page page;
  page.number = RF_TRY(take_number(arguments, kPageField, kFirstPage.number, kPageMax));
  page.size = RF_TRY(take_number(arguments, kPageSizeField, kFirstPage.size, kPageSizeMax));
  return page;
}

std::string parts_text(const JsonObject& parts) {
  std::string text = "Not everything is shown.";
  for (const auto& [path, part] : parts) {
    text += fmt::format(" {}: page {} of {}, {} items in all.", std::string_view(path),
                        part.at("page").get_int64(), part.at("pages").get_int64(),
                        part.at("items").get_int64());
  }
  return text + " Call again with the same arguments and another 'page'.";
}

ToolAnswer answer_of(Json output, const Page& page) {
  Paged paged = page_of(std::move(output), page);
  ToolAnswer answer{.content = {}, .structured = std::nullopt, .is_error = false, .meta = {}};
  answer.content.push_back(text_block(to_text(paged.value)));
  RF_CHECK(paged.value.is_object());
  answer.structured = std::move(paged.value.get_object());
  if (!paged.parts.empty()) {
    answer.content.push_back(text_block(parts_text(paged.parts)));
    answer.meta["reelforge/parts"] = std::move(paged.parts);
  }
  return answer;
}

void log_notices(const Json& output, Call& call) {
  const JsonObject* object = output.if_object();
  const Json* notices = object == nullptr ? nullptr : object->if_contains("notices");
  if (notices == nullptr || !notices->is_array()) return;
  for (const Json& notice : notices->get_array()) call.log(LogLevel::notice, "reelforge", notice);
}

// Whether a person says yes to a change of settings.
enum class Consent : std::uint8_t { given, refused, not_yet };

Outcome<Consent> consent_to(const std::string& command, Call& call) {
  Outcome<Json> asked_before = call.state();
  if (auto* refusal = std::get_if<Refusal>(&asked_before)) return std::move(*refusal);
  call.keep(JsonObject{{"command", command}});
  const JsonObject question{
      {"mode", "form"},
      {"message", fmt::format("Change settings? This does what '{}' would do.", command)},
      {"requestedSchema",
       JsonObject{{"type", "object"},
                  {"properties",
                   JsonObject{{"approve", JsonObject{{"type", "boolean"}, {"title", "Do it"}}}}},
                  {"required", JsonArray{"approve"}}}}};
  Outcome<std::optional<JsonObject>> answer = call.ask("approve", "elicitation/create", question);
  if (auto* refusal = std::get_if<Refusal>(&answer)) return std::move(*refusal);
  const auto& given = std::get<std::optional<JsonObject>>(answer);
  if (!given) return Consent::not_yet;
  const JsonObject* content = object_of(*given, "content");
  const Json* approve = content == nullptr ? nullptr : content->if_contains("approve");
  const bool yes = text_of(*given, "action") == "accept" && approve != nullptr &&
                   approve->is_bool() && approve->get_bool();
  return yes ? Consent::given : Consent::refused;
}

// None: go on. Else what to answer instead of running the operation.
Outcome<std::optional<ToolAnswer>> ask_first(const Operation& operation,
                                             const JsonObject& arguments, Call& call) {
  using Instead = std::optional<ToolAnswer>;
  const std::string command = api::command_text(operation, arguments);
  if (!call.can("elicitation")) {
    return Instead(refused(
        fail(ErrorCode::denied,
             fmt::format("this changes settings, and this client cannot ask a person; run '{}'",
                         command))));
  }
  Outcome<Consent> consent = consent_to(command, call);
  if (auto* refusal = std::get_if<Refusal>(&consent)) return std::move(*refusal);
  switch (std::get<Consent>(consent)) {
    case Consent::given: return Instead();
    case Consent::not_yet: return Instead(ToolAnswer{});
    case Consent::refused:
      return Instead(refused(fail(ErrorCode::denied, "the person who was asked said no")));
  }
  check_failed(__FILE__, __LINE__, "Consent in range");
}

ToolAnswer proposal_of(const Operation& operation, const JsonObject& arguments) {
  JsonObject proposal{{"done", false},
                      {"operation", operation.name},
                      {"arguments", arguments},
                      {"command", api::command_text(operation, arguments)}};
  ToolAnswer answer{.content = {}, .structured = std::nullopt, .is_error = false, .meta = {}};
  answer.content.push_back(text_block(to_text(proposal)));
  answer.structured = std::move(proposal);
  return answer;
}

// What runs when a tool is called.
struct ToolRun {
  const Operation* operation;
  Surroundings around;
  bool paged;
  std::vector<std::string> changes;  // URIs to announce afterwards.

  Outcome<ToolAnswer> operator()(const JsonObject& given, Call& call) const {
    JsonObject arguments = given;
    Page page = kFirstPage;
    if (paged) {
      Result<Page> taken = take_page(arguments);
      if (!taken) return refused(taken.error());
      page = *taken;
    }
    if (operation->effect == Effect::spends) return proposal_of(*operation, arguments);
    if (operation->effect == Effect::administers && !around.may_administer) {
      Outcome<std::optional<ToolAnswer>> instead = ask_first(*operation, arguments, call);
      if (auto* refusal = std::get_if<Refusal>(&instead)) return std::move(*refusal);
      auto& answer = std::get<std::optional<ToolAnswer>>(instead);
      if (answer) return std::move(*answer);
    }
    Result<Json> output = run_operation(*operation, arguments, around, call);
    if (!output) return refused(output.error());
    log_notices(*output, call);
    for (const std::string& uri : changes) {
      call.announce({.what = Change::What::resource, .uri = uri});
    }
    return answer_of(std::move(*output), page);
  }
};

Tool alias_of(const Alias& alias, const std::vector<Operation>& operations,
              const Surroundings& around) {
  auto operation = std::ranges::find(operations, alias.operation, &Operation::name);
  RF_CHECK(operation != operations.end());
  Tool tool = tool_of(*operation, around);
  tool.name = alias.tool;
  tool.title = capitalised(alias.help);
  tool.description = fmt::format("{}. {}", tool.title, sentence_of(operation->effect));
  tool.annotations = annotations_of(*operation, tool.title);
  tool.input_schema["properties"].get_object().erase(alias.field);
  tool.run = [run = std::move(tool.run), alias](const JsonObject& given, Call& call) {
    if (given.contains(alias.field)) {
      return Outcome<ToolAnswer>(
          refused(fail(ErrorCode::invalid, fmt::format("input.{}: unknown field", alias.field))));
    }
    JsonObject arguments = given;
    arguments[alias.field] = alias.value;
    return run(arguments, call);
  };
  return tool;
}

}  // namespace

std::string tool_name_of(std::string_view operation) {
  std::string name(operation);
  std::ranges::replace(name, ' ', '_');
  std::ranges::replace(name, '-', '_');
  return name;
}

Tool tool_of(const Operation& operation, const Surroundings& around) {
  const bool spends = operation.effect == Effect::spends;
  JsonObject output = spends ? proposal_schema() : output_schema_of(operation);
  const bool paged = !spends && has_list(output);
  const std::string title = capitalised(operation.help);
  return {.name = tool_name_of(operation.name),
          .title = title,
          .description = fmt::format("{}. {}", title, sentence_of(operation.effect)),
          .input_schema = input_schema_of(operation, paged),
          .output_schema = std::move(output),
          .annotations = annotations_of(operation, title),
          .run = ToolRun{.operation = &operation,
                         .around = around,
                         .paged = paged,
                         .changes = operation.effect == Effect::reads ? std::vector<std::string>()
                                                                      : listed_uris()}};
}

std::vector<Tool> tools_of(const std::vector<Operation>& operations, const Surroundings& around) {
  std::vector<Tool> tools;
  tools.reserve(operations.size() + kAliases.size());
  for (const Operation& operation : operations) tools.push_back(tool_of(operation, around));
  for (const Alias& alias : kAliases) {
    const bool known = std::ranges::any_of(
        operations, [&](const Operation& each) { return each.name == alias.operation; });
    if (known) tools.push_back(alias_of(alias, operations, around));
  }
  return tools;
}

}  // namespace rf::mcp
