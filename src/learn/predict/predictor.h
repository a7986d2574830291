// A predictor of one outcome: schema and ensemble in one piece, trained from a table, kept as a
// file.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "learn/predict/ensemble.h"

namespace rf::learn {

// What is learned from. Empty vectors mean: one each (exposure), no order (times), no groups.
struct TrainingTable {
  std::vector<RawColumn> columns;
  std::vector<double> outcomes;
  std::vector<double> exposure;
  std::vector<double> times;          // Any unit that grows.
  std::vector<std::uint64_t> groups;  // Rows of one group are never on both sides of a split.

  std::size_t rows() const { return outcomes.size(); }
};

TrainingTable take(const TrainingTable& table, std::span<const std::uint32_t> rows);

// Every name, cell, outcome, exposure and time, in order.
std::string fingerprint_of(const TrainingTable& table);

// From this many rows on, members are judged on one later (or random) tenth instead of by folds:
// 20,000 held-out rows settle their weights to the second digit.
constexpr std::size_t kFoldRowsMax = 200'000;

// How rows are divided to judge members: by rolling origin where there are times, else by chance.
std::vector<Split> judging_splits(const TrainingTable& table, std::size_t folds,
                                  std::uint64_t seed);

// Bumped when a file of before can no longer be read.
constexpr std::int64_t kModelFormat = 1;

struct Prediction {
  double mean = 0;
  Interval interval;  // 90 % of outcomes; for 0/1 outcomes [0, 1].
};

class Predictor {
 public:
  Predictor() = default;

  // REQUIRES: vectors of one length or empty; exposure > 0; outcomes and times finite.
  // Errors: invalid (too few rows, an outcome that never varies, no usable column); unsupported.
  static Result<Predictor> train(const TrainingTable& table, const EnsembleSettings& settings);

  std::vector<Prediction> predict(std::span<const RawColumn> columns,
                                  std::span<const double> exposure) const;

  Explanation explain(std::span<const RawColumn> columns, std::span<const double> exposure,
                      std::size_t row) const;

  // Later rows with outcomes move weight between members. Chosen: rate 0.01 lets a member that is
  // worse by .1 a row lose half its weight in some 700 rows.
  void update(const TrainingTable& seen, double rate = 0.01);

  const Schema& schema() const { return schema_; }
  const Ensemble& ensemble() const { return ensemble_; }
  Family family() const { return ensemble_.family(); }
  const std::string& fingerprint() const { return fingerprint_; }
  std::size_t rows() const { return rows_; }

  // A JSON document: format, library versions, the training table's fingerprint, schema, members.
  std::string save() const;

  // Reads what save() wrote; every number is checked before it is used.
  // Errors: corrupt, with the place; unsupported, a format of another version; over_limit.
  static Result<Predictor> load(std::string_view text);

 private:
  Schema schema_;
  Ensemble ensemble_;
  std::string fingerprint_;
  std::size_t rows_ = 0;
};

}  // namespace rf::learn
