// Learning and predicting at size, beside what the tree library takes for the same trees.
//
// 200,000 rows x 60 columns (40 numbers, 20 categories), one thread. The baseline is XGBoost alone
// on the matrix that the boosted member gives it. Budget: overhead of 15 %.

#include <array>
#include <limits>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <xgboost/c_api.h>

#include "base/check.h"
#include "base/rng.h"
#include "learn/predict/encoding.h"
#include "learn/predict/member.h"

namespace rf::learn {
namespace {

constexpr std::size_t kRows = 200'000;
constexpr std::size_t kNumbers = 40;
constexpr std::size_t kCategories = 20;
constexpr int kRounds = 100;

struct Big {
  std::vector<std::string> names;
  std::vector<RawColumn> table;
  Schema schema;
  Examples examples;
};

// Of the columns only the first five of each kind say anything about the outcome.
constexpr std::size_t kTelling = 5;

RawColumn make_numbers(std::size_t c, Rng& rng, std::vector<double>& margins) {
  RawColumn column{.name = fmt::format("n{}", c)};
  for (double& margin : margins) {
    column.numbers.push_back(rng.normal());
    if (c < kTelling) margin += 0.3 * column.numbers.back();
  }
  return column;
}

RawColumn make_category(std::size_t c, const std::vector<std::string>& names, Rng& rng,
                        std::vector<double>& margins) {
  RawColumn column{.name = fmt::format("c{}", c)};
  const std::uint64_t levels = c % 4 == 0 ? 5000 : 30;
  for (double& margin : margins) {
    const std::uint64_t level = rng.below(levels);
    column.texts.push_back(names[level]);
    if (c < kTelling && level % 7 == 0) margin += 0.5;
  }
  return column;
}

Big make_big() {
  Big big;
  Rng rng(1);
  for (std::size_t i = 0; i < 5000; ++i) big.names.push_back(fmt::format("level {}", i));
  std::vector<double> margins(kRows, -3);
  for (std::size_t c = 0; c < kNumbers; ++c) {
    big.table.push_back(make_numbers(c, rng, margins));
  }
  for (std::size_t c = 0; c < kCategories; ++c) {
    big.table.push_back(make_category(c, big.names, rng, margins));
  }
  for (double margin : margins) {
    big.examples.outcomes.push_back(rng.uniform() < mean_of(Family::binary, margin) ? 1 : 0);
  }
  big.schema = learn_schema(big.table).value();
  big.examples.frame = encode(big.schema, big.table);
  return big;
}

const Big& big() {
  static const Big made = make_big();
  return made;
}

MemberSettings bench_settings() {
  MemberSettings settings;
  settings.rounds_max = kRounds;
  settings.rounds_step = kRounds;
  settings.bags = 1;
  settings.row_share = 1;
  settings.column_share = 1;
  settings.depth = 6;
  settings.eta = 0.1;
  return settings;
}

// From the raw table: schema, codes, out-of-part means, trees.
void learn_from_table(benchmark::State& state) {
  const Big& data = big();
  for (auto _ : state) {
    const Schema schema = learn_schema(data.table).value();
    Examples examples{.family = Family::binary, .frame = encode(schema, data.table)};
    examples.outcomes = data.examples.outcomes;
    benchmark::DoNotOptimize(
        fit_member(MemberKind::boosted, schema, examples, bench_settings(), 0).value());
  }
}
BENCHMARK(learn_from_table)->Unit(benchmark::kMillisecond)->Iterations(1);

// What the library does by itself: the matrix is there, the trees stay with it.
struct Library {
  DMatrixHandle matrix = nullptr;
  BoosterHandle booster = nullptr;

  Library(const FloatMatrix& cells, const std::vector<double>& outcomes) {
    RF_CHECK(XGDMatrixCreateFromMat(cells.cells.data(), cells.rows, cells.columns,
                                    std::numeric_limits<float>::quiet_NaN(), &matrix) == 0);
    const std::vector<float> labels(outcomes.begin(), outcomes.end());
    RF_CHECK(XGDMatrixSetFloatInfo(matrix, "label", labels.data(), labels.size()) == 0);
    RF_CHECK(XGBoosterCreate(&matrix, 1, &booster) == 0);
    static constexpr std::array<std::pair<const char*, const char*>, 7> kParameters{
        {{"objective", "binary:logistic"},
         {"tree_method", "hist"},
         {"max_depth", "6"},
         {"eta", "0.1"},
         {"min_child_weight", "5"},
         {"nthread", "1"},
         {"verbosity", "0"}}};
    for (const auto& [name, value] : kParameters) {
      RF_CHECK(XGBoosterSetParam(booster, name, value) == 0);
    }
    for (int i = 0; i < kRounds; ++i) RF_CHECK(XGBoosterUpdateOneIter(booster, i, matrix) == 0);
  }
  ~Library() {
    XGBoosterFree(booster);
    XGDMatrixFree(matrix);
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
};

void learn_from_table_baseline_library(benchmark::State& state) {
  const FloatMatrix matrix =
      TargetEncoder::fit(big().schema, big().examples).encode_training(big().examples, 10, 1);
  for (auto _ : state) {
    const Library library(matrix, big().examples.outcomes);
    benchmark::DoNotOptimize(library.booster);
  }
}
BENCHMARK(learn_from_table_baseline_library)->Unit(benchmark::kMillisecond)->Iterations(1);

void predict_rows(benchmark::State& state) {
  const auto member =
      fit_member(MemberKind::boosted, big().schema, big().examples, bench_settings(), 0).value();
  const std::vector<double> offsets(kRows, 0.0);
  for (auto _ : state) {
    benchmark::DoNotOptimize(member->margins(big().examples.frame, offsets));
  }
}
BENCHMARK(predict_rows)->Unit(benchmark::kMillisecond);

void predict_rows_baseline_library(benchmark::State& state) {
  const FloatMatrix matrix =
      TargetEncoder::fit(big().schema, big().examples).encode(big().examples.frame);
  const Library library(matrix, big().examples.outcomes);
  const std::string array = fmt::format(
      R"({{"data":[{},true],"shape":[{},{}],"typestr":"<f4","version":3}})",
      reinterpret_cast<std::uintptr_t>(matrix.cells.data()), matrix.rows, matrix.columns);
  for (auto _ : state) {
    const bst_ulong* shape = nullptr;
    bst_ulong dimensions = 0;
    const float* values = nullptr;
    RF_CHECK(XGBoosterPredictFromDense(
                 library.booster, array.c_str(),
                 R"({"type":1,"training":false,"iteration_begin":0,"iteration_end":0,)"
                 R"("strict_shape":false,"missing":NaN,"cache_id":0})",
                 nullptr, &shape, &dimensions, &values) == 0);
    benchmark::DoNotOptimize(values);
  }
}
BENCHMARK(predict_rows_baseline_library)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rf::learn
