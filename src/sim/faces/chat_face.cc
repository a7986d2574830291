// An OpenAI-compatible chat: answers that fit the schema that was asked for, whole or as a stream.

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "sim/faces/maker_face.h"

namespace rf::sim {
namespace {

// Source: OpenAI's API reference and what its own client 6.49.0 sends, recorded.
constexpr auto kChat = std::to_array<FieldRule>({{"model", FieldKind::text, true},
                                                 {"messages", FieldKind::list, true},
                                                 {"temperature", FieldKind::number},
                                                 {"top_p", FieldKind::number},
                                                 {"max_completion_tokens", FieldKind::whole},
                                                 {"max_tokens", FieldKind::whole},
                                                 {"seed", FieldKind::whole},
                                                 {"n", FieldKind::whole},
                                                 {"stop", FieldKind::any},
                                                 {"stream", FieldKind::boolean},
                                                 {"stream_options", FieldKind::object},
                                                 {"response_format", FieldKind::object},
                                                 {"tools", FieldKind::list},
                                                 {"tool_choice", FieldKind::any},
                                                 {"parallel_tool_calls", FieldKind::boolean},
                                                 {"logprobs", FieldKind::boolean},
                                                 {"top_logprobs", FieldKind::whole},
                                                 {"reasoning_effort", FieldKind::text},
                                                 {"verbosity", FieldKind::text},
                                                 {"service_tier", FieldKind::text},
                                                 {"store", FieldKind::boolean},
                                                 {"metadata", FieldKind::object},
                                                 {"user", FieldKind::text},
                                                 {"frequency_penalty", FieldKind::number},
                                                 {"presence_penalty", FieldKind::number}});
constexpr auto kFormat =
    std::to_array<FieldRule>({{"type", FieldKind::text, true, "text json_object json_schema"},
                              {"json_schema", FieldKind::object}});
constexpr auto kSchema = std::to_array<FieldRule>({{"name", FieldKind::text, true},
                                                   {"strict", FieldKind::boolean},
                                                   {"description", FieldKind::text},
                                                   {"schema", FieldKind::object, true}});

constexpr std::string_view kRoles = "system developer user assistant tool";
constexpr int kDepthMax = 10;  // Source: of the strict subset.

std::string_view type_of(const JsonObject& schema) {
  const Json* type = schema.if_contains("type");
  if (type == nullptr) return "";
  if (type->is_string()) return type->get_string();
  // "string or null" is answered as a string.
  const JsonArray* types = type->if_array();
  if (types != nullptr && !types->empty() && types->front().is_string())
    return types->front().get_string();
  return "";
}

// The simplest value that fits.
Json instance_of(const JsonObject& schema, int depth) {
  if (const Json* value = schema.if_contains("const")) return *value;
  if (const Json* values = schema.if_contains("enum");
      values != nullptr && values->is_array() && !values->get_array().empty())
    return values->get_array().front();
  const std::string_view type = type_of(schema);
  if (type == "string") return Json("sandbox");
  if (type == "integer" || type == "number") return Json(1);
  if (type == "boolean") return Json(true);
  if (type == "array") return JsonArray();
  JsonObject object;
  const Json* properties = schema.if_contains("properties");
  if (type != "object" || properties == nullptr || !properties->is_object()) return nullptr;
  for (const auto& each : properties->get_object()) {
    if (each.value().is_object() && depth < kDepthMax)
      object[each.key()] = instance_of(each.value().get_object(), depth + 1);
  }
  return object;
}

// What the strict subset asks of every object.
std::string strict_trouble(const JsonObject& schema, int depth) {
  if (depth > kDepthMax) return "the schema is deeper than 10";
  for (const std::string_view word : {"oneOf", "allOf", "not", "if"}) {
    if (schema.contains(word)) return fmt::format("'{}' is not permitted", word);
  }
  const Json* properties = schema.if_contains("properties");
  if (type_of(schema) != "object" || properties == nullptr || !properties->is_object()) return "";
  const Json* closed = schema.if_contains("additionalProperties");
  if (closed == nullptr || !closed->is_bool() || closed->get_bool())
    return "'additionalProperties' is required to be false";
  const Json* required = schema.if_contains("required");
  const bool all = required != nullptr && required->is_array() &&
                   required->get_array().size() == properties->get_object().size();
  if (!all) return "'required' must name every property";
  for (const auto& each : properties->get_object()) {
    if (!each.value().is_object()) continue;
    std::string trouble = strict_trouble(each.value().get_object(), depth + 1);
    if (!trouble.empty()) return trouble;
  }
  return "";
}

class ChatFace final : public MakerFace {
 public:
  using MakerFace::MakerFace;

