// Days of ads as rules look at them: dense cells of the few metrics that a rule asks about.

#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "decide/rules/program.h"
#include "model/calendar.h"
#include "model/metric.h"
#include "model/metric_row.h"

namespace rf::decide {

// Which metrics are kept, each in a slot.
class MetricSlots {
 public:
  // Spend and impressions are always kept: they say whether an ad ran.
  MetricSlots();

  void need(const Term& term);
  void need(Metric metric);
  std::size_t size() const { return metrics_.size(); }
  Metric metric(std::size_t slot) const { return metrics_[slot]; }
  // kNone where it is not kept.
  std::size_t slot(Metric metric) const { return slots_[static_cast<std::size_t>(metric)]; }

  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

 private:
  std::vector<Metric> metrics_;
  std::vector<std::size_t> slots_ = std::vector<std::size_t>(kMetricCount, kNone);
};

// Shape: rows (ads, or groups of them) x days x slots. A cell holds the count in the metric's own
// unit, NaN where it was not reported. Whole numbers below 2^53, so sums and differences are exact.
class Series {
 public:
  // REQUIRES: days >= 0.
  Series(MetricSlots slots, std::size_t rows, Day first, std::int64_t days);

  const MetricSlots& slots() const { return slots_; }
  std::size_t rows() const { return first_seen_.size(); }
  Day first() const { return first_; }
  std::int64_t days() const { return days_; }

  // The cells of one row and day, one for each slot.
  // REQUIRES: row < rows(), first() <= day < first() + days().
  std::span<double> cells(std::size_t row, Day day);
  std::span<const double> cells(std::size_t row, Day day) const;

  // Replaces the counts of a day. Days outside are left out.
  void set(std::size_t row, Day day, const Counts& counts);

  // Adds cells of another series with the same slots; what only one side reports stays its own.
  void add(std::size_t row, Day day, std::span<const double> more);

  // Says that the row had a day as early as this.
  void seen(std::size_t row, Day day);
  Day first_seen(std::size_t row) const { return first_seen_[row]; }

  // The metric over the days from `from` to `to`, both included, in the currency unit or as a
  // count; NaN where no day reports it.
  double sum(std::size_t row, Metric metric, Day from, Day to) const;

  // The term as of the morning of `today`.
  double value(std::size_t row, const Term& term, Day today) const;

  // Whether it was shown in the last kStillDays before `today`.
  bool runs(std::size_t row, Day today) const;

  // One column for each term. Percentiles are taken over the rows that run.
  TermColumns columns(std::span<const Term> terms, Day today) const;

 private:
  std::size_t at(std::size_t row, Day day) const;

  MetricSlots slots_;
  Day first_;
  std::int64_t days_ = 0;
  std::vector<Day> first_seen_;  // kNoDay: never.
  std::vector<double> cells_;
};

// An ad that was not shown for so long does not run. Chosen: exports may lack the last day or two.
inline constexpr std::int64_t kStillDays = 3;

}  // namespace rf::decide
