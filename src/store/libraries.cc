#include "store/libraries.h"

#include <expat.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unicode/uversion.h>
#include <zip.h>

namespace rf {

std::vector<LibraryVersion> store_libraries() {
  XML_Expat_Version expat = XML_ExpatVersionInfo();
  return {{"expat", fmt::format("{}.{}.{}", expat.major, expat.minor, expat.micro)},
          {"icu", U_ICU_VERSION},
          {"libzip", zip_libzip_version()},
          {"sqlite", sqlite3_libversion()}};
}

}  // namespace rf
