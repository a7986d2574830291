#include "mcp/pages.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace rf::mcp {
namespace {

class Cutter {
 public:
  explicit Cutter(const Page& page) : page_(page) {}

  void cut(Json& value, const std::string& path) {
    if (JsonObject* object = value.if_object()) {
      for (auto& member : *object) {
        const std::string name(member.key());
        cut(member.value(), path.empty() ? name : fmt::format("{}.{}", path, name));
      }
    } else if (JsonArray* array = value.if_array()) {
      cut_list(*array, path);
    }
  }

  JsonObject parts;

 private:
  // Lists inside of a list's items share one path, "rows[].sources": the longest speaks for all.
  void cut_list(JsonArray& array, const std::string& path) {
    const auto items = static_cast<std::int64_t>(array.size());
    if (items > page_.size) {
      const std::int64_t pages = (items + page_.size - 1) / page_.size;
      const Json* known = parts.if_contains(path);
      if (known == nullptr || known->at("items").get_int64() < items) {
        parts[path] = JsonObject{{"items", items}, {"page", page_.number}, {"pages", pages}};
      }
      const std::int64_t begin = page_.number > pages ? items : (page_.number - 1) * page_.size;
      const std::int64_t end = std::min(items, begin + page_.size);
      array = JsonArray(array.begin() + begin, array.begin() + end);
    }
    for (Json& item : array) cut(item, path + "[]");
  }

  Page page_;
};

}  // namespace

Paged page_of(Json value, const Page& page) {
  RF_CHECK(page.number >= 1 && page.size >= 1);
  Cutter cutter(page);
  cutter.cut(value, "");
  return {std::move(value), std::move(cutter.parts)};
}

}  // namespace rf::mcp
