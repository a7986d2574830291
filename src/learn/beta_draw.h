// Many draws from one beta belief, each for the price of a normal.

#pragma once

#include <algorithm>
#include <cmath>

#include "base/rng.h"
#include "learn/posterior.h"

namespace rf::learn {

// A belief made ready for many draws. A beta of a successes and mean m is close to m times a gamma
// of mean 1 and shape a/(1 - m), which has its variance; and a gamma's cube root is close to
// normal.
// Source: Wilson & Hilferty 1931, doi:10.1073/pnas.17.12.684; below 1e-3 of the deviation here.
class BetaDraw {
 public:
  // From this many successes and failures a beta is drawn through a normal.
  static constexpr double kNormalFrom = 10;

  explicit BetaDraw(const BetaPosterior& belief)
      : a_(belief.a), b_(belief.b), mean_(belief.a / (belief.a + belief.b)) {
    const double shape = a_ / (1 - mean_);
    middle_ = 1 - 1 / (9 * shape);
    slope_ = 1 / (3 * std::sqrt(shape));
    deviation_ = mean_ / std::sqrt(shape);
  }

  double mean() const { return mean_; }
  double deviation() const { return deviation_; }

  double operator()(Rng& rng) const {
    if (std::min(a_, b_) < kNormalFrom) return rng.beta(a_, b_);
    const double root = middle_ + slope_ * rng.normal();
    return mean_ * root * root * root;
  }

 private:
  double a_;
  double b_;
  double mean_;
  double middle_ = 0;
  double slope_ = 0;
  double deviation_ = 0;
};

}  // namespace rf::learn
