#include "api/secrets_file.h"

#include <cstdint>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/file.h"

namespace rf::api {
namespace {

constexpr std::int64_t kSecretsBytesMax = 1 << 16;

}  // namespace

Result<JsonObject> read_secrets(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::perms perms = fs::status(path, error).permissions();
  if (error) return fail(ErrorCode::not_found, fmt::format("{}: no such file", path));
  const fs::perms others = fs::perms::group_all | fs::perms::others_all;
  if ((perms & others) != fs::perms::none)
    return fail(ErrorCode::denied,
                fmt::format("{}: others can read it; say 'chmod 600 {}' first", path, path));
  const std::string text = RF_TRY(read_file(path, kSecretsBytesMax));
  Result<Json> json = parse_toml(text);
  if (!json || !json->is_object())
    return fail(ErrorCode::invalid, fmt::format("{}: not TOML of the form name = \"value\"", path));
  for (const auto& member : json->get_object()) {
    if (!member.value().is_string())
      return fail(
          ErrorCode::invalid,
          fmt::format("{}: holds a name that no platform has, or a value that is no text", path));
  }
  return std::move(json->get_object());
}

}  // namespace rf::api
