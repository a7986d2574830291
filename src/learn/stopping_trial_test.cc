#include "learn/stopping_trial.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "learn/bag.h"

namespace rf::learn {
namespace {

TEST(ShuffledPlaces, AreDistinctAscendingAndEvenlySpread) {
  Rng rng(6);
  for (const RateCount& bag :
       {RateCount{.successes = 20, .trials = 1000}, RateCount{.successes = 600, .trials = 1000},
        RateCount{.successes = 1000, .trials = 1000}}) {
    double early = 0;
    for (int i = 0; i < 400; ++i) {
      const std::vector<std::int64_t> places = shuffled_places(bag, 1000, rng);
      ASSERT_EQ(static_cast<double>(places.size()), bag.successes);
      ASSERT_TRUE(std::is_sorted(places.begin(), places.end()));
      ASSERT_EQ(std::adjacent_find(places.begin(), places.end()), places.end());
      early +=
          static_cast<double>(std::lower_bound(places.begin(), places.end(), 250) - places.begin());
    }
    // Four standard errors of a hypergeometric mean.
    const double share = bag.successes / bag.trials;
    EXPECT_NEAR(early / 400, bag.successes / 4,
                0.02 + 4 * std::sqrt(187.5 * share * (1 - share) / 400));
  }
}

TEST(StreamPlaces, ComeAtTheirRate) {
  Rng rng(6);
  EXPECT_EQ(stream_places(0, 1000, rng).size(), 0U);
  EXPECT_EQ(stream_places(1, 1000, rng).size(), 1000U);
  double count = 0;
  for (int i = 0; i < 500; ++i) count += static_cast<double>(stream_places(0.02, 1000, rng).size());
  EXPECT_NEAR(count / 500, 20, 1);  // Five standard errors.
}

TEST(CountsAtLooks, AreCumulative) {
  EXPECT_EQ(counts_at_looks(std::vector<std::int64_t>{0, 9, 10, 29}, 3, 10),
            (std::vector<std::int64_t>{2, 3, 4}));
}

TEST(StoppingRules, OursKeepsItsWordWherePeekingDoesNot) {
  const std::vector<StoppingRule> rules = stopping_rules(14, 0.05);
  std::vector<StoppingCount> counts(rules.size());
  Rng rng(11);
  for (int i = 0; i < 4000; ++i) {
    const LookSeries series{.first = counts_at_looks(stream_places(0.02, 7000, rng), 14, 500),
                            .second = counts_at_looks(stream_places(0.02, 7000, rng), 14, 500),
                            .per_look = 500};
    for (std::size_t r = 0; r < rules.size(); ++r) counts[r].add(rules[r], series);
  }
  EXPECT_EQ(rules[0].name, "reelforge");
  EXPECT_LT(static_cast<double>(counts[0].rejected) / 4000, 0.061);  // 5 %, three errors.
  EXPECT_EQ(rules[2].name, "naive_peeking");
  EXPECT_GT(static_cast<double>(counts[2].rejected) / 4000, 0.15);
}

}  // namespace
}  // namespace rf::learn
