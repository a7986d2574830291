#include "mcp/pages.h"

#include <string>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::mcp {
namespace {

JsonArray numbers(std::int64_t count) {
  JsonArray list;
  for (std::int64_t i = 0; i < count; ++i) list.push_back(Json(i));
  return list;
}

TEST(Pages, PutTogetherAreTheList) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(seed);
    Rng rng(seed);
    const auto items = static_cast<std::int64_t>(rng.below(200));
    const auto size = static_cast<std::int64_t>(1 + rng.below(30));
    const Json whole = JsonObject{{"rows", numbers(items)}, {"left", "as it is"}};
    JsonArray together;
    const std::int64_t pages = std::max<std::int64_t>(1, (items + size - 1) / size);
    for (std::int64_t page = 1; page <= pages; ++page) {
      const Paged paged = page_of(whole, {.number = page, .size = size});
      EXPECT_EQ(paged.value.at("left"), Json("as it is"));
      EXPECT_EQ(paged.parts.empty(), items <= size);
      if (!paged.parts.empty()) {
        EXPECT_EQ(paged.parts.at("rows").at("pages").get_int64(), pages);
        EXPECT_EQ(paged.parts.at("rows").at("items").get_int64(), items);
      }
      for (const Json& item : paged.value.at("rows").as_array()) together.push_back(item);
    }
    EXPECT_EQ(together, numbers(items));
  }
}

TEST(Pages, AreOfEveryLongListWhereverItStands) {
  JsonArray rows;
  rows.push_back(JsonObject{{"days", numbers(3)}});
  rows.push_back(JsonObject{{"days", numbers(9)}});
  const Json whole = JsonObject{{"deep", JsonObject{{"rows", rows}}}};
  const Paged paged = page_of(whole, {.number = 2, .size = 4});
  const auto& cut = paged.value.at("deep").at("rows").as_array();
  EXPECT_EQ(cut.at(0).at("days"), Json(numbers(3)));  // Short, so whole on every page.
  EXPECT_EQ(cut.at(1).at("days").as_array().at(0), Json(4));
  EXPECT_EQ(paged.parts.at("deep.rows[].days").at("items").get_int64(), 9);
}

TEST(Pages, BehindTheLastAreEmpty) {
  const Json whole = JsonObject{{"rows", numbers(10)}};
  EXPECT_TRUE(page_of(whole, {.number = 3, .size = 5}).value.at("rows").as_array().empty());
  EXPECT_TRUE(page_of(whole, {.number = 1'000'000, .size = 5}).value.at("rows").as_array().empty());
}

}  // namespace
}  // namespace rf::mcp
