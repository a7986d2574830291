// Gradient-boosted trees: grown by XGBoost, then ours.
//
// The library grows the trees. What it grew is read once into plain arrays, and from there on
// prediction, explanation, saving and loading are our own: a model file can then be checked number
// by number, where the library's own loaders trust what they read.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "learn/predict/family.h"

namespace rf::learn {

// Shape: rows x columns, row-major; NaN is missing.
struct FloatMatrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<float> cells;

  std::span<const float> row(std::size_t i) const {
    return std::span<const float>(cells).subspan(i * columns, columns);
  }
};

struct TreeSettings {
  Family family = Family::binary;
  int rounds = 200;
  int depth = 6;
  double eta = 0.1;
  double row_share = 1;     // Of rows, drawn for each tree.
  double column_share = 1;  // Of columns, drawn for each tree.
  double child_weight_min = 1;
  double ridge = 1;
  int bins = 256;
  std::uint64_t seed = 1;
};

// Each tree's nodes follow one another, a parent before its children.
struct TreeNode {
  std::int32_t column = -1;  // -1: a leaf.
  bool missing_left = false;
  float value = 0;  // Left if the cell is below it; of a leaf, what it adds to the margin.
  std::uint32_t left = 0;
  std::uint32_t right = 0;
  float cover = 0;  // Sum of second derivatives of the training rows that came here.
};

// What one tree member made of one row.
struct Contribution {
  std::vector<double> columns;  // Of each column, on the margin's scale.
  double base = 0;              // The rest: what the trees add on average.
};

class BoostedTrees {
 public:
  BoostedTrees() = default;

  // `offsets`, one a row, are where each row's margin starts. One thread, so that the same rows
  // give the same trees on every machine; run several fits side by side instead.
  // REQUIRES: sizes agree; rows >= 1; outcomes fit the family.
  // Errors: unsupported, with the library's words, if it refuses.
  // Thread: several fits at a time are fine.
  static Result<BoostedTrees> grow(const TreeSettings& settings, const FloatMatrix& matrix,
                                   std::span<const double> outcomes,
                                   std::span<const double> offsets);

  // What the first `rounds` trees (0: all) add to a row's offset.
  void add_margins(const FloatMatrix& matrix, std::span<double> margins, std::size_t from = 0,
                   std::size_t to = 0) const;

  // Shapley values of the columns, along the trees' own paths.
  // REQUIRES: row.size() == columns().
  // Source: Lundberg, Erion & Lee 2018, arXiv:1802.03888, algorithm 2.
  Contribution explain(std::span<const float> row) const;

  std::size_t rounds() const { return starts_.size(); }
  std::size_t columns() const { return columns_; }
  void keep_first(std::size_t rounds);

  JsonObject to_json_object() const;
  // Errors: corrupt, with the place: a child that is not after its parent, a column that is not
  // there, a number that is not finite.
  static Result<BoostedTrees> from_json_value(const Json& json, std::string_view path);

 private:
  double leaf_of(std::size_t tree, const float* row) const;

  std::size_t columns_ = 0;
  std::vector<TreeNode> nodes_;
  std::vector<std::size_t> starts_;  // Of each tree in nodes_; children count from there.
};

}  // namespace rf::learn
