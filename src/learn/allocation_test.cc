#include "learn/allocation.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

constexpr GroupPrior kPrior{.level = {.a = 3, .b = 197}, .likeness = 2000};

ArmMemory some_memory(Rng& rng, std::size_t arms) {
  ArmMemory memory(arms, kPrior, {});
  const int periods = static_cast<int>(rng.below(8));
  for (int t = 0; t < periods; ++t) {
    std::vector<RateCount> period;
    for (std::size_t k = 0; k < arms; ++k) {
      const auto trials = static_cast<std::int64_t>(rng.below(2000));
      period.push_back({.successes = static_cast<double>(
                            rng.binomial(trials, 0.005 * static_cast<double>(k + 1))),
                        .trials = static_cast<double>(trials)});
    }
    memory.add(period);
  }
  return memory;
}

double sum_of(const std::vector<double>& shares) {
  return std::accumulate(shares.begin(), shares.end(), 0.0);
}

TEST(ThompsonShares, SumToOneAndKeepTheFloorWhateverWasSeen) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    const std::size_t arms = 1 + rng.below(7);
    const ArmMemory memory = some_memory(rng, arms);
    const AllocationRule rule{.floor = 0.05};
    const std::vector<double> shares = thompson_shares(memory, rule, rng);
    EXPECT_NEAR(sum_of(shares), 1, 1e-9);
    for (double share : shares) EXPECT_GE(share, 0.05 / static_cast<double>(arms) - 1e-12);
  }
}

TEST(ThompsonShares, TendToTheChancesToBeBest) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    const ArmMemory memory = some_memory(rng, 4);
    const AllocationRule rule{.draws = 40000};
    const std::vector<double> drawn = thompson_shares(memory, rule, rng);
    const std::vector<double> exact = thompson_shares_exactly(memory, rule);
    // Five standard errors of a share, and what the cube root of a gamma leaves out.
    for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(drawn[k], exact[k], 0.0125 + 0.003);
  }
}

TEST(ThompsonShares, OfUnseenArmsAreAlike) {
  const ArmMemory memory(4, kPrior, {});
  for (double share : thompson_shares_exactly(memory, {})) EXPECT_NEAR(share, 0.25, 1e-9);
}

TEST(ThompsonShares, OfRoasFollowValueNotRate) {
  // The second arm sells half as often at four times the value.
  const std::vector<RoasPosterior> arms{{.a = 200, .b = 200, .scale = 1},
                                        {.a = 100, .b = 100, .scale = 2}};
  Rng rng(3);
  const std::vector<double> shares = thompson_shares(arms, {.floor = 0.02}, rng);
  EXPECT_NEAR(sum_of(shares), 1, 1e-9);
  EXPECT_GT(shares[1], 0.95);
}

TEST(TopTwoShares, GiveHalfToTheLeaderOnceHeIsBeyondDoubt) {
  const std::vector<double> sure = top_two_shares(std::vector<double>{1, 0, 0});
  EXPECT_NEAR(sure[0], 0.5, 1e-12);
  EXPECT_NEAR(sure[1], 0.25, 1e-12);
  // By hand: .6/2 + (.3/2)(.6/.7) + (.1/2)(.6/.9).
  const std::vector<double> open = top_two_shares(std::vector<double>{0.6, 0.3, 0.1});
  EXPECT_NEAR(open[0], 0.3 + 0.15 * 6 / 7 + 0.05 * 6 / 9, 1e-12);
  EXPECT_NEAR(sum_of(open), 1, 1e-12);
}

TEST(SplitTotal, SpendsExactlyTheTotalInsideTheBoundsWhateverIsWanted) {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    const std::size_t arms = 1 + rng.below(9);
    std::vector<double> wanted;
    std::vector<Bounds> bounds;
    std::int64_t low = 0;
    std::int64_t high = 0;
    for (std::size_t k = 0; k < arms; ++k) {
      const auto least = static_cast<std::int64_t>(rng.below(5000));
      const auto most = least + static_cast<std::int64_t>(rng.below(50000));
      bounds.push_back({.low = least, .high = most});
      wanted.push_back(rng.normal() * 30000);
      low += least;
      high += most;
    }
    const std::int64_t total =
        low + static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(high - low) + 1));
    const std::vector<std::int64_t> split = split_total(total, wanted, bounds).value();
    EXPECT_EQ(std::accumulate(split.begin(), split.end(), std::int64_t{0}), total);
    for (std::size_t k = 0; k < arms; ++k) {
      EXPECT_GE(split[k], bounds[k].low);
      EXPECT_LE(split[k], bounds[k].high);
    }
  }
}

// What the nearest point of a box cut by a plane has to satisfy: one shift explains every arm that
// is not at a bound.
TEST(SplitTotal, IsTheNearestSplit) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    std::vector<double> wanted;
    wanted.reserve(5);
    for (int k = 0; k < 5; ++k) wanted.push_back(rng.uniform() * 1e6);
    const std::vector<Bounds> bounds(5, {.low = 100000, .high = 500000});
    const std::vector<std::int64_t> split = split_total(1500000, wanted, bounds).value();
    for (std::size_t i = 0; i < 5; ++i) {
      for (std::size_t j = 0; j < 5; ++j) {
        // Moving a unit from j to i would bring both nearer only against a bound.
        if (split[i] >= bounds[i].high || split[j] <= bounds[j].low) continue;
        const double gain_i = wanted[i] - static_cast<double>(split[i]);
        const double gain_j = wanted[j] - static_cast<double>(split[j]);
        EXPECT_LE(gain_i - gain_j, 1.5);
      }
    }
  }
}

TEST(SplitTotal, SaysWhichTotalsTheBoundsHold) {
  const std::vector<Bounds> bounds{{.low = 10, .high = 20}, {.low = 5, .high = 10}};
  const std::vector<double> wanted{15, 5};
  const Error error = split_total(40, wanted, bounds).error();
  EXPECT_EQ(error.code, ErrorCode::invalid);
  EXPECT_EQ(error.message, "a total of 40 cannot be split: the arms' bounds hold 15 to 30");
  EXPECT_EQ(split_total(0, {}, {}).value().size(), 0U);
}

TEST(SplitTotal, StandsBoundsThatOverflowTogether) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  const std::vector<Bounds> bounds(3, {.low = 0, .high = kMost});
  const std::vector<double> wanted{1, 2, 3};
  const std::vector<std::int64_t> split = split_total(600, wanted, bounds).value();
  EXPECT_EQ(split[0] + split[1] + split[2], 600);
}

}  // namespace
}  // namespace rf::learn
