// Any bytes as a workbook: what is a ZIP archive as it stands, anything else as a workbook's sheet.

#include <cstddef>
#include <cstdint>
#include <string>

#include "store/import/fuzz_table.h"
#include "store/import/made_workbook.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  if (!bytes.starts_with("PK")) bytes = rf::imports::workbook(bytes);
  rf::imports::read_whole([&] { return rf::imports::open_workbook_bytes(bytes); }, {});
  return 0;
}
