// How one row of a report falls into parts: ages, genders, places. The same parts on every
// platform.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/platform/sandbox.h"

namespace rf::sim {

// One row of a report before it is written: the counts of one thing, or of a part of it.
struct PartRow {
  ReportedRow row;
  std::vector<std::pair<std::string, std::string>> parts;  // "age" "25-34".
};

struct Part {
  std::string_view value;
  double share;
};

// Splits each row into its parts, named `name` in the row; every additive count's parts sum to the
// whole. Parts that were shown to nobody are left out.
// REQUIRES: the parts' shares sum to 1.
void split_into(std::vector<PartRow>& rows, std::string_view name, std::span<const Part> parts);

}  // namespace rf::sim
