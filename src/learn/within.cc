#include "learn/within.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <Eigen/Dense>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// What is left of a feature beside the others below this share is rounding.
constexpr double kOwnVariationMin = 1e-8;

double variance_of_count(double expected) { return 1 / (expected + 0.5); }

// Sum over units of the weighted squares about the group's weighted mean, for a spread.
double squares_within(const ComparedUnits& units, std::span<const double> counting, double spread) {
  double sum = 0;
  for (std::size_t g = 0; g + 1 < units.starts.size(); ++g) {
    double weights = 0;
    double first = 0;
    double second = 0;
    for (std::size_t i = units.starts[g]; i < units.starts[g + 1]; ++i) {
      const double weight = 1 / (spread + counting[i]);
      weights += weight;
      first += weight * units.log_rate[i];
      second += weight * units.log_rate[i] * units.log_rate[i];
    }
    sum += std::max(0.0, second - first * first / weights);
  }
  return sum;
}

// The spread at which those squares equal their degrees of freedom; they fall as it grows.
double fit_spread(const ComparedUnits& units, std::span<const double> counting) {
  const auto freedom =
      static_cast<double>(units.log_rate.size()) - static_cast<double>(units.starts.size() - 1);
  if (freedom < 1 || squares_within(units, counting, 0) <= freedom) return 0;
  double low = 0;
  double high = 1;
  while (squares_within(units, counting, high) > freedom && high < 1e6) high *= 4;
  // 24 halvings: to 1e-7 of the range, far below what the data can tell.
  for (int round = 0; round < 24; ++round) {
    const double middle = (low + high) / 2;
    (squares_within(units, counting, middle) > freedom ? low : high) = middle;
  }
  return (low + high) / 2;
}

// Sums over one cluster of centred columns, the last of which is y.
template <int Columns>
using Moments = Eigen::Matrix<double, Columns + 1, Columns + 1>;

template <int Columns>
using Row = Eigen::Matrix<double, Columns + 1, 1>;

// The weighted mean of one cluster's units.
template <int Columns>
struct Centre {
  Row<Columns> mean = Row<Columns>::Zero();
  double weights = 0;
  std::size_t used = 0;
};

template <int Columns, typename Read>
Centre<Columns> centre_of(const ComparedUnits& units, std::size_t cluster, const Read& read) {
  Centre<Columns> centre;
  Row<Columns> row;
  for (std::size_t i = units.starts[cluster]; i < units.starts[cluster + 1]; ++i) {
    if (!read(units.row[i], row)) continue;
    row[Columns] = units.log_rate[i];
    centre.weights += units.weight[i];
    centre.mean += units.weight[i] * row;
    ++centre.used;
  }
  if (centre.weights > 0) centre.mean /= centre.weights;
  return centre;
}

// Visits each cluster's moments. `read(row, values)` fills the columns and says whether all are
// known. Returns how many units were used.
template <int Columns, typename Read, typename Visit>
std::size_t for_each_cluster(const ComparedUnits& units, const Read& read, const Visit& visit) {
  std::size_t used = 0;
  for (std::size_t g = 0; g + 1 < units.starts.size(); ++g) {
    const Centre<Columns> centre = centre_of<Columns>(units, g, read);
    used += centre.used;
    if (centre.weights <= 0) continue;
    Row<Columns> row;
    Moments<Columns> moments = Moments<Columns>::Zero();
    for (std::size_t i = units.starts[g]; i < units.starts[g + 1]; ++i) {
      if (!read(units.row[i], row)) continue;
      row[Columns] = units.log_rate[i];
      row -= centre.mean;
      moments.noalias() += units.weight[i] * row * row.transpose();
      if (units.grouped) continue;
      visit(moments);
      moments.setZero();
    }
    if (units.grouped) visit(moments);
  }
  return used;
}

