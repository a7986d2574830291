#include "learn/predict/accuracy.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

constexpr double kMass = 0.95;

Figure share_figure(double hits, double n) {
  const BetaPosterior belief{.a = 1 + hits, .b = 1 + n - hits, .n = n};
  return {.value = hits / n, .interval = central_interval(belief, kMass), .n = n};
}

double safe_margin(Family family, double mean) {
  if (family == Family::binary) mean = std::clamp(mean, 1e-9, 1 - 1e-9);
  if (family == Family::count) mean = std::max(mean, 1e-12);
  return margin_of(family, mean);
}

// Garwood's interval of a Poisson sum, over the sum predicted.
Figure calibration_figure(double observed, double predicted, double n) {
  const double tail = (1 - kMass) / 2;
  Figure figure{.value = observed / predicted, .n = n};
  figure.interval.low = observed > 0 ? gamma_quantile(observed, tail) / predicted : 0;
  figure.interval.high = gamma_quantile(observed + 1, 1 - tail) / predicted;
  return figure;
}

// Slope of the gain over the baseline along time, with its interval.
Trend trend_of(std::span<const Recorded> rows, std::span<const double> gains) {
  const double n = static_cast<double>(rows.size());
  double time = 0;
  double gain = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    time += rows[i].time / n;
    gain += gains[i] / n;
  }
  double spread = 0;
  double together = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    spread += (rows[i].time - time) * (rows[i].time - time);
    together += (rows[i].time - time) * (gains[i] - gain);
  }
  if (!(spread > 0)) return Trend::unknown;
  const double slope = together / spread;
  double squares = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double miss = (rows[i].time - time) * (gains[i] - gain - slope * (rows[i].time - time));
    squares += miss * miss;
  }
  // Errors that do not assume equal scatter (White 1980, doi:10.2307/1912934).
  const double reach = normal_quantile((1 + kMass) / 2) * std::sqrt(squares) / spread;
  if (slope - reach > 0) return Trend::improving;
  if (slope + reach < 0) return Trend::declining;
  return Trend::stable;
}

}  // namespace

std::string_view to_string(Trend trend) {
  switch (trend) {
    case Trend::unknown: return "unknown";
    case Trend::improving: return "improving";
    case Trend::stable: return "stable";
    case Trend::declining: return "declining";
  }
  check_failed(__FILE__, __LINE__, "trend has a name");
}

double poisson_ceiling(double mean, double tolerance) {
  RF_CHECK(mean > 0 && tolerance > 0);
  const double low = std::ceil(mean * (1 - tolerance) - 1e-9);
  const double high = std::floor(mean * (1 + tolerance) + 1e-9);
  if (high < low) return 0;
  const double upto = gamma_upper(high + 1, mean);
  return low > 0 ? upto - gamma_upper(low, mean) : upto;
}

std::optional<AccuracyReport> report_accuracy(Family family, std::span<const Recorded> rows,
                                              double tolerance) {
  RF_CHECK(tolerance > 0);
  if (rows.size() < kReportFrom) return std::nullopt;
  const double n = static_cast<double>(rows.size());
  AccuracyReport report;
  std::vector<double> outcomes, margins, ours, theirs, gains;
  double within = 0;
  double covered = 0;
  double relative = 0;
  double nonzero = 0;
  for (const Recorded& row : rows) {
    outcomes.push_back(row.outcome);
    margins.push_back(safe_margin(family, row.mean));
    ours.push_back(loss_of(family, row.outcome, margins.back()));
    theirs.push_back(loss_of(family, row.outcome, safe_margin(family, row.baseline)));
    gains.push_back(theirs.back() - ours.back());
    const double miss = std::abs(row.outcome - row.mean);
    within += miss <= tolerance * std::abs(row.mean) + 1e-9 ? 1 : 0;
    covered += row.outcome >= row.interval.low && row.outcome <= row.interval.high ? 1 : 0;
    report.ceiling += family == Family::count ? poisson_ceiling(row.mean, tolerance) / n : 1 / n;
    if (row.outcome == 0) continue;
    relative += miss / std::abs(row.outcome);
    nonzero += 1;
  }
  report.score = score_of(family, outcomes, margins, {});
  report.within = share_figure(within, n);
  report.coverage = share_figure(covered, n);
  if (nonzero > 0) report.mape = relative / nonzero;
  report.bias = (report.score.predicted - report.score.observed) / n;
  if (family != Family::real && report.score.predicted > 0) {
    report.calibration = calibration_figure(report.score.observed, report.score.predicted, n);
  }
  const PairedDifference gap = paired_difference(theirs, ours, kMass);
  report.skill = {.value = gap.mean, .interval = gap.interval, .n = gap.n};
  report.trend = trend_of(rows, gains);
  return report;
}

bool has_skill(const AccuracyReport& report) { return report.skill.interval.low > 0; }

}  // namespace rf::learn
