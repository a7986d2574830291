// Where a daily figure is heading, with honest bands: a local level and a damped local slope.
//
//   y_t = l_t + e_t           what a day shows, a logarithm
//   l_t = l_(t-1) + b_t + u_t  the level; it may wander
//   b_t = phi b_(t-1) + w_t   the slope; it fades, because no growth goes on for ever
//
// The variances of u and of the stationary slope, in units of that of e, and phi are not fitted but
// averaged over a grid, each point with its marginal likelihood (e's variance integrated out
// under Jeffreys' prior): so the bands hold the doubt about the model itself, and a forecast is a
// mixture of Student's t.
//
// For a claim of growth the series is ln(optimised/hold-out), the hold-out a share of the spend
// that runs at the same time and is never optimised: season, market and creative wear hit both.
// Source: Harvey 1989, "Forecasting, Structural Time Series Models and the Kalman Filter", 2.3 and
// 4.1; damping, Gardner & McKenzie 1985, doi:10.1287/mnsc.31.10.1237.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "learn/posterior.h"

namespace rf::learn {

// Fewer days with a value than this are not enough data. Chosen: four weeks, so that every day of
// the week is seen four times and a slope of a week's noise is seen to fade.
inline constexpr std::size_t kTrajectoryDaysMin = 28;

// For a word about a year. Chosen: eight weeks; with four, one series in ten of pure noise is given
// more than 1 % of a tenfold year (learn/trajectory_test.cc).
inline constexpr std::size_t kTrajectoryYearDaysMin = 56;

// The longest series, first day to last. Chosen: 27 years, which takes about a second.
inline constexpr std::int64_t kTrajectorySpanMax = 10000;

struct DailyLog {
  std::int64_t day = 0;
  double value = 0;  // The logarithm of what the day showed.
};

// What a single later day will show, noise of that day included. Units: logarithms.
struct TrajectoryForecast {
  double median = 0;
  Interval likely80;
  Interval likely95;
};

class Trajectory {
 public:
  // None where there is not enough data. Days that are absent between others are allowed for.
  // REQUIRES: days strictly increasing, their span at most kTrajectorySpanMax; finite values.
  // Cost: O(span).
  static std::optional<Trajectory> fit(std::span<const DailyLog> days);

  // `ahead` days after the last.
  // REQUIRES: 1 <= ahead <= kTrajectorySpanMax.
  TrajectoryForecast at(std::int64_t ahead) const;

  // P(the level `ahead` days after the last >= `factor` times the level of the first day), noise
  // of single days excluded.
  // REQUIRES: factor > 0; ahead as at().
  double chance_of_growth(double factor, std::int64_t ahead) const;

  std::size_t days() const { return days_; }

 private:
  // One point of the grid, after the last day. Variances are in units of `noise`.
  struct Model {
    double weight = 0;
    double noise = 0;  // Of a day, squared.
    double fade = 0;   // phi.
    double wander = 0;
    double slope_step = 0;
    double level = 0;
    double slope = 0;
    double gain = 0;  // Level less the first day's.
    double var_level = 0;
    double var_slope = 0;
    double cov_level_slope = 0;
    double var_gain = 0;
    double cov_gain_slope = 0;
  };
  // Student's t, `days_ - 1` degrees of freedom.
  struct Part {
    double weight = 0;
    double centre = 0;
    double scale = 0;
  };
  enum class Of : std::uint8_t { day, gain };

  std::vector<Part> parts_at(std::int64_t ahead, Of what) const;
  double chance_above(std::span<const Part> parts, double bound) const;
  double quantile(std::span<const Part> parts, double p) const;

  std::vector<Model> models_;
  std::size_t days_ = 0;

  friend class TrajectoryFilter;
};

// Growth as two days would have it: d = (last/first)^(1/days) - 1, carried on for ever. Kept
// because people ask for it; noise of two days is all it takes to "project" 10x: +20 % in 30 days
// becomes 9.2x in a year.
struct NaiveGrowth {
  double first = 0;
  double d = 0;

  // first (1 + d)^days, days counted from the first; infinite where it is beyond a double.
  double after(double days) const;
};

// REQUIRES: first and last > 0, days > 0.
NaiveGrowth naive_growth(double first, double last, double days);

}  // namespace rf::learn
