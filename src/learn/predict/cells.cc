#include "learn/predict/cells.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "learn/highest.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// Log-likelihood of the cells' totals, less what does not depend on s.
double likelihood(std::span<const CellCount> cells, std::span<const double> parents, double s) {
  double sum = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!(cells[i].weight > 0) || !(parents[i] > 0)) continue;
    const double shape = s * parents[i];
    sum += log_rising(shape, cells[i].outcome) - shape * std::log1p(cells[i].weight / s) -
           cells[i].outcome * std::log(s + cells[i].weight);
  }
  return sum;
}

double real_strength(std::span<const CellCount> cells, std::span<const double> parents,
                     double within) {
  double scatter = 0;
  double count = 0;
  double inverse = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!(cells[i].weight > 0)) continue;
    const double miss = cells[i].outcome / cells[i].weight - parents[i];
    scatter += miss * miss;
    inverse += 1 / cells[i].weight;
    count += 1;
  }
  const double between = count > 0 ? (scatter - within * inverse) / count : 0;
  // With no scatter beyond chance a cell is worth next to nothing.
  return between > within * 1e-6 ? within / between : 1e6;
}

}  // namespace

double fit_cell_strength(Family family, std::span<const CellCount> cells,
                         std::span<const double> parents, double within) {
  RF_CHECK(cells.size() == parents.size());
  if (family == Family::real) return real_strength(cells, parents, within);
  double outcome = 0;
  double weight = 0;
  for (const CellCount& cell : cells) {
    outcome += cell.outcome;
    weight += cell.weight;
  }
  if (!(outcome > 0)) return std::max(weight, 1.0);
  const double per_outcome = weight / outcome;
  // From half a success to a thousand: beyond either end the answer hardly changes.
  const double log_strength =
      highest_between([&](double x) { return likelihood(cells, parents, std::exp(x)); },
                      std::log(0.5 * per_outcome), std::log(1000 * per_outcome), 0.02);
  return std::exp(log_strength);
}

double cell_gain(Family family, std::span<const CellCount> cells, std::span<const double> parents,
                 double strength) {
  double gain = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!(cells[i].weight > 0)) continue;
    const double own = shrunk(cells[i], parents[i], strength);
    if (family == Family::real) {
      gain += cells[i].weight * (own - parents[i]) * (own - parents[i]);
    } else if (own > 0 && parents[i] > 0) {
      gain += cells[i].outcome * std::log(own / parents[i]) - cells[i].weight * (own - parents[i]);
    }
  }
  return gain;
}

}  // namespace rf::learn
