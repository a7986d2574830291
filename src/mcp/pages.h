// Long lists in small parts, so that an answer fits into what a model can read.

#pragma once

#include <cstdint>

#include "base/json.h"

namespace rf::mcp {

struct Page {
  std::int64_t number = 1;
  std::int64_t size = 25;
};

struct Paged {
  Json value;
  // What is not whole: "rows" -> {"items": 80, "page": 1, "pages": 4}. Empty when everything is.
  JsonObject parts;
};

// `value` with every list of more than `page.size` items, wherever it stands, reduced to its
// `page.number`-th part. Put together, the parts of a list are the list.
// REQUIRES: page.number >= 1, page.size >= 1.
Paged page_of(Json value, const Page& page);

}  // namespace rf::mcp
