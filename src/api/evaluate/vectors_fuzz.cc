// A file of vectors from anywhere: it is refused, or it holds whole vectors of finite numbers.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "api/evaluate/vectors.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto file = rf::api::parse_vectors("it", bytes);
  if (!file) return 0;
  RF_CHECK(file->dims > 0 && !file->values.empty() && file->values.size() % file->dims == 0);
  RF_CHECK(std::ranges::all_of(file->values, [](float value) { return std::isfinite(value); }));
  return 0;
}
