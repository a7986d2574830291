// How good a set of predictions was, on rows whose outcomes are known.

#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "learn/posterior.h"
#include "learn/predict/family.h"

namespace rf::learn {

struct Score {
  double n = 0;
  std::optional<double> log_loss;  // Mean; null for reals, which have no probability.
  std::optional<double> auc;       // Binary only, when both outcomes occur.
  // Log-loss over that of the rows' own average: 1 is no better than knowing the average.
  std::optional<double> normalised_entropy;
  // Mean |predicted - observed| over groups of rows with near predictions, over the observed mean
  // for counts and reals.
  double calibration_error = 0;
  double observed = 0;  // Sums.
  double predicted = 0;
  // Share of deviance explained, against the average rate of these rows (counts: with exposure).
  std::optional<double> d2;
  std::optional<double> wape;  // Sum of absolute misses over sum of outcomes.
  double rmse = 0;
  double mae = 0;
};

// REQUIRES: one margin an outcome, at least one row; exposure empty or one a row.
// Source: normalised entropy, He et al. 2014, doi:10.1145/2648584.2648589; expected calibration
// error with equal-count bins, Naeini et al. 2015; D2, McCullagh & Nelder 1989, 2.3.
Score score_of(Family family, std::span<const double> outcomes, std::span<const double> margins,
               std::span<const double> exposure);

// Chance that a row with outcome 1 is ranked above one with outcome 0; ties count half.
// Source: Mann & Whitney 1947.
std::optional<double> auc_of(std::span<const double> outcomes, std::span<const double> scores);

// Mean of paired differences of loss (first less second) with its normal interval.
struct PairedDifference {
  double mean = 0;
  Interval interval;
  double n = 0;
};
// REQUIRES: spans of one length, 0 < mass < 1.
PairedDifference paired_difference(std::span<const double> first, std::span<const double> second,
                                   double mass);

std::vector<double> losses_of(Family family, std::span<const double> outcomes,
                              std::span<const double> margins);

}  // namespace rf::learn
