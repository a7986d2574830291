// Any bytes as tab-separated UTF-16, of either byte order.

#include <cstddef>
#include <cstdint>
#include <string>

#include "store/import/fuzz_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  for (const char* mark : {"\xFF\xFE", "\xFE\xFF"}) {
    const std::string bytes = mark + body;
    rf::imports::read_whole(
        [&] { return rf::imports::open_delimited(rf::imports::bytes_of(bytes)); }, {});
  }
  return 0;
}
