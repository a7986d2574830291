#include "store/import/mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rf::imports {
namespace {

using testing::HasSubstr;

std::string message(const char* toml) {
  Result<Mapping> mapping = parse_mapping(toml);
  return mapping ? "" : mapping.error().message;
}

TEST(Mapping, SaysWhichPartIsWrong) {
  EXPECT_THAT(message("level = 'film'\n[columns]\nday = 'd'\nad_id = 'i'\nspend = 's'"),
              HasSubstr("mapping.level: 'film'"));
  EXPECT_THAT(message("[columns]\nad_id = 'i'\nspend = 's'"), HasSubstr("mapping.columns.day"));
  EXPECT_THAT(message("[columns]\nday = 'd'\nspend = 's'"), HasSubstr("needs ad_id or ad_name"));
  EXPECT_THAT(message("[columns]\nday = 'd'\nad_id = 'i'"), HasSubstr("names no metric"));
  EXPECT_THAT(message("[columns]\nday = 'd'\nad_id = 'i'\nspnd = 's'"),
              HasSubstr("mapping.columns.spnd"));
  EXPECT_THAT(message("[columns]\nday = 1"), HasSubstr("mapping.columns.day"));
  EXPECT_THAT(message("columns = 3"), HasSubstr("mapping.columns"));
  EXPECT_THAT(message("colums = {}"), HasSubstr("colums"));
  EXPECT_THAT(message("currency = 'EURO'\n[columns]\nday = 'd'\nad_id = 'i'\nspend = 's'"),
              HasSubstr("EURO"));
  EXPECT_THAT(message("[columns]\nWährung = 'd'"), HasSubstr("mapping.columns.Währung"));
}

TEST(Mapping, OfKagIsSound) {
  EXPECT_EQ(kag_mapping().columns.at("conversions"), "Total_Conversion");
  EXPECT_EQ(kag_mapping().grain, "total");
}

}  // namespace
}  // namespace rf::imports
