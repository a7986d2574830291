// A window over a stream of losses that shrinks when the mean inside it has changed.
//
// The window is kept as sums over stretches of 1, 2, 4, … values, at most five of each length, so
// memory is logarithmic. It is cut where two parts differ by more than chance allows.
// Source: Bifet & Gavalda 2007, doi:10.1137/1.9781611972771.42 (ADWIN2).

#pragma once

#include <cstddef>
#include <deque>
#include <vector>

namespace rf::learn {

class AdaptiveWindow {
 public:
  // Values are clipped to [0, top]; `delta` bounds the chance of a false cut at each check.
  // REQUIRES: top > 0, 0 < delta < 1.
  AdaptiveWindow(double top, double delta);

  // True when the window was cut: the mean has changed.
  bool add(double value);

  double mean() const { return n_ > 0 ? sum_ / n_ * top_ : 0; }
  double size() const { return n_; }

 private:
  struct Stretch {
    double n = 0;
    double sum = 0;
    double squares = 0;  // About the stretch's own mean.
  };

  void compress();
  bool cut_once();
  double variance() const;

  double top_;
  double delta_;
  double n_ = 0;
  double sum_ = 0;
  std::deque<Stretch> stretches_;  // Oldest first.
  std::size_t since_check_ = 0;
};

}  // namespace rf::learn
