#include "mcp/call.h"

#include <utility>

#include <fmt/format.h>

#include "base/sha256.h"
#include "net/secret.h"

namespace rf::mcp {
namespace {

// Chosen: a person has time to read and think; a forgotten question does not stay open for ever.
constexpr Duration kStateAge = std::chrono::minutes(30);

constexpr std::size_t kSignatureLength = 64;  // Hexadecimal digits of SHA-256.

Refusal bad_state() {
  return {.message =
              "params.requestState: not what this server gave for this call, or too old; "
              "call again without it"};
}

// "sampling/createMessage" is the capability "sampling".
std::string_view capability_of(std::string_view method) {
  return method.substr(0, method.find('/'));
}

// The answer of a client to an elicitation says what the person did.
bool is_answer(std::string_view method, const JsonObject& answer) {
  if (capability_of(method) != "elicitation") return true;
  const std::string action = text_of(answer, "action");
  return action == "accept" || action == "decline" || action == "cancel";
}

}  // namespace

// Two nested hashes with the secret in both, so that lengthening the text gives nothing away.
// Source: Bellare, Canetti & Krawczyk 1996 (NMAC), doi:10.1007/3-540-68697-5_1.
std::string StateSeal::signature(std::string_view subject, std::string_view text) const {
  const std::string inner = sha256_hex(fmt::format("{}\x01{}\x1f{}", secret_, subject, text));
  return sha256_hex(fmt::format("{}\x02{}", secret_, inner));
}

std::string StateSeal::seal(std::string_view subject, const Json& state) const {
  const std::string text =
      to_text(JsonObject{{"state", state}, {"at", clock_.now().time_since_epoch().count()}});
  return signature(subject, text) + text;
}

Outcome<Json> StateSeal::open(std::string_view subject, std::string_view sealed) const {
  if (sealed.size() <= kSignatureLength) return bad_state();
  const std::string_view text = sealed.substr(kSignatureLength);
  if (!net::same_secret(sealed.substr(0, kSignatureLength), signature(subject, text)))
    return bad_state();
  Result<Json> json = parse_json(text);
  if (!json || !json->is_object()) return bad_state();
  const JsonObject& object = json->get_object();
  const Json* at = object.if_contains("at");
  const Json* state = object.if_contains("state");
  if (at == nullptr || state == nullptr || !at->is_int64()) return bad_state();
  const Instant made{Duration(at->get_int64())};
  if (clock_.now() - made > kStateAge) return bad_state();
  return *state;
}

Call::Call(const Sender& sender, const JsonObject& params, std::string subject,
           const StateSeal& seal, Outlet& outlet)
    : sender_(sender),
      params_(params),
      subject_(std::move(subject)),
      seal_(seal),
      outlet_(outlet) {}

Refusal Call::needs(std::string_view capability) {
  return {.code = kMissingCapability,
          .message = fmt::format("this needs a client that declares '{}'", capability),
          .data = JsonObject{{"requiredCapabilities", JsonObject{{capability, JsonObject{}}}}},
          .http_status = 400};
}

void Call::progress(double done, std::optional<double> total, std::string_view message) {
  if (!sender_.progress_token || done <= progress_) return;
  progress_ = done;
  JsonObject params{{"progressToken", *sender_.progress_token}, {"progress", done}};
  if (total) params["total"] = *total;
  if (!message.empty()) params["message"] = message;
  outlet_.notify(notification_message("notifications/progress", std::move(params)));
}

void Call::log(LogLevel level, std::string_view logger, Json data) {
  if (!sender_.log_level || level < *sender_.log_level) return;
  outlet_.notify(notification_message(
      "notifications/message",
      {{"level", name_of(level)}, {"logger", logger}, {"data", std::move(data)}}));
}

Outcome<std::optional<JsonObject>> Call::ask(const std::string& key, std::string_view method,
                                             const JsonObject& params) {
  using Answer = std::optional<JsonObject>;
  if (!can(capability_of(method))) return needs(capability_of(method));
  if (sender_.era == Era::legacy) {
    Outcome<JsonObject> answer = outlet_.ask(method, params);
    if (auto* refusal = std::get_if<Refusal>(&answer)) return std::move(*refusal);
    if (const JsonObject* result = object_of(std::get<JsonObject>(answer), "result")) {
      return Answer(*result);
    }
    return Refusal{.code = kNoAnswer, .message = "the client answered with an error"};
  }
  const JsonObject* responses = object_of(params_, "inputResponses");
  const JsonObject* answer = responses == nullptr ? nullptr : object_of(*responses, key);
  if (answer != nullptr && is_answer(method, *answer)) return Answer(*answer);
  requests_[key] = JsonObject{{"method", method}, {"params", params}};
  return Answer();
}

Outcome<Json> Call::state() const {
  const Json* sealed = params_.if_contains("requestState");
  if (sealed == nullptr) return Json(nullptr);
  if (!sealed->is_string()) return bad_state();
  return seal_.open(subject_, sealed->get_string());
}

std::optional<JsonObject> Call::input_required() const {
  if (requests_.empty()) return std::nullopt;
  JsonObject result{{"resultType", "input_required"}, {"inputRequests", requests_}};
  if (kept_) result["requestState"] = seal_.seal(subject_, *kept_);
  return result;
}

}  // namespace rf::mcp
