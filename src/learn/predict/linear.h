// A regularised linear model on one-hot codes: logistic, Poisson or least-squares ridge.
//
// Every column's code (a level, or a bin of its numbers) is a feature of its own, every number is
// one more, scaled to unit deviation; pairs of columns may be added, hashed into a bounded table.
// Fitted by Newton steps whose equations conjugate gradients solve, so nothing is ever dense.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "learn/predict/examples.h"

namespace rf::learn {

// Slots for pairs of codes. Chosen: collisions are rare below 100,000 pairs that occur.
constexpr std::size_t kPairSlots = std::size_t{1} << 18;

struct LinearSettings {
  double ridge = 10;  // Penalty ridge/2 w^2 on each weight but the intercept.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;  // Columns.
};

class LinearModel {
 public:
  LinearModel() = default;

  // From `start` if given (another ridge's model of the same layout).
  // REQUIRES: as Examples; frame of that schema.
  // Cost: some 30 passes over all codes.
  static LinearModel fit(const Schema& schema, const Examples& examples,
                         const LinearSettings& settings, const LinearModel* start = nullptr);

  std::vector<double> margins(const Frame& frame, std::span<const double> offsets) const;

  // What each column of the schema adds to the row's margin; pairs count half to each.
  std::vector<double> explain(const Frame& frame, std::size_t row) const;
  double intercept() const { return intercept_; }

  JsonObject to_json_object() const;
  // Errors: corrupt, with the place: a layout that is not the schema's.
  static Result<LinearModel> from_json_value(const Json& json, const Schema& schema,
                                             std::string_view path);

 private:
  friend class LinearFit;
  void lay_out(const Schema& schema);
  std::uint32_t pair_slot(const Frame& frame, std::size_t pair, std::size_t row) const;
  double score(const Frame& frame, std::size_t row) const;

  double intercept_ = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs_;
  std::vector<std::size_t> first_;    // Of each column's codes in weights_.
  std::vector<double> mean_, scale_;  // Of each column's number; scale 0: no number.
  std::vector<double> weights_;       // Codes, then one a column for its number, then pairs.
  std::size_t number_first_ = 0;
  std::size_t pair_first_ = 0;
};

}  // namespace rf::learn
