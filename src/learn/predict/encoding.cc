#include "learn/predict/encoding.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/rng.h"

namespace rf::learn {
namespace {

bool is_encoded(const ColumnSchema& column) {
  return column.kind == ColumnKind::category || column.few_levels();
}

std::vector<CellCount> count_cells(const Examples& examples, std::size_t column,
                                   std::size_t codes) {
  std::vector<CellCount> cells(codes);
  const std::vector<std::uint32_t>& code = examples.frame.columns[column].codes;
  for (std::size_t row = 0; row < examples.rows(); ++row) {
    cells[code[row]].outcome += examples.outcomes[row];
    cells[code[row]].weight += examples.exposure_at(row);
  }
  return cells;
}

double mean_outcome(const Examples& examples) {
  return mean_of(examples.family,
                 base_margin(examples.family, examples.outcomes, examples.exposure));
}

double variance_of(const Examples& examples, double mean) {
  double sum = 0;
  for (double outcome : examples.outcomes) sum += (outcome - mean) * (outcome - mean);
  return sum / static_cast<double>(examples.rows());
}

}  // namespace

void TargetEncoder::lay_out(const Schema& schema) {
  const std::size_t columns = schema.columns.size();
  strength_.assign(columns, 1);
  cells_.resize(columns);
  frequency_.resize(columns);
  for (std::size_t c = 0; c < columns; ++c) {
    const ColumnSchema& column = schema.columns[c];
    const auto index = static_cast<std::uint32_t>(c);
    if (column.kind == ColumnKind::number) {
      features_.push_back({.kind = FeatureKind::number, .column = index});
    }
    if (!is_encoded(column)) continue;
    cells_[c].resize(column.codes());
    features_.push_back({.kind = FeatureKind::outcome_mean, .column = index});
    if (column.kind != ColumnKind::category) continue;
    for (std::uint32_t count : column.counts) {
      frequency_[c].push_back(static_cast<float>(std::log1p(count)));
    }
    features_.push_back({.kind = FeatureKind::frequency, .column = index});
  }
}

TargetEncoder TargetEncoder::fit(const Schema& schema, const Examples& examples) {
  TargetEncoder encoder;
  encoder.family_ = examples.family;
  encoder.mean_ = mean_outcome(examples);
  encoder.lay_out(schema);
  const double within = variance_of(examples, encoder.mean_);
  for (std::size_t c = 0; c < schema.columns.size(); ++c) {
    std::vector<CellCount>& cells = encoder.cells_[c];
    if (cells.empty()) continue;
    cells = count_cells(examples, c, cells.size());
    const std::vector<double> parents(cells.size(), encoder.mean_);
    encoder.strength_[c] = fit_cell_strength(examples.family, cells, parents, within);
  }
  return encoder;
}

void TargetEncoder::fill(const Frame& frame, FloatMatrix& matrix) const {
  matrix.rows = frame.rows;
  matrix.columns = features_.size();
  matrix.cells.resize(matrix.rows * matrix.columns);
  for (std::size_t f = 0; f < features_.size(); ++f) {
    const std::size_t c = features_[f].column;
    const FrameColumn& column = frame.columns[c];
    std::vector<float> by_code;
    if (features_[f].kind == FeatureKind::outcome_mean) {
      for (const CellCount& cell : cells_[c]) {
        const double mean = shrunk(cell, mean_, strength_[c]);
        by_code.push_back(static_cast<float>(std::clamp(mean, -3e38, 3e38)));
      }
    } else if (features_[f].kind == FeatureKind::frequency) {
      by_code = frequency_[c];
    }
    float* cell = matrix.cells.data() + f;
    for (std::size_t row = 0; row < frame.rows; ++row, cell += matrix.columns) {
      *cell = by_code.empty() ? column.numbers[row] : by_code[column.codes[row]];
    }
  }
}

FloatMatrix TargetEncoder::encode(const Frame& frame) const {
  FloatMatrix matrix;
  fill(frame, matrix);
  return matrix;
}

FloatMatrix TargetEncoder::encode_training(const Examples& examples, std::size_t parts,
                                           std::uint64_t seed) const {
  FloatMatrix matrix;
  fill(examples.frame, matrix);
  std::vector<std::uint32_t> part(examples.rows());
  const Rng rng(seed);
  for (std::size_t row = 0; row < part.size(); ++row) {
    part[row] = static_cast<std::uint32_t>(rng.split(row).below(parts));
  }
  for (std::size_t f = 0; f < features_.size(); ++f) {
    if (features_[f].kind != FeatureKind::outcome_mean) continue;
    const std::size_t c = features_[f].column;
    const std::vector<std::uint32_t>& codes = examples.frame.columns[c].codes;
    const std::size_t levels = cells_[c].size();
    std::vector<CellCount> own(levels * parts);
    for (std::size_t row = 0; row < part.size(); ++row) {
      CellCount& cell = own[codes[row] * parts + part[row]];
      cell.outcome += examples.outcomes[row];
      cell.weight += examples.exposure_at(row);
    }
    for (std::size_t i = 0; i < own.size(); ++i) {
      const CellCount& all = cells_[c][i / parts];
      own[i] = {.outcome = all.outcome - own[i].outcome, .weight = all.weight - own[i].weight};
    }
    float* cell = matrix.cells.data() + f;
    for (std::size_t row = 0; row < part.size(); ++row, cell += matrix.columns) {
      *cell = static_cast<float>(shrunk(own[codes[row] * parts + part[row]], mean_, strength_[c]));
    }
  }
  return matrix;
}

FloatMatrix ordinal_matrix(const Frame& frame) {
  FloatMatrix matrix{.rows = frame.rows, .columns = frame.columns.size()};
  matrix.cells.resize(matrix.rows * matrix.columns);
  for (std::size_t c = 0; c < matrix.columns; ++c) {
    const FrameColumn& column = frame.columns[c];
    float* cell = matrix.cells.data() + c;
    for (std::size_t row = 0; row < frame.rows; ++row, cell += matrix.columns) {
      *cell = column.numbers.empty() ? static_cast<float>(column.codes[row]) : column.numbers[row];
    }
  }
  return matrix;
}

}  // namespace rf::learn