 private:
  std::string_view key_in(const net::Request& request) const override {
    return bearer_key(request);
  }

  net::Response refuse(Refusal why, const FieldTrouble& trouble) const override {
    struct Row {
      int status;
      std::string_view type, code, message;
    };
    constexpr auto kRows = std::to_array<Row>(
        {{400, "invalid_request_error", "invalid_value", ""},
         {401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided"},
         {404, "invalid_request_error", "not_found", ""},
         {429, "requests", "rate_limit_exceeded", "Rate limit reached"},
         {503, "server_error", "server_error", "The server is overloaded"}});
    const Row& row = kRows.at(static_cast<std::size_t>(why));
    net::Response response = json_response(
        row.status,
        JsonObject{
            {"error", JsonObject{{"message", row.message.empty() ? std::string_view(trouble.message)
                                                                 : row.message},
                                 {"type", row.type},
                                 {"param", trouble.field.empty() ? Json() : Json(trouble.field)},
                                 {"code", row.code}}}});
    if (why == Refusal::too_many) response.headers.add("retry-after", "1");
    return response;
  }

  net::Response dispatch(const Arrived& arrived) override {
    if (arrived.method == "POST" && arrived.path == "/v1/chat/completions") return chat(arrived);
    if (arrived.method == "GET" && arrived.path == "/v1/models") {
      const JsonArray models{JsonObject{
          {"id", "m"}, {"object", "model"}, {"created", 1'795'237'733}, {"owned_by", "sandbox"}}};
      return json_response(200, JsonObject{{"object", "list"}, {"data", models}});
    }
    return unknown_path(arrived);
  }

  static std::optional<FieldTrouble> message_trouble(const CheckedFields& given) {
    const auto wrong = [](std::string message) {
      return FieldTrouble{Breach::wrong_value, "messages", std::move(message)};
    };
    const JsonArray& messages = given.fields.at("messages").get_array();
    if (messages.empty()) return wrong("expected at least one message");
    for (const Json& each : messages) {
      const JsonObject* message = each.if_object();
      const Json* role = message == nullptr ? nullptr : message->if_contains("role");
      if (role == nullptr || !role->is_string() || !is_among(role->get_string(), kRoles))
        return wrong("a message needs a role");
      if (!message->contains("content")) return wrong("a message needs content");
    }
    return std::nullopt;
  }

  static std::optional<FieldTrouble> format_trouble(const CheckedFields& given) {
    const Json* format = given.fields.if_contains("response_format");
    if (format == nullptr) return std::nullopt;
    const CheckedFields checked = check_object(format->get_object(), kFormat);
    if (!checked.fine) return checked.trouble;
    if (checked.text("type") != "json_schema") return std::nullopt;
    const auto wrong = [](std::string message) {
      return FieldTrouble{Breach::wrong_value, "response_format", std::move(message)};
    };
    if (!checked.has("json_schema")) return wrong("expected json_schema");
    const CheckedFields schema =
        check_object(checked.fields.at("json_schema").get_object(), kSchema);
    if (!schema.fine) return schema.trouble;
    const Json* strict = schema.fields.if_contains("strict");
    if (strict == nullptr || !strict->get_bool()) return std::nullopt;
    const JsonObject& root = schema.fields.at("schema").get_object();
    if (type_of(root) != "object") return wrong("the root must be an object");
    std::string trouble = strict_trouble(root, 1);
    return trouble.empty() ? std::nullopt : std::optional(wrong(std::move(trouble)));
  }

  static std::string content_for(const CheckedFields& given) {
    const Json* format = given.fields.if_contains("response_format");
    if (format == nullptr) return "A sandbox answers what fits.";
    const JsonObject& asked = format->get_object();
    const Json* schema = asked.if_contains("json_schema");
    if (schema == nullptr) return asked.at("type").get_string() == "text" ? "Sandbox." : "{}";
    return to_text(instance_of(schema->get_object().at("schema").get_object(), 1));
  }

  net::Response chat(const Arrived& arrived) {
    const CheckedFields given = check_fields(arrived, kChat);
    if (!given.fine) return broken_contract(arrived, given.trouble);
    if (auto trouble = message_trouble(given)) return broken_contract(arrived, *trouble);
    if (auto trouble = format_trouble(given)) return broken_contract(arrived, *trouble);
    const std::string id = fmt::format("chatcmpl-{}", made_id("chat").substr(0, 8));
    const std::string content = content_for(given);
    const Json* streams = given.fields.if_contains("stream");
    net::Response response = streams != nullptr && streams->get_bool()
                                 ? streamed(given, id, content)
                                 : json_response(200, whole(given, id, content));
    response.headers.add("x-request-id", id);
    response.headers.add("x-ratelimit-limit-requests", "500");
    response.headers.add("x-ratelimit-remaining-requests", "499");
    response.headers.add("x-ratelimit-reset-requests", "120ms");
    return response;
  }

  static JsonObject usage_of(const CheckedFields& given, const std::string& content) {
    // Four letters a token, as a rule of thumb says.
    const auto asked = static_cast<std::int64_t>(to_text(given.fields.at("messages")).size() / 4);
    const auto said = static_cast<std::int64_t>(content.size() / 4 + 1);
    return {{"prompt_tokens", asked}, {"completion_tokens", said}, {"total_tokens", asked + said}};
  }

  JsonObject whole(const CheckedFields& given, const std::string& id, const std::string& content) {
    const JsonObject message{{"role", "assistant"}, {"content", content}, {"refusal", nullptr}};
    return {{"id", id},
            {"object", "chat.completion"},
            {"created", 1'795'237'733},
            {"model", given.text("model")},
            {"choices", JsonArray{JsonObject{{"index", 0},
                                             {"message", message},
                                             {"finish_reason", "stop"},
                                             {"logprobs", nullptr}}}},
            {"usage", usage_of(given, content)},
            {"system_fingerprint", "fp_sandbox"}};
  }

  static net::Response streamed(const CheckedFields& given, const std::string& id,
                                const std::string& content) {
    std::string body;
    const auto chunk = [&](JsonArray choices, Json usage) {
      const JsonObject object{{"id", id},
                              {"object", "chat.completion.chunk"},
                              {"created", 1'795'237'733},
                              {"model", given.text("model")},
                              {"choices", std::move(choices)},
                              {"usage", std::move(usage)}};
      body += fmt::format("data: {}\n\n", to_text(Json(object)));
    };
    const auto delta = [](JsonObject what, Json reason) {
      return JsonArray{JsonObject{
          {"index", 0}, {"delta", std::move(what)}, {"finish_reason", std::move(reason)}}};
    };
    const std::size_t half = content.size() / 2;
    chunk(delta({{"role", "assistant"}, {"content", content.substr(0, half)}}, nullptr), nullptr);
    chunk(delta({{"content", content.substr(half)}}, nullptr), nullptr);
    chunk(delta({}, "stop"), nullptr);
    const Json* options = given.fields.if_contains("stream_options");
    if (options != nullptr && options->get_object().contains("include_usage"))
      chunk({}, usage_of(given, content));
    body += "data: [DONE]\n\n";
    return {
        .status = 200, .headers = {{"Content-Type", "text/event-stream"}}, .body = std::move(body)};
  }
};

}  // namespace

std::unique_ptr<MakerFace> make_chat_face(Sandbox& sandbox, FaceRules rules) {
  return std::make_unique<ChatFace>(sandbox, std::move(rules));
}

}  // namespace rf::sim
