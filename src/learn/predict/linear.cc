#include "learn/predict/linear.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/check.h"
#include "learn/predict/json_fields.h"

namespace rf::learn {
namespace {

// Numbers farther out than this many deviations count as if they were there.
constexpr double kReachMax = 4;

std::uint64_t mixed(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9U;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

void LinearModel::lay_out(const Schema& schema) {
  first_.clear();
  mean_.clear();
  scale_.clear();
  std::size_t next = 0;
  for (const ColumnSchema& column : schema.columns) {
    first_.push_back(next);
    next += column.codes();
    const bool number = column.kind == ColumnKind::number;
    mean_.push_back(number ? column.mean : 0);
    scale_.push_back(number ? 1 / column.deviation : 0);
  }
  number_first_ = next;
  pair_first_ = next + schema.columns.size();
  weights_.assign(pair_first_ + (pairs_.empty() ? 0 : kPairSlots), 0);
}

std::uint32_t LinearModel::pair_slot(const Frame& frame, std::size_t pair, std::size_t row) const {
  const auto [a, b] = pairs_[pair];
  const std::uint64_t key =
      (std::uint64_t{frame.columns[a].codes[row]} << 32) | frame.columns[b].codes[row];
  const std::uint64_t slot = mixed(key + mixed(pair + 1)) % kPairSlots;
  return static_cast<std::uint32_t>(pair_first_ + slot);
}

// The design as it is walked: indices of the features that are 1, and the scaled numbers.
class LinearFit {
 public:
  LinearFit(LinearModel& model, const Examples& examples, double ridge)
      : model_(model), examples_(examples), ridge_(ridge) {
    lay_out_rows();
  }

  void run() {
    const std::size_t size = used_.size() + 1;
    std::vector<double> at;
    for (std::size_t place : used_) at.push_back(model_.weights_[place]);
    at.push_back(model_.intercept_);
    std::vector<double> margins = margins_at(at);
    double value = value_at(at, margins);
    // Chosen: the last steps change the loss by less than 1e-6 of itself.
    for (int step = 0; step < 25; ++step) {
      std::vector<double> gradient(size, 0);
      slopes(margins, at, gradient);
      std::vector<double> direction = newton_direction(gradient);
      const double before = value;
      value = move_along(at, direction, margins, value, dot(gradient, direction));
      if (!(before - value > 1e-6 * std::abs(before))) break;
    }
    model_.intercept_ = at.back();
    for (std::size_t i = 0; i < used_.size(); ++i) model_.weights_[used_[i]] = at[i];
  }

 private:
  void lay_out_rows() {
    const Frame& frame = examples_.frame;
    const std::size_t columns = frame.columns.size();
    width_ = columns + model_.pairs_.size();
    indices_.resize(frame.rows * width_);
    for (std::size_t c = 0; c < columns; ++c) {
      for (std::size_t row = 0; row < frame.rows; ++row) {
        indices_[row * width_ + c] =
            static_cast<std::uint32_t>(model_.first_[c] + frame.columns[c].codes[row]);
      }
      if (model_.scale_[c] != 0) numeric_.push_back(static_cast<std::uint32_t>(c));
    }
    for (std::size_t p = 0; p < model_.pairs_.size(); ++p) {
      for (std::size_t row = 0; row < frame.rows; ++row) {
        indices_[row * width_ + columns + p] = model_.pair_slot(frame, p, row);
      }
    }
    numbers_.resize(frame.rows * numeric_.size());
    for (std::size_t k = 0; k < numeric_.size(); ++k) {
      const std::size_t c = numeric_[k];
      for (std::size_t row = 0; row < frame.rows; ++row) {
        numbers_[row * numeric_.size() + k] = static_cast<float>(scaled(model_, frame, c, row));
      }
    }
    offsets_ = offsets_of(examples_.family, examples_.exposure, frame.rows);
    number_used();
  }

  // Weights that no row touches stay 0; the others are numbered without gaps.
  void number_used() {
    std::vector<std::uint32_t> number(model_.weights_.size(), 0);
    for (std::uint32_t index : indices_) number[index] = 1;
    for (std::uint32_t c : numeric_) number[model_.number_first_ + c] = 1;
    for (std::size_t place = 0; place < number.size(); ++place) {
      if (number[place] == 0) continue;
      number[place] = static_cast<std::uint32_t>(used_.size());
      used_.push_back(place);
    }
    for (std::uint32_t& index : indices_) index = number[index];
    for (std::uint32_t& c : numeric_) c = number[model_.number_first_ + c];
  }

 public:
  static double scaled(const LinearModel& model, const Frame& frame, std::size_t c,
                       std::size_t row) {
    const double x = static_cast<double>(frame.columns[c].numbers[row]);
    if (std::isnan(x)) return 0;
    return std::clamp((x - model.mean_[c]) * model.scale_[c], -kReachMax, kReachMax);
  }

 private:
  double row_dot(std::span<const double> weights, std::size_t row) const {
    double sum = weights.back();
    for (std::size_t k = 0; k < width_; ++k) sum += weights[indices_[row * width_ + k]];
    for (std::size_t k = 0; k < numeric_.size(); ++k) {
      sum += weights[numeric_[k]] * static_cast<double>(numbers_[row * numeric_.size() + k]);
    }
    return sum;
  }

  void add_row(std::span<double> to, std::size_t row, double amount) const {
    to.back() += amount;
    for (std::size_t k = 0; k < width_; ++k) to[indices_[row * width_ + k]] += amount;
    for (std::size_t k = 0; k < numeric_.size(); ++k) {
      to[numeric_[k]] += amount * static_cast<double>(numbers_[row * numeric_.size() + k]);
    }
  }

  std::vector<double> margins_at(std::span<const double> at) const {
    std::vector<double> margins(examples_.rows());
    for (std::size_t row = 0; row < margins.size(); ++row) {
      margins[row] = offsets_[row] + row_dot(at, row);
    }
    return margins;
  }

  double value_at(std::span<const double> at, std::span<const double> margins) const {
    double value = 0;
    for (std::size_t row = 0; row < margins.size(); ++row) {
      value += loss_of(examples_.family, examples_.outcomes[row], margins[row]);
    }
    const std::span<const double> weights = at.first(at.size() - 1);
    return value + 0.5 * ridge_ * dot(weights, weights);
  }

  void slopes(std::span<const double> margins, std::span<const double> at,
              std::vector<double>& gradient) {
    curvature_.resize(margins.size());
    diagonal_.assign(at.size(), ridge_);
    diagonal_.back() = 1e-9;
    for (std::size_t i = 0; i + 1 < at.size(); ++i) gradient[i] = ridge_ * at[i];
    for (std::size_t row = 0; row < margins.size(); ++row) {
      const Slope slope = slope_of(examples_.family, examples_.outcomes[row], margins[row]);
      curvature_[row] = std::max(slope.second, 1e-9);
      add_row(gradient, row, slope.first);
      for (std::size_t k = 0; k < width_; ++k) {
        diagonal_[indices_[row * width_ + k]] += curvature_[row];
      }
      diagonal_.back() += curvature_[row];
    }
    // A scaled number has about unit variance.
    for (std::uint32_t place : numeric_) diagonal_[place] = ridge_ + diagonal_.back();
  }

  std::vector<double> hessian_times(std::span<const double> v) const {
    std::vector<double> product(v.size(), 0);
    for (std::size_t i = 0; i + 1 < v.size(); ++i) product[i] = ridge_ * v[i];
    for (std::size_t row = 0; row < curvature_.size(); ++row) {
      add_row(product, row, curvature_[row] * row_dot(v, row));
    }
    return product;
  }

  // Solves H d = -g by conjugate gradients, preconditioned by the diagonal.
  // Source: Nocedal & Wright 2006, algorithm 7.1; Lin, Weng & Keerthi 2008 (TRON).
  std::vector<double> newton_direction(std::span<const double> gradient) const {
    std::vector<double> d(gradient.size(), 0);
    std::vector<double> r(gradient.begin(), gradient.end());
    for (double& each : r) each = -each;
    std::vector<double> z(r.size());
    for (std::size_t i = 0; i < r.size(); ++i) z[i] = r[i] / diagonal_[i];
    std::vector<double> p = z;
    double rz = dot(r, z);
    const double target = rz * 1e-3;
    for (int k = 0; k < 40 && rz > target; ++k) {
      const std::vector<double> hp = hessian_times(p);
      const double step = rz / dot(p, hp);
      for (std::size_t i = 0; i < d.size(); ++i) {
        d[i] += step * p[i];
        r[i] -= step * hp[i];
        z[i] = r[i] / diagonal_[i];
      }
      const double next = dot(r, z);
      for (std::size_t i = 0; i < p.size(); ++i) p[i] = z[i] + next / rz * p[i];
      rz = next;
    }
    return d;
  }

  // Halves the step until the loss falls; the loss where it ends.
  double move_along(std::vector<double>& at, std::span<const double> direction,
                    std::vector<double>& margins, double value, double slope) const {
    for (double step = 1; step > 1e-6; step /= 2) {
      std::vector<double> tried(at);
      for (std::size_t i = 0; i < at.size(); ++i) tried[i] += step * direction[i];
      std::vector<double> tried_margins = margins_at(tried);
      const double reached = value_at(tried, tried_margins);
      if (reached <= value + 1e-4 * step * slope) {
        at = std::move(tried);
        margins = std::move(tried_margins);
        return reached;
      }
    }
    return value;
  }

  LinearModel& model_;
  const Examples& examples_;
  double ridge_;
  std::size_t width_ = 0;
  std::vector<std::uint32_t> indices_;
  std::vector<std::uint32_t> numeric_;  // Columns with a number, then the places of their weights.
  std::vector<std::size_t> used_;       // Places in the model's weights.
  std::vector<float> numbers_;
  std::vector<double> offsets_;
  std::vector<double> curvature_;
  std::vector<double> diagonal_;
};

LinearModel LinearModel::fit(const Schema& schema, const Examples& examples,
                             const LinearSettings& settings, const LinearModel* start) {
  RF_CHECK(examples.rows() > 0 && examples.frame.columns.size() == schema.columns.size());
  LinearModel model;
  model.pairs_ = settings.pairs;
  model.lay_out(schema);
  if (start != nullptr) {
    RF_CHECK(start->weights_.size() == model.weights_.size());
    model.weights_ = start->weights_;
    model.intercept_ = start->intercept_;
  } else {
    model.intercept_ = base_margin(examples.family, examples.outcomes, examples.exposure);
  }
  LinearFit(model, examples, settings.ridge).run();
  return model;
}

double LinearModel::score(const Frame& frame, std::size_t row) const {
  double sum = intercept_;
  for (std::size_t c = 0; c < first_.size(); ++c) {
    sum += weights_[first_[c] + frame.columns[c].codes[row]];
    if (scale_[c] != 0)
      sum += weights_[number_first_ + c] * LinearFit::scaled(*this, frame, c, row);
  }
  for (std::size_t p = 0; p < pairs_.size(); ++p) sum += weights_[pair_slot(frame, p, row)];
  return sum;
}

std::vector<double> LinearModel::margins(const Frame& frame,
                                         std::span<const double> offsets) const {
  RF_CHECK(frame.columns.size() == first_.size() && offsets.size() == frame.rows);
  std::vector<double> margins(offsets.begin(), offsets.end());
  for (std::size_t row = 0; row < frame.rows; ++row) margins[row] += score(frame, row);
  return margins;
}

std::vector<double> LinearModel::explain(const Frame& frame, std::size_t row) const {
  std::vector<double> parts(first_.size(), 0);
  for (std::size_t c = 0; c < first_.size(); ++c) {
    parts[c] = weights_[first_[c] + frame.columns[c].codes[row]];
    if (scale_[c] != 0) {
      parts[c] += weights_[number_first_ + c] * LinearFit::scaled(*this, frame, c, row);
    }
  }
  for (std::size_t p = 0; p < pairs_.size(); ++p) {
    const double half = weights_[pair_slot(frame, p, row)] / 2;
    parts[pairs_[p].first] += half;
    parts[pairs_[p].second] += half;
  }
  return parts;
}

}  // namespace rf::learn
