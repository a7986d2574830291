#include "learn/naming.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rf::learn {
namespace {

using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(Naming, SplitsANameIntoItsDimensions) {
  auto found = dimensions_of(default_taxonomy(),
                             "20260301_summer_price_parents_cold_ugc_question_mia_15s_9x16_v2");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->at("concept"), "summer");
  EXPECT_EQ(found->at("length"), "15s");
  EXPECT_EQ(found->at("version"), "v2");
  EXPECT_EQ(found->size(), 11U);
}

TEST(Naming, LeavesOutWhatMayBeMissing) {
  auto found = dimensions_of(default_taxonomy(),
                             "20260301_summer_price_parents_cold_ugc_question_mia_15s_9x16");
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->contains("version"));
}

TEST(Naming, ReadsASpaceWhereThePatternWritesAPlus) {
  auto found = dimensions_of(default_taxonomy(), "Spring+sale_video_shoe_a1_Stop+now_short_Buy");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->at("theme"), "Spring sale");
  EXPECT_EQ(found->at("hook"), "Stop now");
}

TEST(Naming, KnowsNoDimensionsWhereANameFitsNoPattern) {
  for (const char* name : {"", "summer video", "a_b_c", "notadate_b_c_d_e_f_g_h_15s_9x16_v2",
                           "a_b_c_d_e_f_g_h", "a__c_d_e_f_g"}) {
    EXPECT_FALSE(dimensions_of(default_taxonomy(), name)) << name;
  }
  EXPECT_FALSE(dimensions_of(default_taxonomy(), std::string(5000, '_')));
}

TEST(Naming, TakesOnlyTheValuesThatAreAllowed) {
  auto taxonomy = parse_taxonomy(R"(
[[patterns]]
separator = " | "
tokens = ["channel", "-", "offer"]
values = { channel = ["Feed", "Reels"] }
)");
  ASSERT_TRUE(taxonomy) << taxonomy.error().message;
  auto found = dimensions_of(*taxonomy, "reels | anything | half price");
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, UnorderedElementsAre(Pair("channel", "reels"), Pair("offer", "half price")));
  EXPECT_FALSE(dimensions_of(*taxonomy, "stories | anything | half price"));
}

TEST(Naming, SaysWhichPartOfATaxonomyIsWrong) {
  const auto message = [](const char* toml) { return parse_taxonomy(toml).error().message; };
  EXPECT_THAT(message("[[patterns]]\ntokens = []"), HasSubstr("taxonomy.patterns[0].tokens"));
  EXPECT_THAT(message("[[patterns]]\ntokens = ['a', 'a']"), HasSubstr("'a'"));
  EXPECT_THAT(message("[[patterns]]\ntokens = ['a?', 'b']"), HasSubstr("must be optional too"));
  EXPECT_THAT(message("[[patterns]]\ntokens = ['a']\nseparator = ''"), HasSubstr("separator"));
  EXPECT_THAT(message("[[patterns]]\ntokens = ['a']\nvalues = { b = ['x'] }"),
              HasSubstr("values.b"));
  EXPECT_THAT(message("[[patterns]]\ntoken = ['a']"), HasSubstr("token"));
}

TEST(Naming, WeighsUnnamedAdsByTheirSpend) {
  const std::array<NamedSpend, 3> spend{{{"a_b_c_d_e_f_g", 75}, {"no idea", 20}, {"", 5}}};
  EXPECT_DOUBLE_EQ(*unnamed_share(default_taxonomy(), spend), 0.25);
  EXPECT_FALSE(unnamed_share(default_taxonomy(), {}));
}

}  // namespace
}  // namespace rf::learn
