// Rows that share a value, and how far their average may be believed against their parent's.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "learn/predict/family.h"

namespace rf::learn {

// What happened to the rows of one cell.
struct CellCount {
  double outcome = 0;
  double weight = 0;  // Exposure, or rows.
};

// The strength s of (outcome + s parent)/(weight + s) under which the cells' outcomes are most
// likely: a gamma-Poisson for 0/1 and counts, for reals s = 1/(between variance over within), with
// `within` the variance of rows around their cell.
// Units: of weight.
// REQUIRES: one parent mean a cell.
// Source: gamma-Poisson, Greenwood & Yule 1920; James & Stein 1961.
double fit_cell_strength(Family family, std::span<const CellCount> cells,
                         std::span<const double> parents, double within);

// What the cells are worth, as a gain in log-likelihood over their parents alone, at that strength.
double cell_gain(Family family, std::span<const CellCount> cells, std::span<const double> parents,
                 double strength);

inline double shrunk(const CellCount& cell, double parent, double strength) {
  return (cell.outcome + strength * parent) / (cell.weight + strength);
}

}  // namespace rf::learn
