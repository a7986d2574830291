#include "learn/ad_weeks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/check.h"

namespace rf::learn {
namespace {

constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();

void add(double& to, double more) {
  if (std::isnan(to)) {
    to = more;
  } else if (!std::isnan(more)) {
    to += more;
  }
}

double reported(const Counts& counts, Metric metric) {
  const std::optional<std::int64_t> value = counts.get(metric);
  return value ? as_number(metric, *value) : kNotKnown;
}

// The days from `from` up to and without `to`.
AdSums sum_between(const std::vector<DatedSums>& days, Day from, Day to) {
  AdSums sums;
  auto day = std::lower_bound(days.begin(), days.end(), from,
                              [](const DatedSums& each, Day bound) { return each.day < bound; });
  for (; day != days.end() && day->day < to; ++day) sums.add(day->sums);
  return sums;
}

AdWeek known_on(const AdHistory& ad, std::size_t index, Day from, Days settle) {
  AdWeek week{.ad = index, .from = from};
  if (ad.first_day && *ad.first_day < from) week.age_days = (from - *ad.first_day).count();
  const Day settled = from - settle;
  week.past = sum_between(ad.days, settled - kPastDays, settled);
  week.recent = sum_between(ad.days, settled - kPredictedDays, settled);
  return week;
}

void share_account(std::span<AdWeek> weeks) {
  AdSums account;
  for (const AdWeek& week : weeks) account.add(week.past);
  for (AdWeek& week : weeks) week.account = account;
}

// Events per exposure of the account, NaN while there is none.
double account_rate(Target target, const AdWeek& week) {
  const double events = events_of(target, week.account);
  const double exposure = exposure_of(target, week.account);
  return events > 0 && exposure > 0 ? events / exposure : kNotKnown;
}

// Own events and exposure drawn to a rate that is worth kPriorEvents.
double drawn_rate(Target target, const AdSums& own, double rate) {
  const double events = events_of(target, own);
  const double exposure = exposure_of(target, own);
  if (!(exposure > 0) || std::isnan(events)) return rate;
  return (events + kPriorEvents) / (exposure + kPriorEvents / rate);
}

struct Row {
  const AdWeek* week = nullptr;
  std::uint32_t index = 0;
  double rate = 0;      // The account's.
  double baseline = 0;  // The ad's.
  double exposure = 0;
};

std::optional<Row> row_of(Target target, const AdWeek& week, std::size_t index, double exposure) {
  const double rate = account_rate(target, week);
  if (std::isnan(rate) || !(exposure > 0)) return std::nullopt;
  return Row{.week = &week,
             .index = static_cast<std::uint32_t>(index),
             .rate = rate,
             .baseline = drawn_rate(target, week.past, rate),
             .exposure = exposure};
}

using Reading = double (*)(Target, const Row&);

struct Known {
  std::string_view name;
  Reading read;
};

// What the ad's own past says beside the baseline.
constexpr auto kKnown = std::to_array<Known>({
    {"age_days", [](Target, const Row& row) { return static_cast<double>(row.week->age_days); }},
    {"past_exposure",
     [](Target target, const Row& row) {
       const double past = exposure_of(target, row.week->past);
       return std::log1p(past > 0 ? past : 0);
     }},
    {"past_rate", [](Target, const Row& row) { return std::log(row.baseline / row.rate); }},
    {"recent_rate",
     [](Target target, const Row& row) {
       return std::log(drawn_rate(target, row.week->recent, row.baseline) / row.baseline);
     }},
});

std::set<std::string> names_in(std::span<const AdHistory> ads,
                               std::set<std::string> (*names)(const AdHistory&)) {
  std::set<std::string> all;
  for (const AdHistory& ad : ads) all.merge(names(ad));
  return all;
}

template <typename Values>
std::set<std::string> keys_of(const Values& values) {
  std::set<std::string> keys;
  for (const auto& [name, value] : values) keys.insert(name);
  return keys;
}

std::vector<RawColumn> columns_of(Target target, std::span<const AdHistory> ads,
                                  const std::vector<Row>& rows) {
  std::vector<RawColumn> columns;
  for (const Known& known : kKnown) {
    RawColumn column{.name = std::string(known.name), .texts = {}, .numbers = {}};
    for (const Row& row : rows) column.numbers.push_back(known.read(target, row));
    columns.push_back(std::move(column));
  }
  for (const std::string& name :
       names_in(ads, [](const AdHistory& ad) { return keys_of(ad.amounts); })) {
    RawColumn column{.name = name, .texts = {}, .numbers = {}};
    for (const Row& row : rows) {
      const auto& amounts = ads[row.week->ad].amounts;
      const auto found = amounts.find(name);
      column.numbers.push_back(found == amounts.end() ? kNotKnown : found->second);
    }
    columns.push_back(std::move(column));
  }
  for (const std::string& name :
       names_in(ads, [](const AdHistory& ad) { return keys_of(ad.words); })) {
    RawColumn column{.name = name, .texts = {}, .numbers = {}};
    for (const Row& row : rows) {
      const auto& words = ads[row.week->ad].words;
      const auto found = words.find(name);
      column.texts.push_back(found == words.end() ? std::string_view() : found->second);
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

TargetRows lay_out(Target target, std::span<const AdHistory> ads, const std::vector<Row>& rows) {
  TargetRows laid;
  laid.table.columns = columns_of(target, ads, rows);
  for (const Row& row : rows) {
    laid.table.exposure.push_back(row.exposure * row.baseline);
    laid.table.times.push_back(static_cast<double>(row.week->from.time_since_epoch().count()));
    laid.weeks.push_back(row.index);
    laid.exposure.push_back(row.exposure);
    laid.baseline.push_back(row.baseline);
  }
  return laid;
}

template <typename Value>
std::vector<Value> chosen_of(const std::vector<Value>& values,
                             std::span<const std::uint32_t> chosen) {
  std::vector<Value> taken;
  if (values.empty()) return taken;
  for (const std::uint32_t row : chosen) taken.push_back(values[row]);
  return taken;
}

}  // namespace

void AdSums::add(const AdSums& other) {
  learn::add(impressions, other.impressions);
  learn::add(clicks, other.clicks);
  learn::add(conversions, other.conversions);
  learn::add(spend, other.spend);
}

AdSums sums_of(const Counts& counts, Metric clicks, bool none_is_zero) {
  AdSums sums{.impressions = reported(counts, Metric::impressions),
              .clicks = reported(counts, clicks),
              .conversions = reported(counts, Metric::conversions),
              .spend = reported(counts, Metric::spend)};
  if (none_is_zero && std::isnan(sums.conversions)) sums.conversions = 0;
  return sums;
}

double events_of(Target target, const AdSums& sums) {
  return target == Target::ctr ? sums.clicks : sums.conversions;
}

double exposure_of(Target target, const AdSums& sums) {
  switch (target) {
    case Target::ctr: return sums.impressions;
    case Target::cvr: return sums.clicks;
    case Target::sales: return sums.spend;
  }
  return kNotKnown;
}

std::vector<AdWeek> settled_weeks(std::span<const AdHistory> ads, Day today, Days settle) {
  RF_CHECK(settle >= Days{0});
  std::vector<AdWeek> all;
  for (std::int64_t back = kWeeksMax; back >= 1; --back) {
    const Day from = today - settle - back * kPredictedDays;
    const std::size_t first = all.size();
    for (std::size_t i = 0; i < ads.size(); ++i) {
      AdWeek week = known_on(ads[i], i, from, settle);
      week.outcome = sum_between(ads[i].days, from, from + kPredictedDays);
      all.push_back(week);
    }
    share_account(std::span(all).subspan(first));
    const auto never = std::remove_if(
        all.begin() + static_cast<std::ptrdiff_t>(first), all.end(),
        [](const AdWeek& week) { return !(exposure_of(Target::ctr, week.outcome) > 0); });
    all.erase(never, all.end());
  }
  return all;
}

std::vector<AdWeek> week_ahead(std::span<const AdHistory> ads, Day from, Days settle) {
  std::vector<AdWeek> all;
  all.reserve(ads.size());
  for (std::size_t i = 0; i < ads.size(); ++i) all.push_back(known_on(ads[i], i, from, settle));
  share_account(all);
  std::erase_if(all, [&](const AdWeek& week) {
    const std::vector<DatedSums>& days = ads[week.ad].days;
    return !days.empty() && days.back().day < from - settle - kPastDays;
  });
  return all;
}

TargetRows learning_rows(Target target, std::span<const AdHistory> ads,
                         std::span<const AdWeek> weeks) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < weeks.size(); ++i) {
    if (std::isnan(events_of(target, weeks[i].outcome))) continue;
    const auto row = row_of(target, weeks[i], i, exposure_of(target, weeks[i].outcome));
    if (row) rows.push_back(*row);
  }
  TargetRows laid = lay_out(target, ads, rows);
  for (const Row& row : rows) {
    laid.table.outcomes.push_back(std::round(std::max(0.0, events_of(target, row.week->outcome))));
  }
  return laid;
}

TargetRows predicting_rows(Target target, std::span<const AdHistory> ads,
                           std::span<const AdWeek> weeks) {
  double sum = 0;
  double shown = 0;
  for (const AdWeek& week : weeks) {
    const double recent = exposure_of(target, week.recent);
    if (!(recent > 0)) continue;
    sum += recent;
    shown += 1;
  }
  std::vector<Row> rows;
  for (std::size_t i = 0; i < weeks.size(); ++i) {
    const double recent = exposure_of(target, weeks[i].recent);
    const double exposure = recent > 0 || shown == 0 ? recent : sum / shown;
    const auto row = row_of(target, weeks[i], i, exposure);
    if (row) rows.push_back(*row);
  }
  return lay_out(target, ads, rows);
}

bool has_past(Target target, const AdWeek& week) { return exposure_of(target, week.past) > 0; }

std::optional<Predictive> spread_of_first_weeks(const TargetRows& learning,
                                                std::span<const AdWeek> weeks, Target target) {
  std::vector<double> means;
  std::vector<double> outcomes;
  for (std::size_t i = 0; i < learning.size(); ++i) {
    if (has_past(target, weeks[learning.weeks[i]])) continue;
    means.push_back(learning.table.exposure[i]);
    outcomes.push_back(learning.table.outcomes[i]);
  }
  if (means.size() < kFirstWeeksMin) return std::nullopt;
  return Predictive::fit(Family::count, means, outcomes, 0.9);
}

TargetRows take(const TargetRows& rows, std::span<const std::uint32_t> chosen) {
  return {.table = take(rows.table, chosen),
          .weeks = chosen_of(rows.weeks, chosen),
          .exposure = chosen_of(rows.exposure, chosen),
          .baseline = chosen_of(rows.baseline, chosen)};
}

}  // namespace rf::learn
