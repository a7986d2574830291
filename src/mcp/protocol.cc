#include "mcp/protocol.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/sha256.h"
#include "mcp/listing.h"

namespace rf::mcp {
namespace {

// Chosen: lists change only with the program; what is in the store may change at any moment.
constexpr std::int64_t kListTtlMs = 60'000;
constexpr std::int64_t kContentTtlMs = 0;

// Source: MCP, completion: "maximum 100 items per response".
constexpr std::size_t kCompletionsMax = 100;

void cache(JsonObject& result, std::int64_t ttl_ms, std::string_view scope) {
  result["ttlMs"] = ttl_ms;
  result["cacheScope"] = scope;
}

Refusal invalid(std::string message) { return {.message = std::move(message)}; }

Refusal unknown_method(const std::string& method) {
  return {.code = kMethodNotFound,
          .message = fmt::format("method '{}' is not known", method),
          .http_status = 404};
}

Refusal no_such_resource(const std::string& uri) {
  return {.message = fmt::format("there is no resource '{}'", uri),
          .data = JsonObject{{"uri", uri}}};
}

// The position that a cursor stands for; a cursor is opaque to clients.
Outcome<std::size_t> offset_of(const JsonObject& params, std::size_t size) {
  const Json* cursor = params.if_contains("cursor");
  if (cursor == nullptr || cursor->is_null()) return std::size_t{0};
  const std::string text = text_of(params, "cursor");
  std::size_t offset = 0;
  const char* end = text.data() + text.size();
  auto [stopped, error] = std::from_chars(text.data(), end, offset);
  if (text.empty() || error != std::errc() || stopped != end || offset >= size) {
    return invalid("params.cursor: not a cursor of this list");
  }
  return offset;
}

// Why a tool cannot be called by this sender.
std::optional<Refusal> refusal_of_tool(const Catalog& catalog, const std::string& name,
                                       const Sender& sender) {
  auto tool = std::ranges::find(catalog.tools, name, &Tool::name);
  if (tool == catalog.tools.end()) return invalid(fmt::format("there is no tool '{}'", name));
  for (const std::string& capability : tool->needs) {
    if (!sender.capabilities.contains(capability)) return Call::needs(capability);
  }
  return std::nullopt;
}

// Who sends a request, as its era says it.
Outcome<Sender> sender_of(const Message& message, Era era, const Session* session) {
  if (era == Era::modern) return modern_sender(message.params);
  RF_CHECK(session != nullptr);
  return legacy_sender(message.params, *session);
}

}  // namespace

struct Protocol::Asked {
  const JsonObject& params;
  Sender sender;
  Session* session = nullptr;
  Outlet& outlet;
  std::optional<ListenFilter>& listen;