// The last column's effect beside the other columns.
template <int Columns, typename Read>
GroupEffect last_effect(const ComparedUnits& units, const Read& read) {
  GroupEffect found;
  Moments<Columns> all = Moments<Columns>::Zero();
  found.units =
      for_each_cluster<Columns>(units, read, [&](const Moments<Columns>& m) { all += m; });
  const Eigen::Matrix<double, Columns, Columns> square =
      all.template topLeftCorner<Columns, Columns>();
  for (int k = 0; k < Columns; ++k) {
    if (square(k, k) <= 0) return found;
  }
  const Eigen::Matrix<double, Columns, Columns> inverse = square.inverse();
  const double own = 1 / inverse(Columns - 1, Columns - 1);
  if (!(own > kOwnVariationMin * square(Columns - 1, Columns - 1))) return found;
  const Eigen::Matrix<double, Columns, 1> effects =
      inverse * all.template topRightCorner<Columns, 1>();
  // Of the columns, what is left of the last beside the others.
  const Eigen::Matrix<double, Columns, 1> rest = inverse.col(Columns - 1) * own;
  double scores = 0;
  double leverages = 0;
  for_each_cluster<Columns>(units, read, [&](const Moments<Columns>& m) {
    const double leverage =
        (rest.transpose() * m.template topLeftCorner<Columns, Columns>() * rest).value() / own;
    const Eigen::Matrix<double, Columns, 1> residual =
        m.template topRightCorner<Columns, 1>() -
        m.template topLeftCorner<Columns, Columns>() * effects;
    // A cluster with all the leverage would leave nothing to judge by; `freedom` refuses it.
    const double score = rest.dot(residual) / std::max(1 - leverage, 1e-3);
    scores += score * score;
    leverages += leverage * leverage;
  });
  found.effect = effects[Columns - 1];
  found.error = std::sqrt(std::max(scores / (own * own), 1 / own));
  found.freedom = 1 / leverages - 1;
  found.share = std::clamp(found.effect * found.effect * own / all(Columns, Columns), 0.0, 1.0);
  found.testable = found.freedom >= kClustersMin - 1 && std::isfinite(found.error);
  return found;
}

}  // namespace

ComparedUnits compare_units(std::vector<RatedUnit> units, bool grouped) {
  std::erase_if(units, [](const RatedUnit& unit) { return unit.exposure <= 0; });
  if (!grouped) {
    for (RatedUnit& unit : units) unit.group = 0;
  }
  std::ranges::stable_sort(units, {}, &RatedUnit::group);
  ComparedUnits compared;
  compared.grouped = grouped;
  std::vector<double> counting;
  for (std::size_t begin = 0, end = 0; begin < units.size(); begin = end) {
    double outcomes = 0;
    double exposures = 0;
    for (end = begin; end < units.size() && units[end].group == units[begin].group; ++end) {
      RF_CHECK(units[end].outcome >= 0 && std::isfinite(units[end].outcome));
      RF_CHECK(std::isfinite(units[end].exposure));
      outcomes += units[end].outcome;
      exposures += units[end].exposure;
    }
    if (end - begin < 2 || outcomes <= 0) continue;
    compared.starts.push_back(compared.row.size());
    for (std::size_t i = begin; i < end; ++i) {
      const double expected = units[i].exposure * outcomes / exposures;
      compared.row.push_back(units[i].row);
      compared.log_rate.push_back(std::log((units[i].outcome + 0.5) / (expected + 0.5)));
      counting.push_back(variance_of_count(expected));
    }
  }
  compared.starts.push_back(compared.row.size());
  compared.spread = fit_spread(compared, counting);
  compared.weight.reserve(counting.size());
  for (double variance : counting) compared.weight.push_back(1 / (compared.spread + variance));
  return compared;
}

GroupEffect effect_within(const ComparedUnits& units, FeatureValues feature) {
  return last_effect<1>(units, [feature](std::uint32_t row, Row<1>& values) {
    values[0] = static_cast<double>(feature[row]);
    return !std::isnan(values[0]);
  });
}

GroupEffect effect_of_both(const ComparedUnits& units, FeatureValues first, FeatureValues second) {
  return last_effect<3>(units, [first, second](std::uint32_t row, Row<3>& values) {
    values[0] = static_cast<double>(first[row]);
    values[1] = static_cast<double>(second[row]);
    values[2] = values[0] * values[1];
    return !std::isnan(values[2]);
  });
}

