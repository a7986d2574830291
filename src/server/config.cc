#include "server/config.h"

#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "server/problem.h"

namespace rf::server {
namespace {

constexpr std::int64_t kConfigMax = 64 << 10;

// What takes effect while the server runs.
constexpr std::string_view kHot = "no_schedule";

// The first line that sets `key`, from 1; 0 where none does.
int line_of(std::string_view text, std::string_view key) {
  int number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t\""), line.size()));
    if (!line.starts_with(key)) continue;
    line.remove_prefix(key.size());
    const std::size_t next = line.find_first_not_of(" \t\"");
    if (next != std::string_view::npos && line[next] == '=') return number;
  }
  return 0;
}

// "input.port: …" as "serve.toml:3: port: …".
Error in_file(const Error& error, const std::string& file, std::string_view text) {
  constexpr std::string_view kRoot = "input.";
  const std::string_view path = path_in(error.message);
  if (!path.starts_with(kRoot)) return fail(error.code, fmt::format("{}: {}", file, error.message));
  std::string_view key = path.substr(kRoot.size());
  key = key.substr(0, key.find_first_of(".["));
  const int line = line_of(text, key);
  const std::string where = line > 0 ? fmt::format("{}:{}", file, line) : file;
  return fail(error.code, fmt::format("{}: {}", where, error.message.substr(kRoot.size())));
}

Result<JsonObject> read_config(const std::string& file) {
  const std::string text = RF_TRY(read_file(file, kConfigMax));
  Result<Json> toml = parse_toml(text);
  if (!toml) return std::move(toml).error().with(file);
  const Result<ServeInput> checked = from_json<ServeInput>(*toml, "input");
  if (!checked) return in_file(checked.error(), file, text);
  if (!checked->config.empty()) {
    return fail(ErrorCode::invalid,
                fmt::format("{}:{}: config: a file names no other", file, line_of(text, "config")));
  }
  return std::move(toml->get_object());
}

}  // namespace

Result<ServeInput> with_config(const Json& given) {
  ServeInput input = RF_TRY(from_json<ServeInput>(given, "input"));
  if (input.config.empty()) return input;
  JsonObject merged = RF_TRY(read_config(input.config));
  for (const auto& member : given.as_object()) merged[member.key()] = member.value();
  const Json all(std::move(merged));
  return from_json<ServeInput>(all, "input");
}

std::vector<std::string> needs_restart(const ServeInput& running, const ServeInput& wanted) {
  const Json before = to_json(running);
  const Json after = to_json(wanted);
  std::vector<std::string> names;
  for (const auto& member : before.as_object()) {
    if (member.key() != kHot && after.at(member.key()) != member.value()) {
      names.emplace_back(member.key());
    }
  }
  return names;
}

}  // namespace rf::server
