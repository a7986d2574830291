#include "decide/rules/series.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"

namespace rf::decide {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

double ratio(double numerator, double denominator, double factor) {
  if (denominator == 0 && numerator == 0) return kUnknown;
  // Spend without any conversion is a CPA without end, and above every limit.
  return factor * numerator / denominator;
}

}  // namespace

MetricSlots::MetricSlots() {
  need(Metric::spend);
  need(Metric::impressions);
}

void MetricSlots::need(Metric metric) {
  std::size_t& slot = slots_[static_cast<std::size_t>(metric)];
  if (slot != kNone) return;
  slot = metrics_.size();
  metrics_.push_back(metric);
}

void MetricSlots::need(const Term& term) {
  const Quantity& quantity = term.quantity;
  if (quantity.is_age) return;
  need(quantity.numerator);
  for (const std::optional<Metric>& metric :
       {quantity.denominator, quantity.or_numerator, quantity.or_denominator}) {
    if (metric) need(*metric);
  }
}

Series::Series(MetricSlots slots, std::size_t rows, Day first, std::int64_t days)
    : slots_(std::move(slots)), first_(first), days_(days), first_seen_(rows, kNoDay) {
  RF_CHECK(days >= 0);
  cells_.assign(rows * static_cast<std::size_t>(days) * slots_.size(), kUnknown);
}

std::size_t Series::at(std::size_t row, Day day) const {
  RF_CHECK(row < rows() && day >= first_ && day < first_ + Days(days_));
  const auto column = static_cast<std::size_t>((day - first_).count());
  return (row * static_cast<std::size_t>(days_) + column) * slots_.size();
}

std::span<double> Series::cells(std::size_t row, Day day) {
  return std::span(cells_).subspan(at(row, day), slots_.size());
}

std::span<const double> Series::cells(std::size_t row, Day day) const {
  return std::span(cells_).subspan(at(row, day), slots_.size());
}

void Series::set(std::size_t row, Day day, const Counts& counts) {
  seen(row, day);
  if (day < first_ || day >= first_ + Days(days_)) return;
  const std::span<double> own = cells(row, day);
  for (std::size_t slot = 0; slot < own.size(); ++slot) {
    const std::optional<std::int64_t> count = counts.get(slots_.metric(slot));
    own[slot] = count ? static_cast<double>(*count) : kUnknown;
  }
}

void Series::add(std::size_t row, Day day, std::span<const double> more) {
  const std::span<double> own = cells(row, day);
  RF_CHECK(own.size() == more.size());
  for (std::size_t slot = 0; slot < own.size(); ++slot) {
    if (std::isnan(more[slot])) continue;
    own[slot] = (std::isnan(own[slot]) ? 0 : own[slot]) + more[slot];
  }
}

void Series::seen(std::size_t row, Day day) {
  Day& first = first_seen_[row];
  if (first == kNoDay || day < first) first = day;
}

double Series::sum(std::size_t row, Metric metric, Day from, Day to) const {
  const std::size_t slot = slots_.slot(metric);
  RF_CHECK(slot != MetricSlots::kNone);
  from = std::max(from, first_);
  to = std::min(to, first_ + Days(days_ - 1));
  if (from > to) return kUnknown;
  double total = 0;
  bool known = false;
  const std::size_t stride = slots_.size();
  const double* cell = cells_.data() + at(row, from) + slot;
  for (std::int64_t left = (to - from).count() + 1; left > 0; --left, cell += stride) {
    if (std::isnan(*cell)) continue;
    total += *cell;
    known = true;
  }
  if (!known) return kUnknown;
  return info_of(metric).unit == MetricUnit::count ? total : total / 1e6;
}

double Series::value(std::size_t row, const Term& term, Day today) const {
  const Quantity& quantity = term.quantity;
  if (quantity.is_age) {
    const Day first = first_seen_[row];
    return first == kNoDay || first > today ? kUnknown
                                            : static_cast<double>((today - first).count());
  }
  const Day to = today - Days(1 + term.ago);
  const Day from = to - Days(term.days - 1);
  double top = sum(row, quantity.numerator, from, to);
  const bool stands_in = std::isnan(top) && quantity.or_numerator;
  if (stands_in) top = sum(row, *quantity.or_numerator, from, to);
  if (quantity.per_day) return top / static_cast<double>(term.days);
  if (!quantity.denominator) return top;
  const Metric below =
      stands_in ? quantity.or_denominator.value_or(*quantity.denominator) : *quantity.denominator;
  return ratio(top, sum(row, below, from, to), quantity.factor);
}

bool Series::runs(std::size_t row, Day today) const {
  return sum(row, Metric::impressions, today - Days(kStillDays), today - Days(1)) > 0 ||
         sum(row, Metric::spend, today - Days(kStillDays), today - Days(1)) > 0;
}

TermColumns Series::columns(std::span<const Term> terms, Day today) const {
  TermColumns columns;
  columns.among.resize(rows());
  for (std::size_t row = 0; row < rows(); ++row) {
    columns.among[row] = static_cast<std::uint8_t>(runs(row, today));
  }
  columns.values.reserve(terms.size());
  for (const Term& term : terms) {
    std::vector<double>& column = columns.values.emplace_back(rows());
    for (std::size_t row = 0; row < rows(); ++row) column[row] = value(row, term, today);
  }
  return columns;
}

}  // namespace rf::decide
