// What members of the ensemble are trained on: rows with features and what came of them.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "learn/predict/family.h"
#include "learn/predict/frame.h"

namespace rf::learn {

struct Examples {
  Family family = Family::binary;
  Frame frame;
  std::vector<double> outcomes;
  std::vector<double> exposure;  // Empty: one each. > 0.

  std::size_t rows() const { return outcomes.size(); }
  double exposure_at(std::size_t row) const { return exposure.empty() ? 1 : exposure[row]; }
};

Examples take(const Examples& examples, std::span<const std::uint32_t> rows);

// ln(exposure) for counts, else 0: where a row's margin starts.
std::vector<double> offsets_of(Family family, std::span<const double> exposure, std::size_t rows);

// Which rows are learned from and which are predicted from that.
struct Split {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
};

// Rows into `folds` parts by chance; rows of one group stay together when groups are given.
// REQUIRES: folds >= 2; groups empty or one a row.
std::vector<Split> chance_splits(std::size_t rows, std::size_t folds, std::uint64_t seed,
                                 std::span<const std::uint64_t> groups);

// Rolling origin: rows in order of time are cut into folds + 1 blocks, and each but the first is
// predicted from all before it. Rows of one time stay together.
// REQUIRES: folds >= 1, one time a row.
std::vector<Split> time_splits(std::span<const double> times, std::size_t folds);

// Row i is in fold key mod folds.
std::vector<Split> keyed_splits(std::span<const std::uint64_t> keys, std::size_t folds);

}  // namespace rf::learn
