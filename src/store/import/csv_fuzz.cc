// Any bytes as CSV.

#include <cstddef>
#include <cstdint>
#include <string>

#include "store/import/fuzz_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  rf::imports::read_whole([&] { return rf::imports::open_delimited(rf::imports::bytes_of(bytes)); },
                          {});
  return 0;
}
