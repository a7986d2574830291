#include "api/evaluate/loop.h"

#include <fstream>

#include <gtest/gtest.h>

#include "api/evaluate/arena.h"
#include "store/sqlite.h"

namespace rf::api {
namespace {

class EvaluateLoop : public testing::Test {
 protected:
  std::string write(std::string_view text) {
    std::string path = testing::TempDir() +
                       testing::UnitTest::GetInstance()->current_test_info()->name() + ".toml";
    std::ofstream(path) << text;
    return path;
  }

  ManualClock clock_{Instant{}};
  NoProgress progress_;
  Services services_{"", open_sqlite, clock_, progress_};
};

constexpr std::string_view kSmall = R"(
seed = 5
[[accounts]]
concepts = 4
ads_per_concept = 2
[[outages]]
after_days = 10
days = 2
)";

TEST_F(EvaluateLoop, GivesTheSameNumbersForTheSameSeeds) {
  EvaluateLoopInput input{.world = write(kSmall), .days = 21, .seeds = 2};
  EvaluateLoopOutput once = evaluate_loop(input, services_).value();
  EvaluateLoopOutput again = evaluate_loop(input, services_).value();
  EXPECT_EQ(to_text(to_json(once)), to_text(to_json(again)));
  ASSERT_EQ(once.policies.size(), 4U);
  EXPECT_EQ(once.policies.back().name, "reelforge");
  EXPECT_EQ(once.policies.front().outages, 2);
}

TEST_F(EvaluateLoop, HandsOffMeansThatNothingIsPausedAndNothingIsOverspent) {
  sim::WorldSpec spec{.seed = 9, .days = 30, .accounts = {{.concepts = 4}}};
  ArenaRun run = run_in_arena(spec, 30, Way::even, services_).value();
  EXPECT_EQ(run.healthy_killed + run.losers_stopped + run.outage_pauses + run.cap_breaches, 0);
  EXPECT_GT(run.losers, 0);
  EXPECT_GT(run.value, 0);
}

TEST_F(EvaluateLoop, TheLoopSpendsWithinTheBudgetsItWasGiven) {
  for (std::int64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    sim::WorldSpec spec{.seed = seed, .days = 40, .accounts = {{.concepts = 4}}};
    ArenaRun run = run_in_arena(spec, 40, Way::reelforge, services_).value();
    EXPECT_EQ(run.cap_breaches, 0);
  }
}

TEST_F(EvaluateLoop, NamesThePlaceInAWorldThatIsWrong) {
  EvaluateLoopInput input{.world = write("seed = 5\noverdispersion = 0\n"), .days = 7, .seeds = 1};
  Error error = evaluate_loop(input, services_).error();
  EXPECT_EQ(error.code, ErrorCode::invalid);
  EXPECT_NE(error.message.find("world.overdispersion"), std::string::npos) << error.message;
}

TEST_F(EvaluateLoop, RefusesToAddUpCurrencies) {
  sim::WorldSpec spec{.days = 7};
  EXPECT_EQ(run_in_arena(spec, 7, Way::even, services_).error().code, ErrorCode::invalid);
}

}  // namespace
}  // namespace rf::api
