// The libraries that are linked in, with the versions that really run.

#pragma once

#include <string>
#include <tuple>
#include <vector>

#include "base/described.h"

namespace rf {

struct LibraryVersion {
  std::string name;
  std::string version;
};

template <>
struct Described<LibraryVersion> {
  static constexpr auto fields =
      std::tuple{field("name", &LibraryVersion::name, "the library"),
                 field("version", &LibraryVersion::version, "as linked")};
};

// Those that base/ uses; each room with libraries of its own has a list of its own.
std::vector<LibraryVersion> base_libraries();

}  // namespace rf
