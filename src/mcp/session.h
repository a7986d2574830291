// What a client of the 2025-11-25 revision told us once, for all of its later requests.

#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/described.h"
#include "base/json.h"

namespace rf::mcp {

// Source: RFC 5424, section 6.2.1, as MCP spells them; rising.
enum class LogLevel : std::uint8_t {
  debug,
  info,
  notice,
  warning,
  error,
  critical,
  alert,
  emergency
};

std::optional<LogLevel> log_level_of(std::string_view name);

// Thread: any.
class Session {
 public:
  // From `initialize`.
  void open(std::string version, JsonObject capabilities);
  bool is_open() const;
  JsonObject capabilities() const;

  void set_log_level(LogLevel level);
  LogLevel log_level() const;

  // The resources whose changes the client wants to hear of.
  // False: there are already as many as one session may have.
  [[nodiscard]] bool watch(std::string uri);
  void unwatch(const std::string& uri);
  bool watches(const std::string& uri) const;

 private:
  mutable std::mutex mutex_;
  std::string version_;
  JsonObject capabilities_;
  // Until the client says otherwise; less would keep the notices of a report from it.
  LogLevel log_level_ = LogLevel::info;
  std::set<std::string> watched_;
};

}  // namespace rf::mcp

template <>
struct rf::EnumNames<rf::mcp::LogLevel> {
  using enum rf::mcp::LogLevel;
  static constexpr auto names =
      std::to_array<std::pair<rf::mcp::LogLevel, std::string_view>>({{debug, "debug"},
                                                                     {info, "info"},
                                                                     {notice, "notice"},
                                                                     {warning, "warning"},
                                                                     {error, "error"},
                                                                     {critical, "critical"},
                                                                     {alert, "alert"},
                                                                     {emergency, "emergency"}});
};
