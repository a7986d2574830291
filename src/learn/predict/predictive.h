// Intervals around a prediction that hold the outcome as often as they say.
//
// Counts: gamma-Poisson around the mean, its scatter fitted to out-of-fold misses by level of the
// mean; then the tail that is cut off is set so that the stated share of out-of-fold outcomes fell
// inside (conformal), whatever is wrong with the model. Reals: the absolute miss over its typical
// size at that level, conformal likewise. 0/1 outcomes one by one are never inside anything but
// {0}, {1} or {0, 1}; for them the interval is that of the number of ones among many rows.
// Source: Vovk, Gammerman & Shafer 2005 (conformal prediction, by category); Papadopoulos et al.
// 2008 (normalised).

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "learn/posterior.h"
#include "learn/predict/family.h"

namespace rf::learn {

struct PredictiveLevel {
  double mean_below = 0;  // Upper end of the means of this level; the last one's is ignored.
  double dispersion = 0;  // Counts: variance is mean + dispersion mean^2. Reals: typical miss.
  double cut = 0.9;       // How far from the middle, in [0, 1] of probability (counts), or in
                          // typical misses (reals).
  double n = 0;           // Out-of-fold rows that it was set by.
};

class Predictive {
 public:
  Predictive() = default;

  // REQUIRES: one mean an outcome, at least one; 0 < coverage < 1.
  static Predictive fit(Family family, std::span<const double> means,
                        std::span<const double> outcomes, double coverage);

  // Closed; whole numbers for counts and for sums of 0/1 outcomes.
  Interval interval(double mean) const;

  double coverage() const { return coverage_; }
  Family family() const { return family_; }
  std::span<const PredictiveLevel> levels() const { return levels_; }

  JsonObject to_json_object() const;
  static Result<Predictive> from_json_value(const Json& json, std::string_view path);

 private:
  const PredictiveLevel& level_of(double mean) const;

  Family family_ = Family::count;
  double coverage_ = 0.9;
  std::vector<PredictiveLevel> levels_;
};

// 0/1 rows sorted by prediction and summed in equal numbers of rows, five expected ones on average.
// REQUIRES: one mean an outcome, at least one.
struct RowSums {
  std::vector<double> means;
  std::vector<double> outcomes;
};
RowSums sum_rows(std::span<const double> means, std::span<const double> outcomes);

// How many outcomes their intervals held.
struct Coverage {
  double inside = 0;
  double n = 0;
};
Coverage coverage_of(const Predictive& predictive, std::span<const double> means,
                     std::span<const double> outcomes);

}  // namespace rf::learn