std::vector<AdjustedEffect> effects_beside_others(const ComparedUnits& units,
                                                  std::span<const FeatureValues> features) {
  const auto columns = static_cast<Eigen::Index>(features.size());
  std::vector<AdjustedEffect> found(features.size());
  std::vector<std::size_t> known;
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(columns + 1);
  Eigen::VectorXd row(columns + 1);
  auto read = [&](std::size_t unit) {
    for (Eigen::Index k = 0; k < columns; ++k) {
      row[k] = static_cast<double>(features[static_cast<std::size_t>(k)][units.row[unit]]);
    }
    row[columns] = units.log_rate[unit];
    return !row.hasNaN();
  };
  double weights = 0;
  for (std::size_t i = 0; i < units.row.size(); ++i) {
    if (!read(i)) continue;
    known.push_back(i);
    weights += units.weight[i];
    mean += units.weight[i] * row;
  }
  if (known.size() < features.size() + 2) return found;
  mean /= weights;
  Eigen::MatrixXd all = Eigen::MatrixXd::Zero(columns + 1, columns + 1);
  for (std::size_t i : known) {
    read(i);
    row -= mean;
    all.selfadjointView<Eigen::Lower>().rankUpdate(row, units.weight[i]);
  }
  all = all.selfadjointView<Eigen::Lower>();
  // A trace of ridge, so that features that say the same share an effect instead of having none.
  Eigen::MatrixXd square = all.topLeftCorner(columns, columns);
  square.diagonal() *= 1 + 1e-9;
  square.diagonal().array() += 1e-12;
  const Eigen::MatrixXd inverse = square.ldlt().solve(Eigen::MatrixXd::Identity(columns, columns));
  const Eigen::VectorXd own = inverse.diagonal().cwiseInverse();
  const Eigen::VectorXd effects = inverse * all.topRightCorner(columns, 1);
  Eigen::VectorXd scores = Eigen::VectorXd::Zero(columns);
  Eigen::VectorXd leverages = Eigen::VectorXd::Zero(columns);
  for (std::size_t i : known) {
    read(i);
    row -= mean;
    const double residual = row[columns] - effects.dot(row.head(columns));
    const Eigen::ArrayXd rest = (inverse * row.head(columns)).array() * own.array();
    const Eigen::ArrayXd leverage = units.weight[i] * rest.square() / own.array();
    scores.array() += (units.weight[i] * residual * rest / (1 - leverage).max(1e-3)).square();
    leverages.array() += leverage.square();
  }
  for (std::size_t k = 0; k < features.size(); ++k) {
    const auto at = static_cast<Eigen::Index>(k);
    GroupEffect& effect = found[k].effect;
    found[k].own_variation = all(at, at) > 0 ? own[at] / all(at, at) : 0;
    effect.effect = effects[at];
    effect.error = std::sqrt(std::max(scores[at] / (own[at] * own[at]), 1 / own[at]));
    effect.freedom = 1 / leverages[at] - 1;
    effect.units = known.size();
    effect.testable = all(at, at) > 0 && effect.freedom >= kClustersMin - 1 &&
                      found[k].own_variation > kOwnVariationMin && std::isfinite(effect.error);
  }
  return found;
}

double two_sided_p(const GroupEffect& effect) {
  RF_CHECK(effect.testable);
  const double t = effect.effect / effect.error;
  return beta_lower(effect.freedom / 2, 0.5, effect.freedom / (effect.freedom + t * t));
}

double upper_p(const GroupEffect& effect) {
  const double both = two_sided_p(effect);
  return effect.effect > 0 ? both / 2 : 1 - both / 2;
}

double half_width(const GroupEffect& effect, double miss) {
  RF_CHECK(effect.testable && miss > 0 && miss < 1);
  const double share = beta_quantile(effect.freedom / 2, 0.5, miss);
  return effect.error * std::sqrt(effect.freedom * (1 - share) / share);
}

}  // namespace rf::learn
