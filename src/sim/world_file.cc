#include "sim/world_file.h"

#include "base/file.h"
#include "base/json.h"

namespace rf::sim {
namespace {

constexpr std::int64_t kBytesMax = 1 << 20;

}  // namespace

Result<WorldSpec> read_world_file(const std::string& path) {
  std::string text = RF_TRY(read_file(path, kBytesMax));
  Result<Json> json = path.ends_with(".json") ? parse_json(text) : parse_toml(text);
  if (!json) return std::move(json).error().with(path);
  Result<WorldSpec> spec = from_json<WorldSpec>(*json, "world");
  if (!spec) return std::move(spec).error().with(path);
  return spec;
}

}  // namespace rf::sim
