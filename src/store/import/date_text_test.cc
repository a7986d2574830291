#include "store/import/date_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rf::imports {
namespace {

using Kind = DateReading::Kind;
using testing::HasSubstr;

std::string read(const char* text, DateOrder order = DateOrder::month_first) {
  DateReading reading = parse_date(text, order);
  if (reading.kind == Kind::none) return "none";
  if (reading.kind == Kind::bad) return std::string(reading.reason);
  return to_iso(reading.day);
}

TEST(ParseDate, ReadsEveryFormThatExportsHave) {
  for (const char* text :
       {"2026-03-01", "2026/3/1", "20260301", "01.03.2026", "1.3.26", "Mar 1, 2026",
        "March 1, 2026", "1 Mar 2026", "2026-03-01 00:00:00", "2026-03-01T00:00:00Z",
        "2026年3月1日", "3/1/2026", "03-01-2026", " 2026-03-01 ", "2026. 3. 1."}) {
    EXPECT_EQ(read(text), "2026-03-01") << text;
  }
  EXPECT_EQ(read("01/03/2026", DateOrder::day_first), "2026-03-01");
  EXPECT_EQ(read("Nov 20, 2025"), "2025-11-20");
}

TEST(ParseDate, TakesSubtotalsForNoDay) {
  for (const char* text : {"", "All", "all", "--"}) EXPECT_EQ(read(text), "none") << text;
}

TEST(ParseDate, RefusesDaysThatDoNotExist) {
  for (const char* text : {"2026-02-31", "31 Feb 2026", "2025-02-29", "2026-13-01", "2026-04-31"}) {
    EXPECT_EQ(read(text), "this day does not exist") << text;
  }
}

TEST(ParseDate, RefusesWhatIsNoDay) {
  for (const char* text : {"yesterday", "2026", "2026-03", "2026-03-01 14:00", "1/2/3/4", "12:00",
                           "45992", "3/1/202", "99999999999999"}) {
    EXPECT_EQ(read(text), "not a date") << text;
  }
}

TEST(DateSurvey, OneValueAboveTwelveDecidesForAll) {
  DateSurvey day;
  day.see("03/04/2026", 2);
  day.see("13/04/2026", 3);
  EXPECT_EQ(*day.decide(), DateOrder::day_first);
  DateSurvey month;
  month.see("03/04/2026", 2);
  month.see("04/13/2026", 3);
  EXPECT_EQ(*month.decide(), DateOrder::month_first);
}

TEST(DateSurvey, RefusesWhatNothingDecides) {
  DateSurvey survey;
  survey.see("05/05/2026", 2);
  survey.see("03/04/2026", 3);
  EXPECT_THAT(survey.decide().error().message, HasSubstr("'03/04/2026' (line 3)"));
  DateSurvey both;
  both.see("13/04/2026", 2);
  both.see("04/13/2026", 3);
  EXPECT_FALSE(both.decide());
}

TEST(DateSurvey, AsksNothingOfDatesThatAreClear) {
  DateSurvey survey;
  for (const char* text : {"2026-03-04", "04.03.2026", "Mar 4, 2026", "05/05/2026", ""}) {
    survey.see(text, 2);
  }
  EXPECT_TRUE(survey.decide());
}

}  // namespace
}  // namespace rf::imports
