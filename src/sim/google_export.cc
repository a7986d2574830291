// Google Ads' "Excel CSV": UTF-16 with tabs, title lines above the header, totals below the rows,
// quartiles as shares of impressions, and conversions that are shared among ads.

#include <array>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "sim/delimited.h"
#include "sim/layouts.h"

namespace rf::sim {
namespace {

// Columns that name things and that a row of totals leaves empty.
constexpr int kNamesAfterTotal = 8;

constexpr std::array<std::string_view, 23> kHeader{"Campaign type",
                                                   "Campaign",
                                                   "Ad group",
                                                   "Ad state",
                                                   "Video",
                                                   "Ad name",
                                                   "Ad type",
                                                   "Campaign ID",
                                                   "Day",
                                                   "Impr.",
                                                   "Clicks",
                                                   "Interactions",
                                                   "Engagements",
                                                   "TrueView views",
                                                   "Video played to 25%",
                                                   "Video played to 50%",
                                                   "Video played to 75%",
                                                   "Video played to 100%",
                                                   "Conversions",
                                                   "Conv. value",
                                                   "Currency code",
                                                   "Cost",
                                                   "Conv. value / cost"};

using MonthNames = std::array<std::string_view, 12>;
constexpr MonthNames kMonths{"January", "February", "March",     "April",   "May",      "June",
                             "July",    "August",   "September", "October", "November", "December"};
constexpr MonthNames kMonthsDe{"Januar", "Februar", "März",      "April",   "Mai",      "Juni",
                               "Juli",   "August",  "September", "Oktober", "November", "Dezember"};

struct LongDate {
  int day;
  std::size_t month;  // From 0.
  int year;
};

LongDate long_date(Day day) {
  std::chrono::year_month_day date(day);
  return {.day = static_cast<int>(static_cast<unsigned>(date.day())),
          .month = static_cast<unsigned>(date.month()) - 1,
          .year = static_cast<int>(date.year())};
}

std::string in_english(Day day) {
  LongDate date = long_date(day);
  return fmt::format("{} {}, {}", kMonths[date.month], date.day, date.year);
}

std::string in_german(Day day) {
  LongDate date = long_date(day);
  return fmt::format("{}. {} {}", date.day, kMonthsDe[date.month], date.year);
}

void write_line(DelimitedText& out, std::string_view only_cell) {
  out.text(only_cell);
  out.end_line();
}

void write_share(DelimitedText& out, const Counts& counts, Metric metric) {
  if (auto share = ratio(counts, metric, Metric::impressions)) {
    out.percent(*share, 2);
  } else {
    out.none();
  }
}

void write_numbers(DelimitedText& out, const Counts& counts, const Currency& currency) {
  const std::int64_t clicks = counts.or_zero(Metric::link_clicks);
  const std::int64_t engagements = counts.or_zero(Metric::engagements);
  out.count(counts.or_zero(Metric::impressions));
  out.count(clicks);
  out.count(clicks + engagements);
  out.count(engagements);
  out.count(counts.or_zero(Metric::views));
  for (Metric metric :
       {Metric::video_p25, Metric::video_p50, Metric::video_p75, Metric::video_p100}) {
    write_share(out, counts, metric);
  }
  out.decimal(as_number(Metric::conversions, counts.or_zero(Metric::conversions)), 2);
  out.money({.micros = counts.or_zero(Metric::conversion_value), .currency = currency});
  out.text(currency.code());
  out.money({.micros = counts.or_zero(Metric::spend), .currency = currency});
  if (auto roas = ratio(counts, Metric::conversion_value, Metric::spend)) {
    out.decimal(*roas, 2);
  } else {
    out.none();
  }
}

void write_total(DelimitedText& out, std::string_view of, const Counts& sum,
                 const Currency& currency) {
  out.text(fmt::format("Total: {}", of));
  for (int i = 0; i < kNamesAfterTotal; ++i) out.none();
  write_numbers(out, sum, currency);
  out.end_line();
}

void write_de_numbers(DelimitedText& out, const Counts& counts, const Currency& currency) {
  out.text(currency.code());
  out.money({.micros = counts.or_zero(Metric::spend), .currency = currency});
  out.count(counts.or_zero(Metric::impressions));
  out.count(counts.or_zero(Metric::link_clicks));
  out.decimal(as_number(Metric::conversions, counts.or_zero(Metric::conversions)), 2);
  out.end_line();
}

}  // namespace

std::string google_tsv(const Export& file) {
  const Currency& currency = file.account.currency;
  DelimitedText out({.delimiter = '\t', .none = " --", .thousands = ','});
  write_line(out, "Ad report");
  write_line(out, in_english(file.first) + " - " + in_english(file.last));
  for (std::string_view name : kHeader) out.text(name);
  out.end_line();
  for (const MetricRow& row : file.rows) {
    out.text("Demand Gen");
    out.text(row.entity.campaign_name);
    out.text(row.entity.adset_name);
    out.text("Enabled");
    out.none();
    out.text(row.entity.ad_name);
    out.text("Demand Gen video ad");
    out.text(row.entity.campaign_id);
    out.text(to_iso(row.day));
    write_numbers(out, row.counts, currency);
    out.end_line();
  }
  const Counts sum = sum_of(file.rows);
  for (std::string_view of : {"Ads", "Campaigns", "Account"}) write_total(out, of, sum, currency);
  return to_utf16le(out.bytes());
}

std::string google_tsv_de(const Export& file) {
  const Currency& currency = file.account.currency;
  DelimitedText out({.delimiter = '\t', .none = " --", .thousands = '.', .decimal = ','});
  write_line(out, "Kampagnenbericht");
  write_line(out, in_german(file.first) + " - " + in_german(file.last));
  for (std::string_view name :
       {"Tag", "Kampagne", "Währungscode", "Kosten", "Impr.", "Klicks", "Conversions"}) {
    out.text(name);
  }
  out.end_line();
  std::map<std::pair<Day, std::string>, Counts> by_campaign;
  for (const MetricRow& row : file.rows) {
    by_campaign[{row.day, row.entity.campaign_name}].add(row.counts);
  }
  for (const auto& [key, counts] : by_campaign) {
    out.text(to_iso(key.first));
    out.text(key.second);
    write_de_numbers(out, counts, currency);
  }
  for (std::string_view of : {"Gesamt: Kampagnen", "Gesamt: Konto"}) {
    out.text(of);
    out.none();
    write_de_numbers(out, sum_of(file.rows), currency);
  }
  return to_utf16le(out.bytes());
}

}  // namespace rf::sim
