// Any taxonomy, and any name under it.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "learn/naming.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  const std::string_view name = text.substr(0, line);
  static_cast<void>(rf::learn::dimensions_of(rf::learn::default_taxonomy(), name));
  if (line == std::string_view::npos) return 0;
  auto taxonomy = rf::learn::parse_taxonomy(text.substr(line + 1));
  if (!taxonomy) return 0;
  auto found = rf::learn::dimensions_of(*taxonomy, name);
  RF_CHECK(!found || found->size() <= 64);
  return 0;
}