  bool modern() const { return sender.era == Era::modern; }
};

struct Protocol::Method {
  std::string_view name;
  bool legacy;
  bool modern;
  bool long_work;
  Outcome<JsonObject> (Protocol::*run)(Asked&) const;
};

const std::vector<Protocol::Method>& Protocol::methods() {
  static const std::vector<Method> table = {
      {"server/discover", false, true, false, &Protocol::discover},
      {"initialize", true, false, false, &Protocol::initialize},
      {"ping", true, false, false, &Protocol::ping},
      {"logging/setLevel", true, false, false, &Protocol::set_log_level},
      {"resources/subscribe", true, false, false, &Protocol::subscribe},
      {"resources/unsubscribe", true, false, false, &Protocol::unsubscribe},
      {"tools/list", true, true, false, &Protocol::list_tools},
      {"tools/call", true, true, true, &Protocol::call_tool},
      {"resources/list", true, true, false, &Protocol::list_resources},
      {"resources/templates/list", true, true, false, &Protocol::list_templates},
      {"resources/read", true, true, true, &Protocol::read_resource},
      {"prompts/list", true, true, false, &Protocol::list_prompts},
      {"prompts/get", true, true, true, &Protocol::get_prompt},
      {"completion/complete", true, true, true, &Protocol::complete},
      {"subscriptions/listen", false, true, false, &Protocol::listen}};
  return table;
}

Protocol::Protocol(Catalog catalog, std::string secret, const Clock& clock, std::size_t page)
    : catalog_(std::move(catalog)), seal_(std::move(secret), clock), page_(page) {
  std::set<std::string> names;
  for (const Tool& tool : catalog_.tools) RF_CHECK(names.insert(tool.name).second);
}

bool Protocol::may_take_long(const Message& message) {
  auto method = std::ranges::find(methods(), message.method, &Method::name);
  return method != methods().end() && method->long_work;
}

Reply Protocol::answer(const Message& message, Era era, Session* session, Outlet& outlet) const {
  RF_CHECK(message.kind != Message::Kind::answer);
  // Nothing that a client notifies of changes what this server does; cancelling is the transport's.
  if (message.kind == Message::Kind::notification) {
    return {.message = std::nullopt, .http_status = 202, .listen = std::nullopt};
  }
  std::optional<ListenFilter> listen;
  Outcome<JsonObject> outcome = answer_request(message, era, session, outlet, listen);
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
    const int status = era == Era::modern ? refusal->http_status : 200;
    return {.message = error_message(message.id, *refusal),
            .http_status = status,
            .listen = std::nullopt};
  }
  if (listen) return {.message = std::nullopt, .http_status = 200, .listen = std::move(listen)};
  auto& result = std::get<JsonObject>(outcome);
  if (era == Era::modern) {
    if (!result.contains("resultType")) result["resultType"] = "complete";
    JsonObject& meta = result["_meta"].is_object() ? result["_meta"].get_object()
                                                   : result["_meta"].emplace_object();
    meta["io.modelcontextprotocol/serverInfo"] = implementation_of(catalog_);
  }
  return {.message = result_message(message.id, std::move(result)),
          .http_status = 200,
          .listen = std::nullopt};
}

Outcome<const Protocol::Method*> Protocol::admit(const Message& message, Era era, Session* session,
                                                 Sender& sender) const {
  Outcome<Sender> read = sender_of(message, era, session);
  if (auto* refusal = std::get_if<Refusal>(&read)) return std::move(*refusal);
  sender = std::move(std::get<Sender>(read));
  auto method = std::ranges::find(methods(), message.method, &Method::name);
  if (method == methods().end() || !(era == Era::modern ? method->modern : method->legacy)) {
    return unknown_method(message.method);
  }
  const bool may_come_first = message.method == "initialize" || message.method == "ping";
  if (era == Era::legacy && !session->is_open() && !may_come_first) {
    return Refusal{.code = kInvalidRequest, .message = "the first request is to be 'initialize'"};
  }
  if (message.method == "tools/call") {
    if (auto refusal = refusal_of_tool(catalog_, text_of(message.params, "name"), sender)) {
      return std::move(*refusal);
    }
  }
  return &*method;
}

std::optional<Refusal> Protocol::refusal_of(const Message& message, Era era,
                                            Session* session) const {
  Sender sender;
  Outcome<const Method*> admitted = admit(message, era, session, sender);
  auto* refusal = std::get_if<Refusal>(&admitted);
  return refusal == nullptr ? std::nullopt : std::optional(std::move(*refusal));
}

Outcome<JsonObject> Protocol::answer_request(const Message& message, Era era, Session* session,
                                             Outlet& outlet,
                                             std::optional<ListenFilter>& listen) const {
  Sender sender;
  Outcome<const Method*> method = admit(message, era, session, sender);
  if (auto* refusal = std::get_if<Refusal>(&method)) return std::move(*refusal);
  Asked asked{message.params, std::move(sender), session, outlet, listen};
  return (this->*std::get<const Method*>(method)->run)(asked);
}

JsonObject Protocol::capabilities() const {
  const bool change = catalog_.lists_change;
  JsonObject list_changed;
  if (change) list_changed["listChanged"] = true;
  JsonObject resources = list_changed;
  resources["subscribe"] = true;
  JsonObject all{{"tools", list_changed}, {"logging", JsonObject{}}};
  if (!catalog_.resources.empty() || !catalog_.templates.empty()) {
    all["resources"] = std::move(resources);
  }
  if (!catalog_.prompts.empty()) all["prompts"] = list_changed;
  if (catalog_.complete) all["completions"] = JsonObject{};
  return all;
}

Outcome<JsonObject> Protocol::discover(Asked&) const {
  JsonObject result{{"supportedVersions", JsonArray{Json(kModernVersion)}},
                    {"capabilities", capabilities()},
                    {"instructions", catalog_.instructions}};
  cache(result, kListTtlMs, "public");
  return result;
}

