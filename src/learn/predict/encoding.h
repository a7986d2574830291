// The trees' view of a frame: numbers, and for categories what happened under each level.
//
// A level becomes its shrunken mean outcome and the log of how often it occurs. In training each
// row's mean is computed without the row's own part of the data; otherwise trees would learn the
// outcome from its copy.
// Source: Micci-Barreca 2001, doi:10.1145/507533.507538.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "learn/predict/boosted_trees.h"
#include "learn/predict/cells.h"
#include "learn/predict/examples.h"

namespace rf::learn {

enum class FeatureKind : std::uint8_t { number, outcome_mean, frequency };

// A column of the trees' matrix.
struct TreeFeature {
  FeatureKind kind = FeatureKind::number;
  std::uint32_t column = 0;  // Of the schema.
};

class TargetEncoder {
 public:
  TargetEncoder() = default;

  // REQUIRES: as Examples; frame of that schema.
  static TargetEncoder fit(const Schema& schema, const Examples& examples);

  // For rows that were not learned from.
  FloatMatrix encode(const Frame& frame) const;

  // For the rows that were: each from the other parts of `parts`.
  FloatMatrix encode_training(const Examples& examples, std::size_t parts,
                              std::uint64_t seed) const;

  const std::vector<TreeFeature>& features() const { return features_; }

  JsonObject to_json_object() const;
  // Errors: corrupt, with the place.
  static Result<TargetEncoder> from_json_value(const Json& json, Family family,
                                               const Schema& schema, std::string_view path);

 private:
  void lay_out(const Schema& schema);
  void fill(const Frame& frame, FloatMatrix& matrix) const;

  Family family_ = Family::binary;
  double mean_ = 0;
  std::vector<TreeFeature> features_;
  std::vector<double> strength_;               // Of each column of the schema.
  std::vector<std::vector<CellCount>> cells_;  // By column and code; empty: not encoded.
  std::vector<std::vector<float>> frequency_;  // By column and code.
};

// Every column as one number, a category as its code: how XGBoost is used without thought, for
// comparison.
FloatMatrix ordinal_matrix(const Frame& frame);

}  // namespace rf::learn
