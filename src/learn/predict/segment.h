// The segment baseline: the average of rows that agree in one, two, three columns, each drawn to
// the average of the wider segment. What a careful analyst does with a pivot table, and the least
// that any model must beat.

#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "learn/predict/cells.h"
#include "learn/predict/examples.h"

namespace rf::learn {

// Chosen: a fourth column leaves segments with too few rows to matter.
constexpr std::size_t kSegmentDepth = 3;

// Columns with more codes do not make segments.
constexpr std::size_t kSegmentCodesMax = 1000;

class SegmentModel {
 public:
  SegmentModel() = default;

  // Columns are taken one after the other, each the one whose cells gain most likelihood.
  static SegmentModel fit(const Schema& schema, const Examples& examples);

  std::vector<double> margins(const Frame& frame, std::span<const double> offsets) const;

  // What knowing each chosen column moved the row's margin by, in the order they were chosen.
  std::vector<double> explain(const Frame& frame, std::size_t row) const;

  const std::vector<std::uint32_t>& columns() const { return columns_; }

  JsonObject to_json_object() const;
  // Errors: corrupt, with the place.
  static Result<SegmentModel> from_json_value(const Json& json, Family family, const Schema& schema,
                                              std::string_view path);

 private:
  double mean_at(const Frame& frame, std::size_t row, std::size_t depth_max) const;
  double margin_at(const Frame& frame, std::size_t row, std::size_t depth_max) const;

  Family family_ = Family::binary;
  double mean_ = 0;
  std::vector<std::uint32_t> columns_;
  std::vector<std::unordered_map<std::uint64_t, double>> means_;  // Of each depth's cells.
};

}  // namespace rf::learn
