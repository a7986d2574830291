// Meta Ads Manager's CSV: by ad and day, UTF-8 with a byte order mark, and first a row of the
// account's totals that names nothing.

#include <string>

#include <fmt/format.h>

#include "sim/delimited.h"
#include "sim/layouts.h"

namespace rf::sim {
namespace {

// Columns that name things and that a row of totals leaves empty.
constexpr int kNamingColumns = 9;

constexpr std::string_view kPurchaseIndicator = "actions:offsite_conversion.fb_pixel_purchase";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Meta leaves a cell empty where nothing was counted; only delivery and all clicks are shown as 0.
void write_counted(DelimitedText& out, const Counts& counts, Metric metric) {
  if (counts.or_zero(metric) == 0) {
    out.none();
  } else if (info_of(metric).unit == MetricUnit::count) {
    out.count(counts.or_zero(metric));
  } else {
    out.count(counts.or_zero(metric) / kMicrosPerUnit);
  }
}

// Meta's derived numbers have up to eight digits.
void write_derived(DelimitedText& out, std::optional<double> value, double scale) {
  if (value && *value != 0) {
    out.text(fmt::format("{:.8g}", *value * scale));
  } else {
    out.none();
  }
}

void write_numbers(DelimitedText& out, const Counts& counts, const Currency& currency) {
  write_counted(out, counts, Metric::results);
  write_counted(out, counts, Metric::reach);
  out.count(counts.or_zero(Metric::impressions));
  write_derived(out, ratio(counts, Metric::impressions, Metric::reach), 1);
  write_derived(out, ratio(counts, Metric::spend, Metric::impressions), 1000);
  out.money({.micros = counts.or_zero(Metric::spend), .currency = currency});
  out.count(counts.or_zero(Metric::clicks_all));
  write_counted(out, counts, Metric::link_clicks);
  write_derived(out, ratio(counts, Metric::link_clicks, Metric::impressions), 100);
  for (Metric metric : {Metric::outbound_clicks, Metric::landing_page_views, Metric::reactions,
                        Metric::comments, Metric::shares, Metric::saves, Metric::purchases}) {
    write_counted(out, counts, metric);
  }
  if (counts.or_zero(Metric::purchases) == 0) {
    out.none();
    out.none();
  } else {
    out.money({.micros = counts.or_zero(Metric::purchase_value), .currency = currency});
    write_derived(out, ratio(counts, Metric::purchase_value, Metric::spend), 1);
  }
  for (Metric metric : {Metric::video_plays, Metric::video_2s, Metric::video_3s, Metric::video_p25,
                        Metric::video_p50, Metric::video_p75, Metric::video_p95, Metric::video_p100,
                        Metric::thruplays}) {
    write_counted(out, counts, metric);
  }
  std::optional<double> watched_ms = ratio(counts, Metric::watch_time_ms, Metric::video_plays);
  write_derived(out, watched_ms, 1e-3);
}

}  // namespace

void write_meta_header(DelimitedText& out, const Currency& currency) {
  out.text(std::string(kByteOrderMark) + "Day");
  for (std::string_view name :
       {"Campaign ID", "Campaign name", "Ad set ID", "Ad set name", "Ad ID", "Ad name",
        "Attribution setting", "Result indicator", "Results", "Reach", "Impressions", "Frequency",
        "CPM (cost per 1,000 impressions)"}) {
    out.text(name);
  }
  out.text(fmt::format("Amount spent ({})", currency.code()));
  for (std::string_view name : {"Clicks (all)",
                                "Link clicks",
                                "CTR (link click-through rate)",
                                "Outbound clicks",
                                "Landing page views",
                                "Post reactions",
                                "Post comments",
                                "Post shares",
                                "Post saves",
                                "Purchases",
                                "Purchases conversion value",
                                "Purchase ROAS (return on ad spend)",
                                "Video plays",
                                "2-second continuous video plays",
                                "3-second video plays",
                                "Video plays at 25%",
                                "Video plays at 50%",
                                "Video plays at 75%",
                                "Video plays at 95%",
                                "Video plays at 100%",
                                "ThruPlays",
                                "Video average play time",
                                "Reporting starts",
                                "Reporting ends"}) {
    out.text(name);
  }
  out.end_line();
}

void write_meta_row(DelimitedText& out, const MetricRow& row, const Currency& currency) {
  const Entity& entity = row.entity;
  const std::string day = to_iso(row.day);
  for (std::string_view cell :
       {std::string_view(day), std::string_view(entity.campaign_id),
        std::string_view(entity.campaign_name), std::string_view(entity.adset_id),
        std::string_view(entity.adset_name), std::string_view(entity.ad_id),
        std::string_view(entity.ad_name), std::string_view(row.attribution)}) {
    out.text(cell);
  }
  out.text(row.counts.or_zero(Metric::results) == 0 ? std::string_view() : kPurchaseIndicator);
  write_numbers(out, row.counts, currency);
  out.text(day);
  out.text(day);
  out.end_line();
}

std::string meta_csv(const Export& file) {
  const Currency& currency = file.account.currency;
  DelimitedText out(kMetaDialect);
  write_meta_header(out, currency);
  for (int i = 0; i < kNamingColumns; ++i) out.none();
  write_numbers(out, sum_of(file.rows), currency);
  out.text(to_iso(file.first));
  out.text(to_iso(file.last));
  out.end_line();
  for (const MetricRow& row : file.rows) write_meta_row(out, row, currency);
  return out.take_bytes();
}

}  // namespace rf::sim
