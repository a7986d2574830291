// Who stays, second by second, laid over what is on the screen: the rate at which those still
// watching leave in each stretch between the curve's points, beside the account's usual one.
//
// What stands beside a high rate was on the screen when people left; whether it made them leave
// only an experiment can tell.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "base/result.h"
#include "model/features.h"

namespace rf::video {

// Of those who began, the share still watching at a time of the film.
struct RetentionPoint {
  double t_s = 0;
  double share = 0;
};

struct RetentionCurve {
  std::vector<RetentionPoint> points;  // By time; the first is at 0.
  std::optional<std::int64_t> plays;   // Those who began; none: not known, so no intervals.
};

// Counts that platforms report at parts of the film; what is not reported is left out.
struct WatchedTo {
  std::int64_t plays = 0;
  std::optional<std::int64_t> three_seconds;
  std::optional<std::int64_t> p25;
  std::optional<std::int64_t> p50;
  std::optional<std::int64_t> p75;
  std::optional<std::int64_t> p95;
  std::optional<std::int64_t> p100;
  std::optional<std::int64_t> thruplay;  // 15 s, or to the end of a shorter film.
};

// Errors: invalid: without plays, a count above plays, or one above that of an earlier moment.
Result<RetentionCurve> curve_of_counts(const WatchedTo& counts, double duration_s);

// Shares at evenly spaced moments, the first at 0 and the last at the film's end.
// Errors: invalid: fewer than two values, or one that is negative or not finite.
Result<RetentionCurve> curve_of_even(const std::vector<double>& shares, double duration_s);

// The play curve of 22 values by second: 0 to 14 each, then the stretches to 20, 25, 30, 40, 50, 60
// and beyond, of which each value holds from the stretch's beginning; moments after the film's end
// are left out. Values may be shares or percentages.
// Errors: invalid: not 22 values, or as of curve_of_even().
// Source: Meta Marketing API, video_play_curve_actions.
Result<RetentionCurve> curve_of_seconds(const std::vector<double>& values, double duration_s);

struct Leaving {
  double start_s = 0;
  double end_s = 0;
  double stay_share = 0;  // Of those who began, at the end of the stretch.
  // Of those watching, the share that leaves in a second, as a rate; negative where people jump
  // back in. Interval of 90 % by Wilson; none without plays.
  double hazard = 0;
  std::optional<double> low;
  std::optional<double> high;
  std::optional<std::int64_t> n;        // Watching at the beginning of the stretch.
  std::optional<double> usual;          // The average curve's hazard at the same share of the film.
  std::optional<double> against_usual;  // By how much it is above or below that, 0 is alike.
  std::vector<std::string> on_screen;   // "cut", "face", "text: …", "much motion", "speech", …
};

// REQUIRES: curve.points are two or more, by time; those of `average` too, whose film lasted
// average_duration_s.
std::vector<Leaving> leaving(const Features& features, const RetentionCurve& curve,
                             const RetentionCurve* average, double average_duration_s);

}  // namespace rf::video

template <>
struct rf::Described<rf::video::Leaving> {
  using Self = rf::video::Leaving;
  static constexpr auto fields =
      std::tuple{field("start_s", &Self::start_s, "from"),
                 field("end_s", &Self::end_s, "to"),
                 field("stay_share", &Self::stay_share, "still watching at its end"),
                 field("hazard", &Self::hazard, "rate of leaving, a second"),
                 field("low", &Self::low, "of the hazard, 90 %"),
                 field("high", &Self::high, "its other end"),
                 field("n", &Self::n, "watching at its beginning"),
                 field("usual", &Self::usual, "the account's hazard there"),
                 field("against_usual", &Self::against_usual, "hazard by the usual one, less 1"),
                 field("on_screen", &Self::on_screen, "what is seen and heard meanwhile")};
};
