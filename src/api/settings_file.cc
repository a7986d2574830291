#include "api/settings_file.h"

#include <cstdint>

#include "base/file.h"

namespace rf::api {
namespace {

// A settings file as large as this is not one.
constexpr std::int64_t kFileBytesMax = 1 << 20;

}  // namespace

Result<Json> settings_in(const std::string& path) {
  std::string text = RF_TRY(read_file(path, kFileBytesMax));
  std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string::npos && text[first] == '{';
  Result<Json> json = is_json ? parse_json(text) : parse_toml(text);
  if (!json) return std::move(json).error().with(path);
  return json;
}

}  // namespace rf::api
