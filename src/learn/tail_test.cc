// The near tails keep their stated error, and the judgements are those of the exact functions.

#include "learn/tail.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// Log-uniform between the two.
double spread(Rng& rng, double low, double high) {
  return low * std::pow(high / low, rng.uniform());
}

// A chance with as many far out as in the middle.
double some_chance(Rng& rng) {
  const double side = spread(rng, 1e-6, 0.5);
  return rng.uniform() < 0.5 ? side : 1 - side;
}

TEST(TailNear, ErrsByLessThanItsStatedErrorOnBetas) {
  SCOPED_TRACE("seed 3");
  Rng rng(3);
  double worst = 0;
  for (int i = 0; i < 200000; ++i) {
    BetaPosterior belief{.a = spread(rng, 0.01, 1e7), .b = spread(rng, 2, 1e9)};
    const double bound = beta_quantile(belief.a, belief.b, some_chance(rng));
    const double error = chance_below_near(belief, bound) - chance_below(belief, bound);
    worst = std::max(worst, std::abs(error));
  }
  EXPECT_LT(worst, kTailErrorMax);
  RecordProperty("worst_error", std::to_string(worst));
}

TEST(TailNear, ErrsByLessThanItsStatedErrorOnGammas) {
  SCOPED_TRACE("seed 4");
  Rng rng(4);
  double worst = 0;
  for (int i = 0; i < 200000; ++i) {
    GammaPosterior belief{.shape = spread(rng, 0.01, 1e7), .rate = 37};
    const double bound = gamma_quantile(belief.shape, some_chance(rng)) / belief.rate;
    const double error = chance_below_near(belief, bound) - chance_below(belief, bound);
    worst = std::max(worst, std::abs(error));
  }
  EXPECT_LT(worst, kTailErrorMax);
  RecordProperty("worst_error", std::to_string(worst));
}

TEST(TailNear, IsExactOutsideItsDomain) {
  BetaPosterior belief{.a = 0.5, .b = 0.5};
  EXPECT_EQ(chance_below_near(belief, 0.3), chance_below(belief, 0.3));
  EXPECT_EQ(chance_below_near(belief, 0), 0);
  EXPECT_EQ(chance_below_near(belief, 1), 1);
  EXPECT_EQ(chance_below_near(RoasPosterior{}, 0), 0);
}

Answer exact_answer(double chance, double level) {
  return chance > level ? Answer::yes : Answer::no;
}

constexpr std::size_t kRows = 20000;

TEST(JudgeBelow, AnswersAsTheExactTailDoesWhateverTheBeliefs) {
  std::vector<double> a(kRows), b(kRows), scale(kRows), bounds(kRows);
  std::vector<Answer> answers(kRows);
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    const double level = std::vector{0.5, 0.95, 0.999}[seed - 1];
    for (std::size_t i = 0; i < kRows; ++i) {
      a[i] = spread(rng, 0.005, 1e5);
      b[i] = spread(rng, 0.5, 1e7);
      scale[i] = spread(rng, 0.1, 10);
      bounds[i] = a[i] / (a[i] + b[i]) * spread(rng, 0.5, 2);
    }
    judge_below(BetaColumns{.a = a, .b = b}, bounds, level, answers);
    for (std::size_t i = 0; i < kRows; ++i) {
      ASSERT_EQ(answers[i],
                exact_answer(chance_below(BetaPosterior{.a = a[i], .b = b[i]}, bounds[i]), level));
    }
    judge_below(GammaColumns{.shape = a, .rate = b}, bounds, level, answers);
    for (std::size_t i = 0; i < kRows; ++i) {
      const GammaPosterior belief{.shape = a[i], .rate = b[i]};
      ASSERT_EQ(answers[i], exact_answer(chance_below(belief, bounds[i]), level));
    }
    judge_below(RoasColumns{.a = a, .b = b, .scale = scale}, bounds, level, answers);
    for (std::size_t i = 0; i < kRows; ++i) {
      const RoasPosterior belief{.a = a[i], .b = b[i], .scale = scale[i]};
      ASSERT_EQ(answers[i], exact_answer(chance_below(belief, bounds[i]), level));
    }
  }
}

TEST(JudgeBelow, ARowThatWasNotReportedIsUnknown) {
  const double missing = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> a{missing, 1};
  std::vector<double> b{100, 100};
  std::vector<double> bound{0.02};
  std::vector<Answer> answers(2);
  judge_below(BetaColumns{.a = a, .b = b}, bound, 0.8, answers);
  EXPECT_EQ(answers[0], Answer::unknown);
  // P(Beta(1, 100) < 0.02) = 1 - 0.98^100 = 0.867, by hand.
  EXPECT_EQ(answers[1], Answer::yes);
  judge_below(GammaColumns{.shape = a, .rate = b}, bound, 0.8, answers);
  EXPECT_EQ(answers[0], Answer::unknown);
  // P(Exp < 2) = 0.8647.
  EXPECT_EQ(answers[1], Answer::yes);
}

}  // namespace
}  // namespace rf::learn
