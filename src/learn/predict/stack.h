// How much of each member goes into the blend, and the last correction of the blend's level.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "learn/predict/family.h"

namespace rf::learn {

// Weights >= 0 that sum to one and minimise the mean loss of the blended margin. The loss is convex
// in them; mass moves between two members at a time until none gains.
// Shape: margins by member, then row, from rows that the member was not trained on.
// REQUIRES: at least one member; spans of one length.
// Cost: members^2 passes, some ten times.
// Source: Breiman 1996, doi:10.1007/BF00117832 (stacking with nonnegative weights).
std::vector<double> fit_weights(Family family, std::span<const std::vector<double>> margins,
                                std::span<const double> outcomes);

// One step of the weights after new losses: w_j exp(-rate loss_j), to sum one.
// Source: Freund & Schapire 1997, doi:10.1006/jcss.1997.1504 (Hedge).
void hedge(std::span<double> weights, std::span<const double> losses, double rate);

std::vector<double> blend(std::span<const std::vector<double>> margins,
                          std::span<const double> weights);

enum class CalibrationKind : std::uint8_t {
  none,
  offset,    // The level: one number is added to every margin.
  platt,     // Level and steepness.
  isotonic,  // Any rising curve (binary only).
};

std::string_view to_string(CalibrationKind kind);

// From this many positives on. Source: methods in common use; below, a curve is noise.
constexpr double kIsotonicPositivesMin = 1000;
constexpr double kPlattPositivesMin = 50;

struct Calibration {
  CalibrationKind kind = CalibrationKind::none;
  double slope = 1;
  double intercept = 0;
  std::vector<double> from;  // Isotonic: margins, ascending, and where each goes; linear between.
  std::vector<double> to;

  // `offset` is the row's exposure part, which calibration leaves alone.
  double apply(double margin, double offset) const;
};

// The nondecreasing sequence nearest to `values` in weighted least squares, by pooling neighbours
// that are out of order.
// Source: Ayer et al. 1955, doi:10.1214/aoms/1177728423.
std::vector<double> pool_adjacent(std::span<const double> values, std::span<const double> weights);

Calibration fit_calibration(CalibrationKind kind, Family family, std::span<const double> margins,
                            std::span<const double> offsets, std::span<const double> outcomes);

// Of the kinds that the number of positives allows, the richest that in five-fold validation gains
// more than a standard error over the simpler one before it; so validation is never hurt.
Calibration choose_calibration(Family family, std::span<const double> margins,
                               std::span<const double> offsets, std::span<const double> outcomes);

}  // namespace rf::learn
