#include "learn/bandit_trial.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

// The earlier tests of the Upworthy archive: none where the data is absent.
// Source: Matias et al. 2021, doi:10.1038/s41597-021-00934-7.
std::vector<BanditTest> upworthy_train_tests() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* root = std::getenv("RF_SOURCE_DIR");
  std::vector<BanditTest> tests;
  for (const std::string& beside : {root == nullptr ? ".." : std::string(root) + "/..",
                                    std::string(root == nullptr ? "." : root) + "/../.."}) {
    std::ifstream file(beside + "/shared/data/upworthy/train_arms.csv");
    std::string line;
    std::string last;
    std::getline(file, line);
    while (std::getline(file, line)) {
      std::istringstream cells(line);
      std::string name;
      RateCount arm;
      char comma = 0;
      std::getline(cells, name, ',');
      cells >> arm.trials >> comma >> arm.successes;
      if (name != last) tests.emplace_back();
      last = name;
      tests.back().arms.push_back(arm);
    }
    if (!tests.empty()) break;
  }
  return tests;
}

// What a policy gains over uniform, and what could be gained.
struct Gain {
  double gained = 0;
  double available = 0;

  double capture() const { return gained / available; }
};

struct Column {
  const char* name;
  std::int64_t horizon;  // 0: replay.
  std::int64_t batch;
  bool reverse;
};

constexpr Column kReplay{"replay", 0, 100, false};
constexpr Column kShort{"10k", 10000, 250, false};
constexpr Column kLong{"50k", 50000, 1000, false};
constexpr Column kDrift{"drift", 50000, 1000, true};

BanditWorld world_of(const Column& column, const BanditTest& test, double strength) {
  if (column.horizon == 0) return replay_world(test.arms, 1000000, column.batch);
  BanditWorld world = bernoulli_world(test.arms, strength, column.horizon, column.batch);
  if (column.reverse) world.reverse_at = column.horizon / 2;
  return world;
}

// Every fourth of the later tests, with a prior from the earlier ones.
std::map<std::string, Gain> gains(const Column& column) {
  const std::vector<BanditTest> tests = upworthy_train_tests();
  const std::vector<BanditTest> earlier(
      tests.begin(), tests.begin() + static_cast<std::ptrdiff_t>(tests.size() / 2));
  const BanditPrior prior = fit_bandit_prior(earlier);
  std::map<std::string, Gain> found;
  for (std::size_t i = tests.size() / 2; i < tests.size(); i += 2) {
    const BanditWorld world = world_of(column, tests[i], prior.group.likeness);
    for (const BanditPolicyRow& row : bandit_policies()) {
      for (std::uint64_t repeat = 0; repeat < 2; ++repeat) {
        Rng rng = Rng(i).split(repeat);
        const auto policy = row.make(tests[i].arms.size(), prior);
        const BanditScore score = run_bandit(world, *policy, rng);
        found[std::string(row.name)].gained += score.earned - score.uniform;
        found[std::string(row.name)].available += score.oracle - score.uniform;
      }
    }
  }
  return found;
}

class UpworthyBandit : public testing::TestWithParam<Column> {};

// One setting in all four worlds; the textbooks' policies lose each of them.
TEST_P(UpworthyBandit, OursCapturesMoreThanTheTextbooks) {
  if (upworthy_train_tests().empty()) GTEST_SKIP() << "no ../shared/data/upworthy";
  const std::map<std::string, Gain> found = gains(GetParam());
  for (const auto& [name, gain] : found) {
    RecordProperty(name, std::to_string(gain.capture()));
    std::printf("%s %s %.3f\n", GetParam().name, name.c_str(), gain.capture());
  }
  const double ours = found.at("reelforge").capture();
  for (const char* name : {"uniform", "epsilon_greedy_0.1", "ucb1", "thompson", "thompson_eb"}) {
    EXPECT_GT(ours, found.at(name).capture()) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Worlds, UpworthyBandit, testing::Values(kReplay, kShort, kLong, kDrift),
                         [](const auto& tried) {
                           std::string name = tried.param.name;
                           name[0] = static_cast<char>(std::toupper(name[0]));
                           return "In" + name;
                         });

TEST(BanditTrial, KnowsTheOracleAndTheUniformByHand) {
  const std::vector<RateCount> arms{{.successes = 10, .trials = 100},
                                    {.successes = 40, .trials = 200}};
  const BanditWorld world = replay_world(arms, 1000, 30);
  EXPECT_EQ(world.horizon, 100);
  const auto policy = bandit_policies()[1].make(2, {});
  Rng rng(1);
  const BanditScore score = run_bandit(world, *policy, rng);
  EXPECT_NEAR(score.oracle, 20, 1e-9);
  EXPECT_NEAR(score.uniform, 15, 1e-9);
}

TEST(BanditTrial, OfABagThatIsShownWholeGivesEveryClick) {
  const std::vector<RateCount> arms{{.successes = 7, .trials = 50}};
  Rng rng(2);
  for (const BanditPolicyRow& row : bandit_policies()) {
    const auto policy = row.make(1, {});
    EXPECT_EQ(run_bandit(replay_world(arms, 1000, 8), *policy, rng).earned, 7) << row.name;
  }
}

TEST(BanditTrial, ReversesTheRanksAtTheGivenImpression) {
  const std::vector<RateCount> arms{{.successes = 100, .trials = 1000},
                                    {.successes = 200, .trials = 1000},
                                    {.successes = 300, .trials = 1000}};
  BanditWorld world = bernoulli_world(arms, 1e-9, 1000, 100);
  world.reverse_at = 500;
  // The first arm alone: a tenth in the first half, three tenths in the second.
  class First final : public BanditPolicy {
   public:
    std::vector<double> shares(Rng&) override { return {1, 0, 0}; }
    void learn(std::span<const RateCount>) override {}
    std::size_t choice() const override { return 0; }
  };
  First policy;
  Rng rng(3);
  const BanditScore score = run_bandit(world, policy, rng);
  EXPECT_NEAR(score.earned, 50 + 150, 1e-6);
  EXPECT_NEAR(score.oracle, 300, 1e-6);
  EXPECT_TRUE(score.found_best);
}

}  // namespace
}  // namespace rf::learn
