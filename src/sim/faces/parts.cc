#include "sim/faces/parts.h"

#include <cmath>

namespace rf::sim {
namespace {

Counts share_of(const Counts& counts, double from, double to) {
  Counts part;
  for (const MetricInfo& info : all_metrics()) {
    if (!counts.has(info.metric)) continue;
    const auto whole = static_cast<double>(counts.or_zero(info.metric));
    // Whole conversions stay whole: they are counted in millionths.
    const double step = info.unit == MetricUnit::micros_count ? 1e6 : 1;
    const auto at = [&](double share) {
      return static_cast<std::int64_t>(std::floor(whole / step * share + 1e-9) * step);
    };
    part.set(info.metric, (to >= 1 ? counts.or_zero(info.metric) : at(to)) - at(from));
  }
  return part;
}

}  // namespace

void split_into(std::vector<PartRow>& rows, std::string_view name, std::span<const Part> parts) {
  std::vector<PartRow> split;
  split.reserve(rows.size() * parts.size());
  for (const PartRow& row : rows) {
    double from = 0;
    for (const Part& part : parts) {
      const double to = part.value == parts.back().value ? 1 : from + part.share;
      PartRow piece = row;
      piece.row.counts = share_of(row.row.counts, from, to);
      piece.parts.emplace_back(name, part.value);
      if (piece.row.counts.or_zero(Metric::impressions) > 0) split.push_back(std::move(piece));
      from = to;
    }
  }
  rows = std::move(split);
}

}  // namespace rf::sim
