// TikTok Ads Manager's CSV: by ad and day, "--" where there is no number, and last a row of totals.

#include <array>
#include <string>

#include <fmt/format.h>

#include "sim/delimited.h"
#include "sim/layouts.h"

namespace rf::sim {
namespace {

// Columns that name things and that a row of totals leaves empty.
constexpr int kEmptyNames = 5;

constexpr std::array<std::string_view, 31> kHeader{"Campaign name",
                                                   "Advertising objective",
                                                   "Campaign ID",
                                                   "Ad group name",
                                                   "Ad name",
                                                   "By Day",
                                                   "Cost",
                                                   "Impressions",
                                                   "CPM",
                                                   "Clicks (all)",
                                                   "Clicks (destination)",
                                                   "CTR (destination)",
                                                   "CPC (destination)",
                                                   "Video views",
                                                   "2-second video views",
                                                   "6-second video views",
                                                   "Video views at 100%",
                                                   "Video views at 75%",
                                                   "Video views at 50%",
                                                   "Video views at 25%",
                                                   "Average play time per video view",
                                                   "Paid follows",
                                                   "Paid likes",
                                                   "Paid comments",
                                                   "Paid shares",
                                                   "Paid profile visits",
                                                   "Conversions",
                                                   "Cost per conversion",
                                                   "Purchases (website)",
                                                   "Purchase value (website)",
                                                   "Currency"};

void write_count(DelimitedText& out, const Counts& counts, Metric metric) {
  if (!counts.has(metric)) {
    out.none();
    return;
  }
  const bool micros = info_of(metric).unit == MetricUnit::micros_count;
  out.count(counts.or_zero(metric) / (micros ? kMicrosPerUnit : 1));
}

void write_price(DelimitedText& out, std::optional<double> value, double scale) {
  if (value) {
    out.decimal(*value * scale, 2);
  } else {
    out.none();
  }
}

void write_numbers(DelimitedText& out, const Counts& counts, const Currency& currency) {
  out.money({.micros = counts.or_zero(Metric::spend), .currency = currency});
  write_count(out, counts, Metric::impressions);
  write_price(out, ratio(counts, Metric::spend, Metric::impressions), 1000);
  write_count(out, counts, Metric::clicks_all);
  write_count(out, counts, Metric::link_clicks);
  if (auto ctr = ratio(counts, Metric::link_clicks, Metric::impressions)) {
    out.percent(*ctr, 2);
  } else {
    out.none();
  }
  write_price(out, ratio(counts, Metric::spend, Metric::link_clicks), 1);
  for (Metric metric : {Metric::video_plays, Metric::video_2s, Metric::video_6s, Metric::video_p100,
                        Metric::video_p75, Metric::video_p50, Metric::video_p25}) {
    write_count(out, counts, metric);
  }
  write_price(out, ratio(counts, Metric::watch_time_ms, Metric::video_plays), 1e-3);
  for (Metric metric : {Metric::follows, Metric::reactions, Metric::comments, Metric::shares,
                        Metric::profile_visits, Metric::conversions}) {
    write_count(out, counts, metric);
  }
  write_price(out, ratio(counts, Metric::spend, Metric::conversions), 1);
  write_count(out, counts, Metric::purchases);
  out.money({.micros = counts.or_zero(Metric::purchase_value), .currency = currency});
  out.text(currency.code());
}

}  // namespace

std::string tiktok_csv(const Export& file) {
  const Currency& currency = file.account.currency;
  DelimitedText out({.none = "--"});
  for (std::string_view name : kHeader) out.text(name);
  out.end_line();
  for (const MetricRow& row : file.rows) {
    out.text(row.entity.campaign_name);
    out.text("Website conversions");
    out.text(row.entity.campaign_id);
    out.text(row.entity.adset_name);
    out.text(row.entity.ad_name);
    out.text(to_iso(row.day));
    write_numbers(out, row.counts, currency);
    out.end_line();
  }
  out.text(fmt::format("Total of {} results", file.rows.size()));
  for (int i = 0; i < kEmptyNames; ++i) out.none();
  write_numbers(out, sum_of(file.rows), currency);
  out.end_line();
  return out.bytes();
}

}  // namespace rf::sim
