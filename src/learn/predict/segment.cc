#include "learn/predict/segment.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace rf::learn {
namespace {

// A cell's name one level deeper. Wide enough for three columns of kSegmentCodesMax codes.
std::uint64_t deeper(std::uint64_t key, std::uint32_t code) {
  return key * (kSegmentCodesMax + 1) + code + 1;
}

struct Level {
  std::unordered_map<std::uint64_t, std::size_t> place;
  std::vector<CellCount> cells;
  std::vector<double> parents;
  double strength = 1;
  double gain = 0;
};

// Where a row stands: its cell so far, and that cell's mean.
struct Standing {
  std::uint64_t key = 0;
  double mean = 0;
};

Level count_level(const Examples& examples, std::span<const Standing> standings,
                  std::uint32_t column, double within) {
  Level level;
  const std::vector<std::uint32_t>& codes = examples.frame.columns[column].codes;
  for (std::size_t row = 0; row < examples.rows(); ++row) {
    const std::uint64_t key = deeper(standings[row].key, codes[row]);
    auto [at, fresh] = level.place.try_emplace(key, level.cells.size());
    if (fresh) {
      level.cells.emplace_back();
      level.parents.push_back(standings[row].mean);
    }
    level.cells[at->second].outcome += examples.outcomes[row];
    level.cells[at->second].weight += examples.exposure_at(row);
  }
  level.strength = fit_cell_strength(examples.family, level.cells, level.parents, within);
  level.gain = cell_gain(examples.family, level.cells, level.parents, level.strength);
  // Each cell costs what a parameter costs (one unit of likelihood, Akaike), as far as it is not
  // shrunk away; for reals the gain is in units of the variance.
  double parameters = 0;
  for (const CellCount& cell : level.cells) {
    parameters += cell.weight / (cell.weight + level.strength);
  }
  level.gain -= parameters * (examples.family == Family::real ? within : 1);
  return level;
}

// The column, not yet taken, whose cells gain most; as many as there are columns for none.
std::uint32_t best_column(const Schema& schema, const Examples& examples,
                          std::span<const Standing> standings, std::span<const std::uint32_t> taken,
                          double within) {
  const auto columns = static_cast<std::uint32_t>(schema.columns.size());
  double gain = 0;
  std::uint32_t chosen = columns;
  for (std::uint32_t c = 0; c < columns; ++c) {
    const bool used = std::ranges::find(taken, c) != taken.end();
    if (used || schema.columns[c].codes() > kSegmentCodesMax) continue;
    const double found = count_level(examples, standings, c, within).gain;
    if (found > gain) {
      gain = found;
      chosen = c;
    }
  }
  return chosen;
}

double outcome_variance(const Examples& examples, double mean) {
  double sum = 0;
  for (double outcome : examples.outcomes) sum += (outcome - mean) * (outcome - mean);
  return sum / static_cast<double>(examples.rows());
}

}  // namespace

SegmentModel SegmentModel::fit(const Schema& schema, const Examples& examples) {
  SegmentModel model;
  model.family_ = examples.family;
  model.mean_ =
      mean_of(examples.family, base_margin(examples.family, examples.outcomes, examples.exposure));
  const double within = outcome_variance(examples, model.mean_);
  std::vector<Standing> standings(examples.rows(), Standing{.key = 0, .mean = model.mean_});
  while (model.columns_.size() < kSegmentDepth) {
    const std::uint32_t chosen = best_column(schema, examples, standings, model.columns_, within);
    if (chosen == schema.columns.size()) break;
    const Level level = count_level(examples, standings, chosen, within);
    std::unordered_map<std::uint64_t, double>& table = model.means_.emplace_back();
    for (auto [key, place] : level.place) {
      table[key] = shrunk(level.cells[place], level.parents[place], level.strength);
    }
    model.columns_.push_back(chosen);
    for (std::size_t row = 0; row < standings.size(); ++row) {
      Standing& standing = standings[row];
      standing.key = deeper(standing.key, examples.frame.columns[chosen].codes[row]);
      standing.mean = table[standing.key];
    }
  }
  return model;
}

double SegmentModel::mean_at(const Frame& frame, std::size_t row, std::size_t depth_max) const {
  double mean = mean_;
  std::uint64_t key = 0;
  for (std::size_t depth = 0; depth < depth_max; ++depth) {
    key = deeper(key, frame.columns[columns_[depth]].codes[row]);
    auto found = means_[depth].find(key);
    if (found == means_[depth].end()) break;
    mean = found->second;
  }
  return mean;
}

double SegmentModel::margin_at(const Frame& frame, std::size_t row, std::size_t depth_max) const {
  double mean = mean_at(frame, row, depth_max);
  if (family_ == Family::binary) mean = std::clamp(mean, 1e-9, 1 - 1e-9);
  if (family_ == Family::count) mean = std::max(mean, 1e-12);
  return margin_of(family_, mean);
}

std::vector<double> SegmentModel::margins(const Frame& frame,
                                          std::span<const double> offsets) const {
  std::vector<double> margins(offsets.begin(), offsets.end());
  for (std::size_t row = 0; row < frame.rows; ++row) {
    margins[row] += margin_at(frame, row, columns_.size());
  }
  return margins;
}

std::vector<double> SegmentModel::explain(const Frame& frame, std::size_t row) const {
  std::vector<double> parts(frame.columns.size(), 0);
  for (std::size_t depth = 0; depth < columns_.size(); ++depth) {
    parts[columns_[depth]] = margin_at(frame, row, depth + 1) - margin_at(frame, row, depth);
  }
  return parts;
}

}  // namespace rf::learn
