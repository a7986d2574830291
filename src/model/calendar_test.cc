#include "model/calendar.h"

#include <gtest/gtest.h>

namespace rf {
namespace {

TimeZone zone(const char* name) { return TimeZone::parse(name).value(); }
Instant instant(const char* text) { return parse_instant(text).value(); }
Day day(const char* text) { return parse_day(text).value(); }

TEST(Day, ReadsBackWhatItWrites) {
  EXPECT_EQ(to_iso(day("2024-02-29")), "2024-02-29");
  for (const char* text : {"2023-02-29", "2024-2-9", "2024-02-29T00:00:00Z", "29.02.2024", ""}) {
    EXPECT_FALSE(parse_day(text)) << text;
  }
}

TEST(TimeZone, TheSameInstantIsAnotherDayElsewhere) {
  Instant late = instant("2026-03-01T23:30:00Z");
  EXPECT_EQ(zone("UTC").day_at(late), day("2026-03-01"));
  EXPECT_EQ(zone("Asia/Tokyo").day_at(late), day("2026-03-02"));
  EXPECT_EQ(zone("America/Los_Angeles").day_at(late), day("2026-03-01"));
}

TEST(TimeZone, DaysOfAClockChangeAreShorterOrLonger) {
  TimeZone berlin = zone("Europe/Berlin");
  using std::chrono::hours;
  EXPECT_EQ(berlin.start_of(day("2026-03-30")) - berlin.start_of(day("2026-03-29")), hours(23));
  EXPECT_EQ(berlin.start_of(day("2026-10-26")) - berlin.start_of(day("2026-10-25")), hours(25));
  EXPECT_EQ(berlin.start_of(day("2026-07-02")) - berlin.start_of(day("2026-07-01")), hours(24));
}

TEST(TimeZone, ADayWhoseMidnightIsSkippedStartsAfterTheChange) {
  // Source: IANA, Zone America/Santiago: clocks went from 24:00 on 2025-09-06 to 01:00.
  TimeZone santiago = zone("America/Santiago");
  EXPECT_EQ(santiago.start_of(day("2025-09-07")), instant("2025-09-07T04:00:00Z"));
}

TEST(TimeZone, EveryInstantLiesInTheDayThatItIsSaidToBe) {
  for (const char* name : {"Europe/Berlin", "America/Santiago", "Asia/Kolkata", "Pacific/Apia"}) {
    TimeZone here = zone(name);
    for (Instant at = instant("2025-01-01"); at < instant("2027-01-01");
         at += std::chrono::hours(7)) {
      Day today = here.day_at(at);
      EXPECT_LE(here.start_of(today), at) << name << ' ' << to_rfc3339(at);
      EXPECT_GT(here.start_of(today + Days(1)), at) << name << ' ' << to_rfc3339(at);
    }
  }
}

TEST(TimeZone, AnUnknownOneIsAnError) {
  EXPECT_FALSE(TimeZone::parse("Berlin"));
  EXPECT_FALSE(TimeZone::parse(""));
}

}  // namespace
}  // namespace rf
