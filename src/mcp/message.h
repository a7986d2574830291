// One JSON-RPC message as MCP frames it: a request, a notification, or the answer to a request.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/json.h"

namespace rf::mcp {

// Source: JSON-RPC 2.0, section 5.1; below -32020 the MCP revision 2026-07-28.
constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;
constexpr int kHeaderMismatch = -32020;
constexpr int kMissingCapability = -32021;
constexpr int kUnsupportedVersion = -32022;
// Ours; outside of what JSON-RPC keeps for itself.
constexpr int kCancelled = -31000;
constexpr int kBusy = -31001;
constexpr int kNoAnswer = -31002;  // The client did not answer what it was asked.

// Why a message gets an error and not a result.
struct Refusal {
  int code = kInvalidParams;
  std::string message;
  Json data = nullptr;
  int http_status = 200;  // How the streamable HTTP transport shows it.
};

// A value, or why there is none.
template <typename T>
using Outcome = std::variant<T, Refusal>;

struct Message {
  enum class Kind : std::uint8_t { request, notification, answer };
  Kind kind = Kind::request;
  Json id = nullptr;  // A string or a whole number; null in a notification.
  std::string method;
  JsonObject params;
  JsonObject answer;  // {"result": …} or {"error": …} of an answer.
};

// Reads one message.
// Refused: text that is no JSON, a batch, a message that is none of the three kinds. `id` gets the
// id where one can be read, so that the refusal reaches whoever asked.
Outcome<Message> parse_message(std::string_view text, Json& id);

Json result_message(const Json& id, JsonObject result);
Json error_message(const Json& id, const Refusal& refusal);
Json notification_message(std::string_view method, JsonObject params);
Json request_message(const Json& id, std::string_view method, JsonObject params);

// The member `name` of `object` as text, or "" when it is missing or is no text.
std::string text_of(const JsonObject& object, std::string_view name);

// The member `name` of `object` as an object; null when it is missing or is none.
const JsonObject* object_of(const JsonObject& object, std::string_view name);

}  // namespace rf::mcp
