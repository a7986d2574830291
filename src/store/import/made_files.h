// Export files made up for tests.

#pragma once

#include <atomic>
#include <fstream>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "store/import/made_workbook.h"

namespace rf::imports {

// A file in the test's own folder.
inline std::string made_file(const std::string& bytes, std::string_view extension = "csv") {
  static std::atomic<int> count = 0;
  std::string path =
      fmt::format("{}rf_import_{}_{}.{}", testing::TempDir(), getpid(), ++count, extension);
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

// UTF-16LE with its mark, as "Excel CSV" is.
inline std::string utf16(std::string_view latin1) {
  std::string out = "\xFF\xFE";
  for (char c : latin1) {
    out += c;
    out += '\0';
  }
  return out;
}

}  // namespace rf::imports
