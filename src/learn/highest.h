// The highest point of a function, without derivatives and always by the same path.

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace rf::learn {

constexpr double kGoldenShare = 0.61803398874989485;

// Where a function with one hump on [low, high] is highest, to within `tolerance`.
// Source: golden section, Kiefer 1953, doi:10.1090/S0002-9939-1953-0055639-3.
template <typename Function>
double highest_between(const Function& height, double low, double high, double tolerance) {
  double left = high - kGoldenShare * (high - low);
  double right = low + kGoldenShare * (high - low);
  double at_left = height(left);
  double at_right = height(right);
  while (high - low > tolerance) {
    if (at_left < at_right) {
      low = left;
      left = right;
      at_left = at_right;
      right = low + kGoldenShare * (high - low);
      at_right = height(right);
    } else {
      high = right;
      right = left;
      at_right = at_left;
      left = high - kGoldenShare * (high - low);
      at_left = height(left);
    }
  }
  return (low + high) / 2;
}

using Point = std::array<double, 2>;

// The simplex of highest_near, its corners from highest to lowest.
template <typename Function>
class Simplex {
 public:
  Simplex(const Function& height, Point start) : height_(height) {
    corners_[0] = corner(start);
    corners_[1] = corner({start[0] + 0.5, start[1]});
    corners_[2] = corner({start[0], start[1] + 0.5});
    sort();
  }

  int calls() const { return calls_; }
  double rise() const { return corners_[0].height - corners_[2].height; }
  Point best() const { return corners_[0].at; }

  // One round: the lowest corner is reflected, drawn out or drawn in; failing all, the simplex
  // shrinks.
  void move() {
    Corner tried = along(1);
    if (tried.height > corners_[0].height) {
      Corner farther = along(2);
      corners_[2] = farther.height > tried.height ? farther : tried;
    } else if (tried.height > corners_[1].height) {
      corners_[2] = tried;
    } else {
      Corner nearer = along(tried.height > corners_[2].height ? 0.5 : -0.5);
      if (nearer.height > std::max(tried.height, corners_[2].height)) {
        corners_[2] = nearer;
      } else {
        shrink();
      }
    }
    sort();
  }

 private:
  struct Corner {
    Point at{};
    double height = 0;
  };

  Corner corner(Point at) {
    ++calls_;
    return {.at = at, .height = height_(at)};
  }

  // On the line from the lowest corner through the middle of the other two, beyond it by `step`.
  Corner along(double step) {
    Point to{};
    for (std::size_t i = 0; i < to.size(); ++i) {
      const double middle = (corners_[0].at[i] + corners_[1].at[i]) / 2;
      to[i] = middle + step * (middle - corners_[2].at[i]);
    }
    return corner(to);
  }

  void shrink() {
    for (std::size_t v = 1; v < corners_.size(); ++v) {
      const Point& at = corners_[v].at;
      corners_[v] = corner({(corners_[0].at[0] + at[0]) / 2, (corners_[0].at[1] + at[1]) / 2});
    }
  }

  void sort() {
    std::sort(corners_.begin(), corners_.end(),
              [](const Corner& x, const Corner& y) { return x.height > y.height; });
  }

  const Function& height_;
  std::array<Corner, 3> corners_{};
  int calls_ = 0;
};

// Where a smooth function of two variables is highest, searched from `start` in steps of about half
// a unit until a round gains less than 1e-7, or for `calls_max` calls.
// Source: Nelder & Mead 1965, doi:10.1093/comjnl/7.4.308, with its usual coefficients.
template <typename Function>
Point highest_near(const Function& height, Point start, int calls_max) {
  Simplex<Function> simplex(height, start);
  while (simplex.calls() < calls_max && simplex.rise() > 1e-7) simplex.move();
  return simplex.best();
}

}  // namespace rf::learn
