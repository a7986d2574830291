#include "model/metric.h"

#include <algorithm>

namespace rf {
namespace {

using enum MetricUnit;

constexpr std::array<MetricInfo, kMetricCount> kMetrics{{
    {Metric::spend, "spend", micros_money, true, "amount spent"},
    {Metric::impressions, "impressions", count, true, "times the ad was on screen"},
    {Metric::reach, "reach", count, false, "people who saw the ad; never adds"},
    {Metric::clicks_all, "clicks_all", count, true, "every kind of click"},
    {Metric::link_clicks, "link_clicks", count, true, "clicks that lead to the destination"},
    {Metric::outbound_clicks, "outbound_clicks", count, true, "clicks that leave the platform"},
    {Metric::landing_page_views, "landing_page_views", count, true,
     "destination pages that loaded"},
    {Metric::video_plays, "video_plays", count, true, "times the video started"},
    {Metric::video_2s, "video_2s", count, true, "plays of 2 seconds or more"},
    {Metric::video_3s, "video_3s", count, true, "plays of 3 seconds or more"},
    {Metric::video_6s, "video_6s", count, true, "plays of 6 seconds or more"},
    {Metric::thruplays, "thruplays", count, true, "plays to the end, or of 15 seconds or more"},
    {Metric::views, "views", count, true, "views as the platform counts them (TrueView, Views)"},
    {Metric::video_p25, "video_p25", count, true, "plays that reached a quarter of the video"},
    {Metric::video_p50, "video_p50", count, true, "plays that reached half of the video"},
    {Metric::video_p75, "video_p75", count, true, "plays that reached three quarters"},
    {Metric::video_p95, "video_p95", count, true, "plays that reached 95 %"},
    {Metric::video_p100, "video_p100", count, true, "plays that reached the end"},
    {Metric::watch_time_ms, "watch_time_ms", count, true, "time watched, milliseconds"},
    {Metric::engagements, "engagements", count, true, "engagements as the platform counts them"},
    {Metric::reactions, "reactions", count, true, "reactions or likes"},
    {Metric::comments, "comments", count, true, "comments"},
    {Metric::shares, "shares", count, true, "shares"},
    {Metric::saves, "saves", count, true, "saves"},
    {Metric::follows, "follows", count, true, "new followers"},
    {Metric::profile_visits, "profile_visits", count, true, "visits to the profile"},
    {Metric::results, "results", micros_count, true, "results by the row's result indicator"},
    {Metric::conversions, "conversions", micros_count, true, "the conversions that are judged"},
    {Metric::conversion_value, "conversion_value", micros_money, true, "what they were worth"},
    {Metric::purchases, "purchases", micros_count, true, "purchases"},
    {Metric::purchase_value, "purchase_value", micros_money, true, "what purchases were worth"},
    {Metric::leads, "leads", micros_count, true, "leads"},
    {Metric::adds_to_cart, "adds_to_cart", micros_count, true, "adds to cart"},
    {Metric::checkouts, "checkouts", micros_count, true, "checkouts begun"},
    {Metric::content_views, "content_views", micros_count, true, "product or content views"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kMetrics.size(); ++i) {
    if (static_cast<std::size_t>(kMetrics[i].metric) != i) return false;
  }
  return true;
}
static_assert(in_order(), "kMetrics is looked up by position");

}  // namespace

const MetricInfo& info_of(Metric metric) { return kMetrics[static_cast<std::size_t>(metric)]; }

std::optional<Metric> find_metric(std::string_view name) {
  const auto* found = std::ranges::find(kMetrics, name, &MetricInfo::name);
  if (found == kMetrics.end()) return std::nullopt;
  return found->metric;
}

const std::array<MetricInfo, kMetricCount>& all_metrics() { return kMetrics; }

bool Counts::empty() const {
  return std::ranges::all_of(values_, [](std::int64_t value) { return value == kNotReported; });
}

void Counts::add(const Counts& other) {
  const bool was_empty = empty();
  for (const MetricInfo& info : kMetrics) {
    if (was_empty) {
      values_[index(info.metric)] = other.values_[index(info.metric)];
    } else if (!info.additive) {
      if (!other.empty()) clear(info.metric);
    } else if (other.has(info.metric)) {
      set(info.metric, or_zero(info.metric) + other.or_zero(info.metric));
    }
  }
}

double as_number(Metric metric, std::int64_t value) {
  return info_of(metric).unit == count ? static_cast<double>(value)
                                       : static_cast<double>(value) / 1e6;
}

}  // namespace rf
