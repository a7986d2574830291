// Was it right? Predictions that were written down before their outcomes, against the outcomes.
//
// The notes count a prediction as accurate when it is within some share of what came. Of small
// counts not even the true mean is: at 8 clicks a perfect model is within 25 % half of the time. So
// that share stands next to its ceiling, what a model that knew every mean would reach, and nothing
// is decided by it; skill against the segment baseline decides.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "learn/posterior.h"
#include "learn/predict/family.h"
#include "learn/predict/score.h"

namespace rf::learn {

struct Recorded {
  double mean = 0;      // As predicted. > 0 for counts, in (0, 1) for 0/1.
  Interval interval;    // 90 %, as predicted.
  double baseline = 0;  // What the segment baseline said then.
  double outcome = 0;
  double time = 0;  // Any unit that grows.
};

// Fewer matched predictions are not reported on. Source: the notes.
constexpr std::size_t kReportFrom = 20;

enum class Trend : std::uint8_t { unknown, improving, stable, declining };
std::string_view to_string(Trend trend);

// A figure with a 95 % interval and the rows it rests on.
struct Figure {
  double value = 0;
  Interval interval;
  double n = 0;
};

struct AccuracyReport {
  Score score;
  Figure within;       // Share of rows whose outcome is within the tolerance of the prediction.
  double ceiling = 0;  // The same for a model that knows every mean (counts: Poisson).
  std::optional<double> mape;         // Over rows with an outcome other than 0.
  double bias = 0;                    // Mean of predicted less observed.
  std::optional<Figure> calibration;  // Sum observed over sum predicted; counts and 0/1.
  Figure coverage;                    // Of the 90 % intervals.
  Figure skill;  // Mean loss of the baseline less ours: above 0 it earns its keep.
  Trend trend = Trend::unknown;
};

// None for fewer than kReportFrom rows.
// REQUIRES: 0 < tolerance.
std::optional<AccuracyReport> report_accuracy(Family family, std::span<const Recorded> rows,
                                              double tolerance);

// P(|Y - mean| <= tolerance mean) for a Poisson count of that mean.
double poisson_ceiling(double mean, double tolerance);

// Off unless the whole interval of skill is above 0.
bool has_skill(const AccuracyReport& report);

}  // namespace rf::learn
