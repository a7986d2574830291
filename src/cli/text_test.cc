#include "cli/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rf::cli {
namespace {

TEST(Text, WidthIsWhatTheEyeCounts) {
  EXPECT_EQ(width_of("abc"), 3U);
  EXPECT_EQ(width_of("für"), 3U);
  EXPECT_EQ(width_of("日本"), 4U);
  EXPECT_EQ(width_of("e\xcc\x81"), 1U);  // With a combining accent.
}

TEST(Text, CutNeverExceedsItsWidthNorSplitsACharacter) {
  EXPECT_EQ(cut("abcdef", 6), "abcdef");
  EXPECT_EQ(cut("abcdefg", 6), "abcde…");
  EXPECT_EQ(cut("日本語です", 6), "日本…");
}

TEST(Text, NamesCannotSteerTheTerminal) {
  EXPECT_THAT(printable("\x1b[2Jad\r\n\x07"), testing::Not(testing::HasSubstr("\x1b")));
  EXPECT_EQ(printable("Sommer ☀ ad"), "Sommer ☀ ad");
  EXPECT_EQ(printable("\xff"), "\xef\xbf\xbd");
}

TEST(Text, NumbersAreGroupedByThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(-213434828), "-213,434,828");
}

TEST(Text, ASparklineScalesToItsLargestValueAndShowsGaps) {
  std::vector<std::optional<double>> values{0, 7, std::nullopt, 14};
  EXPECT_EQ(sparkline(values), "▁▅ █");
}

TEST(Table, AlignsColumnsAndGivesWayOnlyWhereItMay) {
  std::vector<Column> columns{{.title = "ad", .flexible = true}, {.title = "n", .right = true}};
  std::vector<std::vector<Cell>> rows{{{"a rather long name of an advertisement"}, {"5"}},
                                      {{"b"}, {"1,200"}}};
  EXPECT_EQ(table(columns, rows, {.color = false, .width = 36}),
            "ad                                 n\n"
            "─────────────────────────────  ─────\n"
            "a rather long name of an adv…      5\n"
            "b                              1,200\n");
}

}  // namespace
}  // namespace rf::cli
