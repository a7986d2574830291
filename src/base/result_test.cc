#include "base/result.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rf {
namespace {

Result<int> half_of(int number) {
  if (number % 2 != 0) return fail(ErrorCode::invalid, "found an odd number, expected an even one");
  return number / 2;
}

Result<int> quarter_of(int number) {
  int half = RF_TRY(half_of(number));
  return half_of(half);
}

TEST(Result, TryGoesOnWithTheValueAndLeavesWithTheError) {
  EXPECT_EQ(quarter_of(12).value(), 3);
  EXPECT_EQ(quarter_of(6).error().message, "found an odd number, expected an even one");
}

TEST(Result, ContextIsPutBeforeTheMessageFromTheOutside) {
  EXPECT_EQ(fail(ErrorCode::corrupt, "no header").with("a.csv").with("import").message,
            "import: a.csv: no header");
}

TEST(ErrorTable, EveryCodeHasItsOwnNameAndExitStatusAndNoneIsZero) {
  std::set<std::string_view> names;
  std::set<int> statuses;
  for (int i = 0; i < 10; ++i) {
    const ErrorCodeRow& row = row_of(static_cast<ErrorCode>(i));
    names.insert(row.name);
    statuses.insert(row.exit_status);
    EXPECT_GE(row.http_status, 400);
  }
  EXPECT_EQ(names.size(), 10U);
  EXPECT_EQ(statuses.size(), 10U);
  EXPECT_FALSE(statuses.contains(0));
}

TEST(ErrorTable, OnlyWaitingHelpsWhatMayBeRetried) {
  EXPECT_TRUE(row_of(ErrorCode::throttled).retry);
  EXPECT_TRUE(row_of(ErrorCode::unavailable).retry);
  // A write that may have happened must be read back first, never simply sent again.
  EXPECT_FALSE(row_of(ErrorCode::outcome_unknown).retry);
}

TEST(ResultDeathTest, AskingForAValueThatIsNotThereEndsTheProcess) {
  EXPECT_DEATH(static_cast<void>(half_of(1).value()), "this is a bug in reelforge");
}

}  // namespace
}  // namespace rf
