// Which revision of MCP a message is written in, and what it says of its sender.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "mcp/message.h"
#include "mcp/session.h"

namespace rf::mcp {

// Source: MCP revisions 2026-07-28 and 2025-11-25.
constexpr std::string_view kModernVersion = "2026-07-28";
constexpr std::string_view kLegacyVersion = "2025-11-25";  // The newest of its kind.

enum class Era : std::uint8_t {
  legacy,  // Up to 2025-11-25: `initialize`, then a session that remembers the client.
  modern,  // From 2026-07-28 on: every request says by itself who sends it and in which version.
};

// What of the transport takes part in telling the eras apart; on stdio there is none of it.
struct Carrier {
  std::optional<std::string_view> version_header;
  bool has_session = false;
};

// REQUIRES: a request or a notification.
Era era_of(const Message& message, const Carrier& carrier);

// True for the versions that a legacy session can be opened in.
bool is_legacy_version(std::string_view version);

// What the sender of a request can do and wants.
struct Sender {
  Era era = Era::modern;
  JsonObject capabilities;
  std::optional<LogLevel> log_level;   // None: no log messages.
  std::optional<Json> progress_token;  // None: no progress.
};

// Of a modern request.
// Refused: kInvalidParams, when it does not say what every request must say; kUnsupportedVersion.
Outcome<Sender> modern_sender(const JsonObject& params);

Sender legacy_sender(const JsonObject& params, const Session& session);

}  // namespace rf::mcp
