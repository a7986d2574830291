#include "learn/predict/boosted_trees.h"

#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>
#include <xgboost/c_api.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

struct Sample {
  FloatMatrix matrix;
  std::vector<double> outcomes;
  std::vector<double> offsets;
};

Sample make_sample(std::size_t rows) {
  Sample sample{.matrix = {.rows = rows, .columns = 3}};
  Rng rng(5);
  for (std::size_t i = 0; i < rows; ++i) {
    const double a = rng.normal();
    const double b = rng.uniform();
    const double c = rng.normal();
    sample.matrix.cells.push_back(static_cast<float>(a));
    sample.matrix.cells.push_back(b < 0.1 ? std::numeric_limits<float>::quiet_NaN()
                                          : static_cast<float>(b));
    sample.matrix.cells.push_back(static_cast<float>(c));
    const double margin = a - 2 * (b < 0.1 ? 1 : b) + (a > 0 ? c : 0);
    sample.outcomes.push_back(rng.uniform() < mean_of(Family::binary, margin) ? 1 : 0);
    sample.offsets.push_back(0.1 * rng.normal());
  }
  return sample;
}

TEST(BoostedTrees, ExplanationsAddUpToTheMargin) {
  const Sample sample = make_sample(400);
  const BoostedTrees trees =
      BoostedTrees::grow({.rounds = 30, .depth = 4}, sample.matrix, sample.outcomes, sample.offsets)
          .value();
  std::vector<double> margins(sample.offsets);
  trees.add_margins(sample.matrix, margins);
  for (std::size_t i = 0; i < 50; ++i) {
    const Contribution found = trees.explain(sample.matrix.row(i));
    const double sum = std::accumulate(found.columns.begin(), found.columns.end(), found.base);
    EXPECT_NEAR(sample.offsets[i] + sum, margins[i], 1e-5);
  }
}

// The library, asked for the same trees, is the independent computation.
class Library {
 public:
  Library(const Sample& sample, int rounds, int depth) {
    EXPECT_EQ(XGDMatrixCreateFromMat(sample.matrix.cells.data(), sample.matrix.rows,
                                     sample.matrix.columns, std::numeric_limits<float>::quiet_NaN(),
                                     &matrix_),
              0);
    const std::vector<float> labels(sample.outcomes.begin(), sample.outcomes.end());
    const std::vector<float> offsets(sample.offsets.begin(), sample.offsets.end());
    XGDMatrixSetFloatInfo(matrix_, "label", labels.data(), labels.size());
    XGDMatrixSetFloatInfo(matrix_, "base_margin", offsets.data(), offsets.size());
    EXPECT_EQ(XGBoosterCreate(&matrix_, 1, &booster_), 0);
    const std::string depth_text = std::to_string(depth);
    for (const auto& [name, value] :
         std::vector<std::pair<const char*, const char*>>{{"objective", "binary:logistic"},
                                                          {"tree_method", "hist"},
                                                          {"max_depth", depth_text.c_str()},
                                                          {"eta", "0.1"},
                                                          {"nthread", "1"},
                                                          {"seed", "1"}}) {
      XGBoosterSetParam(booster_, name, value);
    }
    for (int i = 0; i < rounds; ++i) EXPECT_EQ(XGBoosterUpdateOneIter(booster_, i, matrix_), 0);
  }
  ~Library() {
    XGBoosterFree(booster_);
    XGDMatrixFree(matrix_);
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  std::vector<float> ask(int type) const {
    const std::string config = R"({"type":)" + std::to_string(type) +
                               R"(,"training":false,"iteration_begin":0,)"
                               R"("iteration_end":0,"strict_shape":false})";
    const bst_ulong* shape = nullptr;
    bst_ulong dimensions = 0;
    const float* values = nullptr;
    EXPECT_EQ(XGBoosterPredictFromDMatrix(booster_, matrix_, config.c_str(), &shape, &dimensions,
                                          &values),
              0);
    bst_ulong size = 1;
    for (bst_ulong d = 0; d < dimensions; ++d) size *= shape[d];
    return {values, values + size};
  }

 private:
  DMatrixHandle matrix_ = nullptr;
  BoosterHandle booster_ = nullptr;
};

TEST(BoostedTrees, MarginsAreTheLibrarysOwn) {
  const Sample sample = make_sample(300);
  const BoostedTrees trees =
      BoostedTrees::grow({.rounds = 20, .depth = 4}, sample.matrix, sample.outcomes, sample.offsets)
          .value();
  std::vector<double> margins(sample.offsets);
  trees.add_margins(sample.matrix, margins);
  const std::vector<float> theirs = Library(sample, 20, 4).ask(1);
  for (std::size_t i = 0; i < margins.size(); ++i) {
    EXPECT_NEAR(margins[i], static_cast<double>(theirs[i]), 1e-5);
  }
}

TEST(BoostedTrees, ShapleyValuesAreTheLibrarysOwn) {
  const Sample sample = make_sample(300);
  const BoostedTrees trees =
      BoostedTrees::grow({.rounds = 20, .depth = 4}, sample.matrix, sample.outcomes, sample.offsets)
          .value();
  const std::vector<float> theirs = Library(sample, 20, 4).ask(2);
  for (std::size_t i = 0; i < 100; ++i) {
    const Contribution found = trees.explain(sample.matrix.row(i));
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_NEAR(found.columns[c], static_cast<double>(theirs[i * 4 + c]), 1e-4);
    }
  }
}

TEST(BoostedTrees, SurviveTheirJson) {
  const Sample sample = make_sample(200);
  const BoostedTrees trees =
      BoostedTrees::grow({.rounds = 10, .depth = 3}, sample.matrix, sample.outcomes, sample.offsets)
          .value();
  const Json json = parse_json(to_text(Json(trees.to_json_object()))).value();
  const BoostedTrees again = BoostedTrees::from_json_value(json, "trees").value();
  std::vector<double> first(200, 0);
  std::vector<double> second(200, 0);
  trees.add_margins(sample.matrix, first);
  again.add_margins(sample.matrix, second);
  EXPECT_EQ(first, second);
}

TEST(BoostedTrees, RefuseATreeThatLeadsOutsideOrBack) {
  for (const char* hostile :
       {R"({"columns":1,"trees":[[[0.5,1,0,true,0,1],[1,1]]]})",        // Its own child.
        R"({"columns":1,"trees":[[[0.5,1,0,true,1,9],[1,1],[1,1]]]})",  // Outside.
        R"({"columns":1,"trees":[[[0.5,1,7,true,1,2],[1,1],[1,1]]]})",  // No such column.
        R"({"columns":1,"trees":[[[0.5,0,0,true,1,2],[1,1],[1,1]]]})",  // Nobody came there.
        R"({"columns":1,"trees":[[]]})", R"({"columns":1,"trees":[[[1e99,1]]]})",
        R"({"columns":-1,"trees":[]})", R"([])"}) {
    const Json json = parse_json(hostile).value();
    const auto read = BoostedTrees::from_json_value(json, "trees");
    ASSERT_FALSE(read) << hostile;
    EXPECT_EQ(read.error().code, ErrorCode::corrupt) << hostile;
  }
}

}  // namespace
}  // namespace rf::learn
