#include "learn/predict/adwin.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace rf::learn {
namespace {

// Source: the authors' choice of 5.
constexpr std::size_t kStretchesEach = 5;
// Looking after every value costs 32 times as much and finds a change no more than 32 values
// sooner.
constexpr std::size_t kCheckEvery = 32;
// Shorter parts are not compared.
constexpr double kPartMin = 5;

}  // namespace

AdaptiveWindow::AdaptiveWindow(double top, double delta) : top_(top), delta_(delta) {
  RF_CHECK(top > 0 && delta > 0 && delta < 1);
}

bool AdaptiveWindow::add(double value) {
  const double scaled = std::clamp(value, 0.0, top_) / top_;
  stretches_.push_back({.n = 1, .sum = scaled, .squares = 0});
  n_ += 1;
  sum_ += scaled;
  compress();
  if (++since_check_ < kCheckEvery) return false;
  since_check_ = 0;
  bool changed = false;
  while (cut_once()) changed = true;
  return changed;
}

void AdaptiveWindow::compress() {
  // From the newest back: where six stretches have one length, the two oldest of them become one.
  std::size_t end = stretches_.size();
  while (end > 0) {
    std::size_t begin = end;
    while (begin > 0 && stretches_[begin - 1].n == stretches_[end - 1].n) --begin;
    if (end - begin <= kStretchesEach) return;
    Stretch& first = stretches_[begin];
    const Stretch& second = stretches_[begin + 1];
    const double gap = first.sum / first.n - second.sum / second.n;
    first.squares += second.squares + gap * gap * first.n * second.n / (first.n + second.n);
    first.n += second.n;
    first.sum += second.sum;
    stretches_.erase(stretches_.begin() + static_cast<std::ptrdiff_t>(begin) + 1);
    end = begin + 1;
  }
}

double AdaptiveWindow::variance() const {
  double squares = 0;
  const double mean = sum_ / n_;
  for (const Stretch& stretch : stretches_) {
    const double gap = stretch.sum / stretch.n - mean;
    squares += stretch.squares + stretch.n * gap * gap;
  }
  return squares / n_;
}

bool AdaptiveWindow::cut_once() {
  if (n_ < 2 * kPartMin) return false;
  const double log_term = std::log(2 * std::log(n_) / delta_);
  const double spread = variance();
  double old_n = 0;
  double old_sum = 0;
  for (std::size_t i = 0; i + 1 < stretches_.size(); ++i) {
    old_n += stretches_[i].n;
    old_sum += stretches_[i].sum;
    const double new_n = n_ - old_n;
    if (old_n < kPartMin || new_n < kPartMin) continue;
    const double gap = std::abs(old_sum / old_n - (sum_ - old_sum) / new_n);
    const double inverse = 1 / old_n + 1 / new_n;
    const double allowed =
        std::sqrt(2 * inverse * spread * log_term) + 2.0 / 3 * inverse * log_term;
    if (gap > allowed) {
      n_ -= stretches_.front().n;
      sum_ -= stretches_.front().sum;
      stretches_.pop_front();
      return true;
    }
  }
  return false;
}

}  // namespace rf::learn
