#include "decide/rules/quantity.h"

#include <algorithm>
#include <array>

namespace rf::decide {
namespace {

using enum Metric;

// The definitions of doc/words.md. Hook and hold rates are of three-second plays and ThruPlays on
// Meta, of two- and six-second plays on TikTok.
constexpr auto kDerived = std::to_array<Quantity>({
    {.name = "ctr", .words = "CTR", .numerator = link_clicks, .denominator = impressions},
    {.name = "ctr_all", .words = "CTR (all)", .numerator = clicks_all, .denominator = impressions},
    {.name = "cvr",
     .words = "CVR",
     .numerator = conversions,
     .denominator = link_clicks,
     .on_conversions = true},
    {.name = "cpa",
     .words = "CPA",
     .numerator = spend,
     .denominator = conversions,
     .on_conversions = true},
    {.name = "roas",
     .words = "ROAS",
     .numerator = conversion_value,
     .denominator = spend,
     .on_conversions = true},
    {.name = "order_value",
     .words = "value per conversion",
     .numerator = conversion_value,
     .denominator = conversions,
     .on_conversions = true},
    {.name = "cpc", .words = "CPC", .numerator = spend, .denominator = link_clicks},
    {.name = "cpm", .words = "CPM", .numerator = spend, .denominator = impressions, .factor = 1000},
    {.name = "hook_rate",
     .words = "hook rate",
     .numerator = video_3s,
     .denominator = impressions,
     .or_numerator = video_2s},
    {.name = "hold_rate",
     .words = "hold rate",
     .numerator = thruplays,
     .denominator = video_3s,
     .or_numerator = video_6s,
     .or_denominator = video_2s},
    {.name = "spend_per_day", .words = "spend a day", .numerator = spend, .per_day = true},
    {.name = "age_days", .words = "age in days", .is_age = true},
});

constexpr bool is_of_conversions(Metric metric) {
  return metric == conversions || metric == conversion_value || metric == purchases ||
         metric == purchase_value || metric == leads || metric == results;
}

}  // namespace

std::optional<Quantity> find_quantity(std::string_view name) {
  const auto* derived = std::ranges::find(kDerived, name, &Quantity::name);
  if (derived != kDerived.end()) return *derived;
  const std::optional<Metric> metric = find_metric(name);
  if (!metric || !info_of(*metric).additive) return std::nullopt;
  const std::string_view known = info_of(*metric).name;
  return Quantity{.name = known,
                  .words = known,
                  .numerator = *metric,
                  .on_conversions = is_of_conversions(*metric)};
}

std::vector<std::string_view> quantity_names() {
  std::vector<std::string_view> names;
  names.reserve(kDerived.size() + kMetricCount);
  for (const Quantity& each : kDerived) names.push_back(each.name);
  for (const MetricInfo& info : all_metrics()) {
    if (info.additive) names.push_back(info.name);
  }
  return names;
}

}  // namespace rf::decide
