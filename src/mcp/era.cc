#include "mcp/era.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace rf::mcp {
namespace {

constexpr std::string_view kVersionKey = "io.modelcontextprotocol/protocolVersion";
constexpr std::string_view kCapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";
constexpr std::string_view kLogLevelKey = "io.modelcontextprotocol/logLevel";

constexpr auto kLegacyVersions =
    std::to_array<std::string_view>({kLegacyVersion, "2025-06-18", "2025-03-26"});

std::optional<Json> progress_token_of(const JsonObject& params) {
  const JsonObject* meta = object_of(params, "_meta");
  const Json* token = meta == nullptr ? nullptr : meta->if_contains("progressToken");
  if (token == nullptr || !(token->is_string() || token->is_number())) return std::nullopt;
  return *token;
}

Refusal missing(std::string_view what) {
  return {.message = fmt::format("params._meta: '{}' is missing; every request needs it", what),
          .http_status = 400};
}

}  // namespace

Era era_of(const Message& message, const Carrier& carrier) {
  const JsonObject* meta = object_of(message.params, "_meta");
  if (meta != nullptr && meta->contains(kVersionKey)) return Era::modern;
  if (carrier.version_header) {
    return *carrier.version_header == kModernVersion ? Era::modern : Era::legacy;
  }
  return carrier.has_session || message.method == "initialize" ? Era::legacy : Era::modern;
}

bool is_legacy_version(std::string_view version) {
  return std::ranges::find(kLegacyVersions, version) != kLegacyVersions.end();
}

Outcome<Sender> modern_sender(const JsonObject& params) {
  const JsonObject* meta = object_of(params, "_meta");
  if (meta == nullptr) return missing("_meta");
  const std::string version = text_of(*meta, kVersionKey);
  if (version.empty()) return missing(kVersionKey);
  const JsonObject* capabilities = object_of(*meta, kCapabilitiesKey);
  if (capabilities == nullptr) return missing(kCapabilitiesKey);
  if (version != kModernVersion) {
    return Refusal{
        .code = kUnsupportedVersion,
        .message = fmt::format("version '{}' is not served", version),
        .data = JsonObject{{"supported", JsonArray{Json(kModernVersion)}}, {"requested", version}},
        .http_status = 400};
  }
  Sender sender{.era = Era::modern,
                .capabilities = *capabilities,
                .log_level = std::nullopt,
                .progress_token = progress_token_of(params)};
  if (meta->contains(kLogLevelKey)) {
    sender.log_level = log_level_of(text_of(*meta, kLogLevelKey));
    if (!sender.log_level) {
      return Refusal{.message =
                         "params._meta: the log level is none of debug, info, notice, "
                         "warning, error, critical, alert, emergency",
                     .http_status = 400};
    }
  }
  return sender;
}

Sender legacy_sender(const JsonObject& params, const Session& session) {
  return {.era = Era::legacy,
          .capabilities = session.capabilities(),
          .log_level = session.log_level(),
          .progress_token = progress_token_of(params)};
}

}  // namespace rf::mcp
