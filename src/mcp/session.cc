#include "mcp/session.h"

#include <cstddef>
#include <utility>

namespace rf::mcp {
namespace {

// Chosen: more than the resources that we list, few enough to bound a hostile session's memory.
constexpr std::size_t kWatchedMax = 256;

}  // namespace

std::optional<LogLevel> log_level_of(std::string_view name) {
  for (const auto& [level, text] : EnumNames<LogLevel>::names) {
    if (text == name) return level;
  }
  return std::nullopt;
}

void Session::open(std::string version, JsonObject capabilities) {
  const std::lock_guard lock(mutex_);
  version_ = std::move(version);
  capabilities_ = std::move(capabilities);
}

bool Session::is_open() const {
  const std::lock_guard lock(mutex_);
  return !version_.empty();
}

JsonObject Session::capabilities() const {
  const std::lock_guard lock(mutex_);
  return capabilities_;
}

void Session::set_log_level(LogLevel level) {
  const std::lock_guard lock(mutex_);
  log_level_ = level;
}

LogLevel Session::log_level() const {
  const std::lock_guard lock(mutex_);
  return log_level_;
}

bool Session::watch(std::string uri) {
  const std::lock_guard lock(mutex_);
  if (watched_.size() >= kWatchedMax && !watched_.contains(uri)) return false;
  watched_.insert(std::move(uri));
  return true;
}

void Session::unwatch(const std::string& uri) {
  const std::lock_guard lock(mutex_);
  watched_.erase(uri);
}

bool Session::watches(const std::string& uri) const {
  const std::lock_guard lock(mutex_);
  return watched_.contains(uri);
}

}  // namespace rf::mcp
