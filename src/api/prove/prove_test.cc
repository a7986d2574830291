// The proof, a few days long. The long one: reelforge sandbox prove --days 60.

#include "api/prove/prove.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite.h"

namespace rf::api {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class Prove : public testing::Test {
 protected:
  SystemClock clock_;
  NoProgress progress_;
  Services services_{"", open_sqlite, clock_, progress_};
};

TEST_F(Prove, WhileATenthOfCallsFailTheStoreEqualsTheWorldsBooks) {
  const auto proved = sandbox_prove({.days = 4}, services_);
  ASSERT_TRUE(proved) << proved.error().message;
  ASSERT_THAT(proved->runs, SizeIs(2));
  for (const ProofRun& run : proved->runs) {
    EXPECT_THAT(run.differences, IsEmpty());
    EXPECT_EQ(run.breaches, 0);
    EXPECT_EQ(run.writes, run.receipts);
    EXPECT_EQ(run.writes_doubled, 0);
    EXPECT_EQ(run.events_kept, run.orders);
    EXPECT_GT(run.events_sent, run.orders);
    EXPECT_GT(run.faults, 0);
    EXPECT_GT(run.rows, 0);
    EXPECT_GT(run.numbers, run.rows);
  }
  EXPECT_EQ(proved->runs[0].fingerprint, proved->runs[1].fingerprint);
  EXPECT_TRUE(proved->holds);
}

TEST_F(Prove, OtherFaultsEndAlike) {
  const auto proved =
      sandbox_prove({.days = 2, .runs = 1, .fault_seed = 9, .skew_minutes = 0}, services_);
  ASSERT_TRUE(proved) << proved.error().message;
  EXPECT_TRUE(proved->holds);
}

}  // namespace
}  // namespace rf::api
