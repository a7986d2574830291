// Any mapping, and under it any table: the two are parted by a line of three dashes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/import/fuzz_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = text.find("\n---\n");
  auto mapping = rf::imports::parse_mapping(text.substr(0, cut));
  if (!mapping || cut == std::string_view::npos) return 0;
  const std::string table(text.substr(cut + 5));
  rf::imports::read_whole([&] { return rf::imports::open_delimited(rf::imports::bytes_of(table)); },
                          *mapping);
  return 0;
}
