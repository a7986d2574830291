#include "mcp/message.h"

#include <utility>

namespace rf::mcp {
namespace {

bool is_id(const Json& value) { return value.is_string() || value.is_int64() || value.is_uint64(); }

Refusal invalid_request(std::string message) {
  return {.code = kInvalidRequest, .message = std::move(message), .http_status = 400};
}

Outcome<Message> answer_of(const JsonObject& object, Message message) {
  const Json* result = object.if_contains("result");
  const Json* error = object.if_contains("error");
  if ((result == nullptr) == (error == nullptr)) {
    return invalid_request("found neither a method, nor one of 'result' and 'error'");
  }
  if (message.id.is_null()) return invalid_request("an answer needs the id of its request");
  message.kind = Message::Kind::answer;
  message.answer[result != nullptr ? "result" : "error"] = result != nullptr ? *result : *error;
  return message;
}

Outcome<Message> request_of(const JsonObject& object, Message message) {
  const Json* method = object.if_contains("method");
  if (!method->is_string()) return invalid_request("'method' is to be text");
  message.method = method->get_string().c_str();
  message.kind = message.id.is_null() ? Message::Kind::notification : Message::Kind::request;
  if (const Json* params = object.if_contains("params")) {
    if (!params->is_object()) return invalid_request("'params' is to be an object");
    message.params = params->get_object();
  }
  return message;
}

}  // namespace

Outcome<Message> parse_message(std::string_view text, Json& id) {
  Result<Json> json = parse_json(text);
  if (!json) {
    return Refusal{.code = kParseError, .message = json.error().message, .http_status = 400};
  }
  const JsonObject* object = json->if_object();
  if (object == nullptr) {
    return invalid_request("expected one message, an object; batches are not taken");
  }
  Message message;
  if (const Json* found = object->if_contains("id"); found != nullptr && !found->is_null()) {
    if (!is_id(*found)) return invalid_request("'id' is to be text or a whole number");
    id = message.id = *found;
  }
  if (text_of(*object, "jsonrpc") != "2.0") return invalid_request("'jsonrpc' is to be \"2.0\"");
  const bool asks = object->contains("method");
  return asks ? request_of(*object, std::move(message)) : answer_of(*object, std::move(message));
}

Json result_message(const Json& id, JsonObject result) {
  return JsonObject{{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}};
}

Json error_message(const Json& id, const Refusal& refusal) {
  JsonObject error{{"code", refusal.code}, {"message", refusal.message}};
  if (!refusal.data.is_null()) error["data"] = refusal.data;
  return JsonObject{{"jsonrpc", "2.0"}, {"id", id}, {"error", std::move(error)}};
}

Json notification_message(std::string_view method, JsonObject params) {
  return JsonObject{{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}};
}

Json request_message(const Json& id, std::string_view method, JsonObject params) {
  return JsonObject{
      {"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}};
}

std::string text_of(const JsonObject& object, std::string_view name) {
  const Json* found = object.if_contains(name);
  const auto* text = found == nullptr ? nullptr : found->if_string();
  return text == nullptr ? "" : std::string(*text);
}

const JsonObject* object_of(const JsonObject& object, std::string_view name) {
  const Json* found = object.if_contains(name);
  return found == nullptr ? nullptr : found->if_object();
}

}  // namespace rf::mcp