Outcome<JsonObject> Protocol::initialize(Asked& asked) const {
  const std::string wanted = text_of(asked.params, "protocolVersion");
  if (wanted.empty()) return invalid("params.protocolVersion: is missing");
  if (asked.session->is_open()) {
    return Refusal{.code = kInvalidRequest, .message = "this session is open already"};
  }
  const JsonObject* can = object_of(asked.params, "capabilities");
  const std::string version = is_legacy_version(wanted) ? wanted : std::string(kLegacyVersion);
  asked.session->open(version, can == nullptr ? JsonObject{} : *can);
  return JsonObject{{"protocolVersion", version},
                    {"capabilities", capabilities()},
                    {"serverInfo", implementation_of(catalog_)},
                    {"instructions", catalog_.instructions}};
}

Outcome<JsonObject> Protocol::ping(Asked&) const { return JsonObject{}; }

Outcome<JsonObject> Protocol::set_log_level(Asked& asked) const {
  std::optional<LogLevel> level = log_level_of(text_of(asked.params, "level"));
  if (!level) {
    return invalid(
        "params.level: expected one of debug, info, notice, warning, error, critical, "
        "alert, emergency");
  }
  asked.session->set_log_level(*level);
  return JsonObject{};
}

Outcome<JsonObject> Protocol::subscribe(Asked& asked) const {
  const std::string uri = text_of(asked.params, "uri");
  if (uri.empty()) return invalid("params.uri: is missing");
  if (!asked.session->watch(uri)) return invalid("params.uri: too many resources are watched");
  return JsonObject{};
}

Outcome<JsonObject> Protocol::unsubscribe(Asked& asked) const {
  asked.session->unwatch(text_of(asked.params, "uri"));
  return JsonObject{};
}

Outcome<JsonObject> Protocol::listen(Asked& asked) const {
  Outcome<ListenFilter> filter = listen_filter_of(asked.params);
  if (auto* refusal = std::get_if<Refusal>(&filter)) return std::move(*refusal);
  asked.listen = std::move(std::get<ListenFilter>(filter));
  if (!catalog_.lists_change) {  // Grants only what can come.
    asked.listen->tools = asked.listen->prompts = asked.listen->resources = false;
  }
  return JsonObject{};
}

namespace {

// One page of `items` under `name`, each as `describe` shows it.
template <typename Item, typename Describe>
Outcome<JsonObject> page_of(const std::vector<Item>& items, std::string_view name,
                            const JsonObject& params, std::size_t page, Describe describe) {
  Outcome<std::size_t> offset = offset_of(params, items.size());
  if (auto* refusal = std::get_if<Refusal>(&offset)) return std::move(*refusal);
  const std::size_t begin = std::get<std::size_t>(offset);
  const std::size_t end = std::min(items.size(), begin + page);
  JsonArray list;
  list.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i) list.push_back(describe(items[i]));
  JsonObject result{{name, std::move(list)}};
  if (end < items.size()) result["nextCursor"] = std::to_string(end);
  cache(result, kListTtlMs, "public");
  return result;
}

}  // namespace

Outcome<JsonObject> Protocol::list_tools(Asked& asked) const {
  return page_of(catalog_.tools, "tools", asked.params, page_, describe_tool);
}

Outcome<JsonObject> Protocol::list_resources(Asked& asked) const {
  return page_of(catalog_.resources, "resources", asked.params, page_, describe_resource);
}

Outcome<JsonObject> Protocol::list_templates(Asked& asked) const {
  return page_of(catalog_.templates, "resourceTemplates", asked.params, page_, describe_template);
}

Outcome<JsonObject> Protocol::list_prompts(Asked& asked) const {
  return page_of(catalog_.prompts, "prompts", asked.params, page_, describe_prompt);
}

namespace {

// The arguments of a call: an object, empty when left out.
Outcome<JsonObject> arguments_of(const JsonObject& params) {
  const Json* arguments = params.if_contains("arguments");
  if (arguments == nullptr || arguments->is_null()) return JsonObject{};
  if (!arguments->is_object()) return invalid("params.arguments: expected an object");
  return arguments->get_object();
}

// Ties what a client keeps for us to the call it was given for.
std::string subject_of(std::string_view kind, std::string_view name, const JsonObject& arguments) {
  return fmt::format("{}\x1f{}\x1f{}", kind, name, sha256_hex(to_text(arguments)));
}

}  // namespace

