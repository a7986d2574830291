#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/operations.h"
#include "api/sandbox.h"
#include "store/sqlite.h"

namespace rf::api {
namespace {

class DemoTest : public testing::Test {
 protected:
  Result<DemoOutput> run(const DemoInput& input) {
    Services services("", open_sqlite, clock_, progress_);
    return demo(input, services);
  }

  SystemClock clock_;
  NoProgress progress_;
};

TEST_F(DemoTest, EveryExportEqualsItsOwnTotalAndTheSecondRestatesTheFirst) {
  DemoOutput output = run({}).value();
  ASSERT_EQ(output.imports.size(), 6U);
  for (const FileReport& file : output.imports) {
    ASSERT_TRUE(file.file_total) << file.file;
    EXPECT_TRUE(file.file_total->equal) << file.file;
  }
  for (std::size_t i = 3; i < 6; ++i) EXPECT_GT(output.imports[i].restated, 0);
  EXPECT_EQ(output.report.rows_in_all, output.turn.plan.items.size());
}

// The policies promise that an ad which deserves no kill is killed with probability 0.05 at most;
// unsound judgements beyond that, over all worlds, would mean that they do not hold.
TEST_F(DemoTest, TheTruthContradictsFewJudgementsInAnyWorld) {
  std::size_t judged = 0;
  std::int64_t unsound = 0;
  std::size_t losers = 0;
  std::size_t losers_stopped = 0;
  for (std::int64_t seed = 1; seed <= 12; ++seed) {
    DemoOutput output = run({.seed = seed}).value();
    judged += output.truth.size();
    unsound += output.unsound;
    for (const TruthRow& row : output.truth) {
      if (row.truth != "loser") continue;
      ++losers;
      if (row.verdict == "kill" || row.verdict == "decrease_budget") ++losers_stopped;
    }
  }
  RecordProperty("judged", static_cast<int>(judged));
  RecordProperty("unsound", static_cast<int>(unsound));
  std::printf("judged %zu, unsound %ld, losers stopped %zu of %zu\n", judged, unsound,
              losers_stopped, losers);
  EXPECT_LE(static_cast<double>(unsound), 0.05 * static_cast<double>(judged));
  EXPECT_GE(static_cast<double>(losers_stopped), 0.5 * static_cast<double>(losers));
}

TEST_F(DemoTest, TheSameSeedGivesTheSameJudgements) {
  DemoOutput first = run({.seed = 5}).value();
  DemoOutput second = run({.seed = 5}).value();
  EXPECT_EQ(first.turn.plan.hash, second.turn.plan.hash);
}

TEST(Operations, NamesAreUniqueAndEveryFieldOfEveryInputHasHelp) {
  std::set<std::string_view> names;
  for (const Operation& operation : operations()) {
    EXPECT_TRUE(names.insert(operation.name).second) << operation.name;
    EXPECT_FALSE(operation.help.empty());
    EXPECT_TRUE(operation.example.starts_with(operation.name)) << operation.name;
    for (const InputField& field : operation.inputs) {
      EXPECT_FALSE(field.help.empty()) << operation.name << ' ' << field.name;
    }
  }
}

TEST(Operations, EveryInputRefusesAFieldItDoesNotKnow) {
  SystemClock clock;
  NoProgress progress;
  Services services("", open_sqlite, clock, progress);
  for (const Operation& operation : operations()) {
    Result<Json> output = operation.run(JsonObject{{"nonsense", 1}}, services);
    ASSERT_FALSE(output) << operation.name;
    EXPECT_EQ(output.error().code, ErrorCode::invalid);
    EXPECT_THAT(output.error().message, testing::HasSubstr("input.nonsense: unknown field"));
  }
}

}  // namespace
}  // namespace rf::api
