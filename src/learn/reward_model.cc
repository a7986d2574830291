#include "learn/reward_model.h"

#include <algorithm>
#include <utility>

#include <Eigen/Dense>

#include "base/rng.h"

namespace rf::learn {
namespace {

// Chosen: an action seen ten times has half of its level of its own, one seen fifty times half of
// its slopes.
constexpr double kLevelRows = 10;
constexpr double kSlopeRows = 50;

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

// What least squares needs of an action's rows.
struct ActionSums {
  double rows = 0;
  double reward = 0;  // Mean.
  Vector context;     // Mean.
  Matrix scatter;     // Of the context about its mean.
  Vector cross;       // Of context and reward about theirs.
};

class Fold {
 public:
  Fold(const DecisionLog& log, std::size_t fold) : log_(log), by_action_(log.actions) {
    for (std::size_t i = 0; i < log.rows.size(); ++i) {
      if (fold_of(i) != fold) continue;
      by_action_[log.rows[i].action].push_back(i);
      ++rows_;
    }
  }

  double rows() const { return static_cast<double>(rows_); }

  ActionSums sums_of(std::size_t action) const {
    const auto columns = static_cast<Eigen::Index>(log_.contexts);
    ActionSums sums{.rows = static_cast<double>(by_action_[action].size()),
                    .reward = 0,
                    .context = Vector::Zero(columns),
                    .scatter = Matrix::Zero(columns, columns),
                    .cross = Vector::Zero(columns)};
    if (sums.rows == 0) return sums;
    for (std::size_t row : by_action_[action]) {
      sums.reward += log_.rows[row].reward / sums.rows;
      sums.context += context_at(row) / sums.rows;
    }
    for (std::size_t row : by_action_[action]) {
      const Vector own = context_at(row) - sums.context;
      sums.scatter += own * own.transpose();
      sums.cross += own * (log_.rows[row].reward - sums.reward);
    }
    return sums;
  }

 private:
  Vector context_at(std::size_t row) const {
    Vector found(static_cast<Eigen::Index>(log_.contexts));
    std::copy_n(log_.context.begin() + static_cast<std::ptrdiff_t>(row * log_.contexts),
                log_.contexts, found.begin());
    return found;
  }

  const DecisionLog& log_;
  std::vector<std::vector<std::size_t>> by_action_;
  std::size_t rows_ = 0;
};

// What all actions have in common.
struct Shared {
  double reward = 0;
  Vector context;
  Vector slopes;
};

Shared fit_shared(const Fold& fold, std::size_t actions, Eigen::Index columns) {
  Shared shared{.reward = 0, .context = Vector::Zero(columns), .slopes = Vector::Zero(columns)};
  Matrix scatter = Matrix::Identity(columns, columns) * kSlopeRows;
  Vector cross = Vector::Zero(columns);
  for (std::size_t a = 0; a < actions; ++a) {
    const ActionSums sums = fold.sums_of(a);
    shared.reward += sums.reward * sums.rows / fold.rows();
    shared.context += sums.context * (sums.rows / fold.rows());
    scatter += sums.scatter;
    cross += sums.cross;
  }
  if (columns > 0) shared.slopes = scatter.ldlt().solve(cross);
  return shared;
}

}  // namespace

RewardModel::RewardModel(std::vector<double> levels, std::vector<double> slopes)
    : levels_(std::move(levels)), slopes_(std::move(slopes)) {}

double RewardModel::of(const DecisionLog& log, std::size_t row, std::size_t action) const {
  double sum = levels_[action];
  for (std::size_t j = 0; j < log.contexts; ++j) {
    sum += slopes_[action * log.contexts + j] * log.context[row * log.contexts + j];
  }
  return sum;
}

std::size_t fold_of(std::size_t row) { return Rng(row).next() & 1; }

RewardModel fit_rewards(const DecisionLog& log, std::size_t fold) {
  std::vector<double> levels(log.actions, 0);
  std::vector<double> slopes(log.actions * log.contexts, 0);
  const Fold half(log, fold);
  if (half.rows() == 0) return {std::move(levels), std::move(slopes)};
  const auto columns = static_cast<Eigen::Index>(log.contexts);
  const Shared shared = fit_shared(half, log.actions, columns);
  for (std::size_t a = 0; a < log.actions; ++a) {
    const ActionSums sums = half.sums_of(a);
    Vector own = shared.slopes;
    if (columns > 0 && sums.rows > 0) {
      const Matrix ridge = sums.scatter + kSlopeRows * Matrix::Identity(columns, columns);
      own = ridge.ldlt().solve(Vector(sums.cross + kSlopeRows * shared.slopes));
    }
    const double weight = sums.rows / (sums.rows + kLevelRows);
    const double own_level = sums.reward - own.dot(sums.context);
    const double shared_level = shared.reward - own.dot(shared.context);
    levels[a] = weight * own_level + (1 - weight) * shared_level;
    std::copy(own.begin(), own.end(),
              slopes.begin() + static_cast<std::ptrdiff_t>(a * log.contexts));
  }
  return {std::move(levels), std::move(slopes)};
}

}  // namespace rf::learn