Outcome<JsonObject> Protocol::call_tool(Asked& asked) const {
  const std::string name = text_of(asked.params, "name");
  auto tool = std::ranges::find(catalog_.tools, name, &Tool::name);
  RF_CHECK(tool != catalog_.tools.end());  // See admit().
  Outcome<JsonObject> arguments = arguments_of(asked.params);
  if (auto* refusal = std::get_if<Refusal>(&arguments)) return std::move(*refusal);
  const auto& given = std::get<JsonObject>(arguments);
  Call call(asked.sender, asked.params, subject_of("tool", name, given), seal_, asked.outlet);
  Outcome<ToolAnswer> outcome = tool->run(given, call);
  if (auto* refusal = std::get_if<Refusal>(&outcome)) return std::move(*refusal);
  if (std::optional<JsonObject> more = call.input_required()) return std::move(*more);
  return to_result(std::get<ToolAnswer>(std::move(outcome)));
}

Outcome<JsonObject> Protocol::read_resource(Asked& asked) const {
  const std::string uri = text_of(asked.params, "uri");
  if (!catalog_.read) return no_such_resource(uri);
  Call call(asked.sender, asked.params, subject_of("resource", uri, {}), seal_, asked.outlet);
  Outcome<std::optional<JsonArray>> outcome = catalog_.read(uri, call);
  if (auto* refusal = std::get_if<Refusal>(&outcome)) return std::move(*refusal);
  if (std::optional<JsonObject> more = call.input_required()) return std::move(*more);
  auto& contents = std::get<std::optional<JsonArray>>(outcome);
  if (!contents) return no_such_resource(uri);
  JsonObject result{{"contents", std::move(*contents)}};
  cache(result, kContentTtlMs, "private");
  return result;
}

Outcome<JsonObject> Protocol::get_prompt(Asked& asked) const {
  const std::string name = text_of(asked.params, "name");
  auto prompt = std::ranges::find(catalog_.prompts, name, &Prompt::name);
  if (prompt == catalog_.prompts.end())
    return invalid(fmt::format("there is no prompt '{}'", name));
  Outcome<JsonObject> arguments = arguments_of(asked.params);
  if (auto* refusal = std::get_if<Refusal>(&arguments)) return std::move(*refusal);
  const auto& given = std::get<JsonObject>(arguments);
  for (const PromptArgument& argument : prompt->arguments) {
    if (argument.required && text_of(given, argument.name).empty()) {
      return invalid(fmt::format("params.arguments.{}: is missing; expected: {}", argument.name,
                                 argument.description));
    }
  }
  Call call(asked.sender, asked.params, subject_of("prompt", name, given), seal_, asked.outlet);
  Outcome<PromptAnswer> outcome = prompt->get(given, call);
  if (auto* refusal = std::get_if<Refusal>(&outcome)) return std::move(*refusal);
  if (std::optional<JsonObject> more = call.input_required()) return std::move(*more);
  auto& answer = std::get<PromptAnswer>(outcome);
  return JsonObject{{"description", answer.description}, {"messages", std::move(answer.messages)}};
}

Outcome<JsonObject> Protocol::complete(Asked& asked) const {
  const JsonObject* subject = object_of(asked.params, "ref");
  const JsonObject* argument = object_of(asked.params, "argument");
  if (subject == nullptr || argument == nullptr) {
    return invalid("params: 'ref' and 'argument' are to be objects");
  }
  std::vector<std::string> values;
  if (catalog_.complete) {
    values = catalog_.complete({.subject = *subject,
                                .argument = text_of(*argument, "name"),
                                .text = text_of(*argument, "value")});
  }
  JsonArray first;
  for (std::size_t i = 0; i < std::min(values.size(), kCompletionsMax); ++i) {
    first.emplace_back(std::string_view(values[i]));
  }
  return JsonObject{{"completion", JsonObject{{"values", std::move(first)},
                                              {"total", values.size()},
                                              {"hasMore", values.size() > kCompletionsMax}}}};
}

}  // namespace rf::mcp
