// What a platform counted: one table of metrics, and a row of counts in which "not reported" is not
// zero.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "base/check.h"

namespace rf {

// Enumerators are spelled as in SQL, JSON, mapping files and rules. Only counts and amounts: every
// rate is derived from them (see learn/rates.h), so it can be summed over anything.
enum class Metric : std::uint8_t {
  spend,
  impressions,
  reach,
  clicks_all,
  link_clicks,
  outbound_clicks,
  landing_page_views,
  video_plays,
  video_2s,
  video_3s,
  video_6s,
  thruplays,
  views,
  video_p25,
  video_p50,
  video_p75,
  video_p95,
  video_p100,
  watch_time_ms,
  engagements,
  reactions,
  comments,
  shares,
  saves,
  follows,
  profile_visits,
  results,
  conversions,
  conversion_value,
  purchases,
  purchase_value,
  leads,
  adds_to_cart,
  checkouts,
  content_views,
};

inline constexpr std::size_t kMetricCount = 35;

enum class MetricUnit : std::uint8_t {
  count,         // Whole things.
  micros_count,  // Millionths of a thing: platforms share one conversion among several ads.
  micros_money,  // Millionths of the row's currency.
};

struct MetricInfo {
  Metric metric;
  std::string_view name;
  MetricUnit unit;
  bool additive;  // Reach is not: the same person may be in both parts.
  std::string_view help;
};

const MetricInfo& info_of(Metric metric);
std::optional<Metric> find_metric(std::string_view name);

// All metrics, in the order of the enumeration.
const std::array<MetricInfo, kMetricCount>& all_metrics();

// One value for each metric, in the metric's unit, or not reported.
class Counts {
 public:
  bool has(Metric metric) const { return values_[index(metric)] != kNotReported; }

  std::optional<std::int64_t> get(Metric metric) const {
    if (!has(metric)) return std::nullopt;
    return values_[index(metric)];
  }

  // The value where reported, else zero: for sums, never for a denominator.
  std::int64_t or_zero(Metric metric) const { return has(metric) ? values_[index(metric)] : 0; }

  // REQUIRES: value is not the smallest 64-bit integer.
  void set(Metric metric, std::int64_t value) {
    RF_CHECK(value != kNotReported);
    values_[index(metric)] = value;
  }
  void clear(Metric metric) { values_[index(metric)] = kNotReported; }

  // Adds every additive metric that either side reports. A metric that only one side reports keeps
  // that side's value; one that does not add becomes "not reported" unless this side was empty.
  void add(const Counts& other);

  bool empty() const;
  bool operator==(const Counts&) const = default;

 private:
  static constexpr std::int64_t kNotReported = std::numeric_limits<std::int64_t>::min();
  static std::size_t index(Metric metric) { return static_cast<std::size_t>(metric); }

  static constexpr std::array<std::int64_t, kMetricCount> nothing_reported() {
    std::array<std::int64_t, kMetricCount> values{};
    values.fill(kNotReported);
    return values;
  }

  std::array<std::int64_t, kMetricCount> values_ = nothing_reported();
};

// A micros_count or micros_money value as a float, or a count as it is; for statistics only.
double as_number(Metric metric, std::int64_t value);

}  // namespace rf
