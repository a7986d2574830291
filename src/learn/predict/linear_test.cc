#include "learn/predict/linear.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

struct Made {
  Schema schema;
  Examples examples;
};

Made make(Family family, std::size_t rows) {
  static constexpr std::string_view kLevels[] = {"a", "b", "c", "d", "e"};
  std::vector<RawColumn> table{{.name = "x"}, {.name = "y"}};
  Rng rng(11);
  Made made;
  made.examples.family = family;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t x = rng.below(5);
    const std::size_t y = rng.below(3);
    table[0].texts.push_back(kLevels[x]);
    table[1].texts.push_back(kLevels[y]);
    const double margin = 0.5 * static_cast<double>(x) - 1 - 0.3 * static_cast<double>(y);
    if (family == Family::count) {
      made.examples.exposure.push_back(0.5 + rng.uniform());
      made.examples.outcomes.push_back(
          static_cast<double>(rng.poisson(made.examples.exposure.back() * std::exp(margin))));
    } else {
      made.examples.outcomes.push_back(rng.uniform() < mean_of(family, margin) ? 1 : 0);
    }
  }
  made.schema = learn_schema(table).value();
  made.examples.frame = encode(made.schema, table);
  return made;
}

// Where the penalised loss is least, each level's sum of misses equals ridge times its weight.
TEST(LinearModel, IsWhereTheGradientVanishes) {
  for (Family family : {Family::binary, Family::count}) {
    const Made made = make(family, 2000);
    const double ridge = 5;
    const LinearModel model = LinearModel::fit(made.schema, made.examples, {.ridge = ridge});
    const std::vector<double> offsets =
        offsets_of(family, made.examples.exposure, made.examples.rows());
    const std::vector<double> margins = model.margins(made.examples.frame, offsets);
    for (std::size_t c = 0; c < 2; ++c) {
      std::vector<double> miss(made.schema.columns[c].codes(), 0);
      std::vector<double> weight(miss.size(), 0);
      for (std::size_t row = 0; row < margins.size(); ++row) {
        const std::uint32_t code = made.examples.frame.columns[c].codes[row];
        miss[code] += slope_of(family, made.examples.outcomes[row], margins[row]).first;
        weight[code] = model.explain(made.examples.frame, row)[c];
      }
      for (std::size_t code = 0; code < miss.size(); ++code) {
        EXPECT_NEAR(miss[code] + ridge * weight[code], 0, 0.05);
      }
    }
  }
}

TEST(LinearModel, AStifferRidgeIsNearerToTheAverage) {
  const Made made = make(Family::binary, 500);
  double before = 0;
  for (double ridge : {1000.0, 100.0, 10.0, 1.0}) {
    const LinearModel model = LinearModel::fit(made.schema, made.examples, {.ridge = ridge});
    const std::vector<double> margins =
        model.margins(made.examples.frame, std::vector<double>(500, 0.0));
    double spread = 0;
    for (double margin : margins) spread += std::abs(margin - model.intercept());
    EXPECT_GT(spread, before);
    before = spread;
  }
}

TEST(LinearModel, PairsSeeWhatSingleColumnsCannot) {
  // Exclusive or of two columns.
  std::vector<RawColumn> table{{.name = "x"}, {.name = "y"}};
  Examples examples;
  for (int i = 0; i < 400; ++i) {
    table[0].texts.emplace_back(i % 2 == 0 ? "a" : "b");
    table[1].texts.emplace_back(i / 2 % 2 == 0 ? "a" : "b");
    examples.outcomes.push_back((i % 2) != (i / 2 % 2) ? 1 : 0);
  }
  const Schema schema = learn_schema(table).value();
  examples.frame = encode(schema, table);
  const std::vector<double> offsets(400, 0.0);
  const LinearModel alone = LinearModel::fit(schema, examples, {.ridge = 1});
  const LinearModel paired = LinearModel::fit(schema, examples, {.ridge = 1, .pairs = {{0, 1}}});
  EXPECT_NEAR(mean_loss(Family::binary, examples.outcomes, alone.margins(examples.frame, offsets)),
              std::log(2), 1e-6);
  EXPECT_LT(mean_loss(Family::binary, examples.outcomes, paired.margins(examples.frame, offsets)),
            0.1);
}

}  // namespace
}  // namespace rf::learn
