#include "learn/matched.h"

#include <gtest/gtest.h>

namespace rf::learn {
namespace {

constexpr Day kMonday{Days(20000)};
constexpr Day kTuesday{Days(20001)};

// Monday: the other ad brought 4 for 100, so 50 promise 2. Tuesday: 1 for 50, so 100 promise 2.
TEST(Match, PromisesWhatTheOthersBroughtForTheSameMoneyOnTheSameDay) {
  const std::vector<std::vector<DayPart>> days{{{kMonday, 50, 1}, {kTuesday, 100, 3}},
                                               {{kMonday, 100, 4}, {kTuesday, 50, 1}}};
  const auto matched = match(days);
  ASSERT_TRUE(matched[0].has_value());
  EXPECT_DOUBLE_EQ(matched[0]->events, 4);
  EXPECT_DOUBLE_EQ(matched[0]->expected, 4);
  EXPECT_DOUBLE_EQ(matched[0]->control_events, 5);
}

TEST(Match, ADayOnWhichNothingWasCountedPromisesNothing) {
  const std::vector<std::vector<DayPart>> days{{{kMonday, 50, 2}, {kTuesday, 500, 0}},
                                               {{kMonday, 50, 2}, {kTuesday, 500, 0}}};
  EXPECT_DOUBLE_EQ(match(days)[0]->expected, 2);
}

TEST(Match, AnAdThatRanAloneIsComparedWithNothing) {
  const std::vector<std::vector<DayPart>> days{{{kMonday, 50, 2}}, {{kTuesday, 50, 2}}, {}};
  for (const auto& each : match(days)) EXPECT_FALSE(each.has_value());
}

}  // namespace
}  // namespace rf::learn
