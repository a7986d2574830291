#include "store/sqlite_counts.h"

namespace rf {

std::string metric_columns(std::string_view suffix, bool additive_only) {
  std::string columns;
  for (const MetricInfo& info : all_metrics()) {
    if (additive_only && !info.additive) continue;
    columns.append(", ").append(info.name).append(suffix);
  }
  return columns;
}

Counts read_counts(const Statement& row, int first) {
  Counts counts;
  int at = first;
  for (const MetricInfo& info : all_metrics()) {
    if (!row.is_null(at)) counts.set(info.metric, row.integer(at));
    ++at;
  }
  return counts;
}

Status add_into(std::int64_t& sum, std::int64_t value) {
  if (!__builtin_add_overflow(sum, value, &sum)) return {};
  return fail(ErrorCode::invalid,
              "a sum of metric rows is beyond 64 bits; expected amounts below 9e12 units in all; "
              "check the amounts in the imported files");
}

Status add_part(Counts& sum, const Counts& part) {
  for (const MetricInfo& info : all_metrics()) {
    if (!info.additive) {
      sum.clear(info.metric);
    } else if (part.has(info.metric)) {
      std::int64_t total = sum.or_zero(info.metric);
      RF_TRY(add_into(total, part.or_zero(info.metric)));
      sum.set(info.metric, total);
    }
  }
  return {};
}

}  // namespace rf
