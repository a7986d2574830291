// A memory's bytes from anywhere: they are refused, or what they hold is found again and gives the
// same bytes. The checksum is set right first: nothing would get past it otherwise.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/sha256.h"
#include "learn/memory.h"

namespace rf::learn {
namespace {

void read_and_recall(std::string_view body) {
  (void)Memory::from_bytes(body);
  const std::string bytes = std::string(body) + sha256_hex(body);
  const Result<Memory> memory = Memory::from_bytes(bytes);
  if (!memory) return;
  RF_CHECK(memory->to_bytes() == bytes);
  const std::vector<float> query(memory->dims(), 0.5F);
  RF_CHECK(memory->recall(query, memory->size() + 1, {}).size() <= memory->size());
}

}  // namespace
}  // namespace rf::learn

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rf::learn::read_and_recall({reinterpret_cast<const char*>(data), size});
  return 0;
}
