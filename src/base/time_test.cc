#include "base/time.h"

#include <gtest/gtest.h>

namespace rf {
namespace {

TEST(Time, ReadsBackWhatItWrites) {
  for (const char* text : {"1970-01-01T00:00:00Z", "2026-11-21T07:50:09Z", "1969-12-31T23:59:59Z",
                           "2024-02-29T12:00:00.000001Z"}) {
    EXPECT_EQ(to_rfc3339(parse_instant(text).value()), text);
  }
}

TEST(Time, OffsetsAreTakenAway) {
  EXPECT_EQ(parse_instant("2026-03-01T02:30:00+02:30").value(),
            parse_instant("2026-03-01").value());
  EXPECT_EQ(parse_instant("2026-02-28T18:30:00-05:30").value(),
            parse_instant("2026-03-01T00:00:00Z").value());
}

TEST(Time, WhatIsNoTimeIsRefusedByName) {
  for (const char* text : {"", "2026", "2026-13-01", "2026-02-30", "2026-03-01T25:00:00Z",
                           "2026-03-01T10:00:00", "2026-03-01T10:00:00.Z", "yesterday"}) {
    Result<Instant> instant = parse_instant(text);
    ASSERT_FALSE(instant) << text;
    EXPECT_EQ(instant.error().code, ErrorCode::invalid);
    EXPECT_NE(instant.error().message.find(text), std::string::npos);
  }
}

TEST(ManualClock, StandsStillUntilItIsMoved) {
  ManualClock clock(parse_instant("2026-03-01").value());
  EXPECT_EQ(clock.now(), clock.now());
  clock.advance(std::chrono::hours(25));
  EXPECT_EQ(to_rfc3339(clock.now()), "2026-03-02T01:00:00Z");
}

}  // namespace
}  // namespace rf
