#include "store/import/columns.h"

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/import/text.h"

namespace rf::imports {
namespace {

TEST(FindColumn, IgnoresCaseSpacesAndQuotes) {
  for (const char* header :
       {"Nom de l’ensemble de publicités", "NOM DE L'ENSEMBLE DE PUBLICITÉS",
        "  nom  de l’ensemble de publicités ", "\"nom de l'ensemble de publicités\""}) {
    auto found = find_column(Platform::meta, header);
    ASSERT_TRUE(found) << header;
    EXPECT_EQ(found->alias->canonical, "adset_name");
  }
}

TEST(FindColumn, TakesTheCurrencyFromTheHeader) {
  EXPECT_EQ(find_column(Platform::meta, "Amount spent (EGP)")->currency, "EGP");
  EXPECT_EQ(find_column(Platform::meta, "消化金額（JPY）")->currency, "JPY");
  EXPECT_EQ(find_column(Platform::meta, "Amount spent")->currency, "");
  EXPECT_EQ(find_column(Platform::meta, "CPC (all)")->alias->canonical, "cpc_all");
  EXPECT_FALSE(find_column(Platform::meta, "Amount of love (USD)"));
}

TEST(FindColumn, KnowsEveryHeaderOfItsOwnTables) {
  for (auto table : {aliases_seen_in_files(), aliases_from_screens()}) {
    for (const ColumnAlias& alias : table) {
      auto found = find_column(alias.platform, alias.header);
      ASSERT_TRUE(found) << alias.header;
      EXPECT_EQ(fold_header(found->alias->header), fold_header(alias.header));
    }
  }
}

TEST(FindColumn, KnowsEveryHeaderOfTheResearch) {
  // One thread here. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* root = std::getenv("RF_SOURCE_DIR");
  std::ifstream in(std::string(root == nullptr ? "." : root) +
                   "/../shared/spec/column_aliases.tsv");
  if (!in) GTEST_SKIP() << "the list is not here";
  std::string line;
  std::getline(in, line);
  int rows = 0;
  while (std::getline(in, line)) {
    const std::size_t a = line.find('\t');
    const std::size_t b = line.find('\t', a + 1);
    const std::size_t c = line.find('\t', b + 1);
    const std::string platform = line.substr(0, a);
    const std::string canonical = line.substr(a + 1, b - a - 1);
    std::string header = line.substr(b + 1, c - b - 1);
    if (std::size_t at = header.find("<CUR>"); at != std::string::npos)
      header.replace(at, 5, "EUR");
    auto found = find_column(platform == "meta"     ? Platform::meta
                             : platform == "tiktok" ? Platform::tiktok
                                                    : Platform::google,
                             header);
    ASSERT_TRUE(found) << platform << " " << header;
    EXPECT_EQ(found->alias->canonical, canonical) << platform << " " << header;
    ++rows;
  }
  EXPECT_EQ(rows, 470);
}

TEST(IsConversion, CountsWhatIsWorthMoney) {
  for (const char* indicator :
       {"actions:lead", "actions:offsite_conversion.fb_pixel_purchase", "Website Purchase",
        "conversions:offsite_conversion.fb_pixel_custom.Trial", "Purchase"}) {
    EXPECT_TRUE(is_conversion(indicator)) << indicator;
  }
  for (const char* indicator :
       {"profile_visit_view", "reach", "Link clicks", "actions:link_click", "Reach", "",
        "actions:video_view", "ThruPlays", "actions:post_engagement", "Landing page views",
        "actions:offsite_conversion.fb_pixel_view_content"}) {
    EXPECT_FALSE(is_conversion(indicator)) << indicator;
  }
}

}  // namespace
}  // namespace rf::imports
