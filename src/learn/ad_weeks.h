// An account's past cut into weeks of ads: what was known of an ad on a morning, and what its next
// seven days brought. Predictors learn from these, and predict the week that begins today.
//
// What is known on a morning leaves out the youngest days, whose conversions have not all arrived:
// in learning as in predicting, so that a predictor never learns from what it will not have.
//
// The baseline is what a careful person would say without a model: the ad goes on as in the last
// four weeks, drawn to the account's rate as far as it was little shown; an ad that was never shown
// is an average one. Predictors predict the ratio to it, so they can only add to it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "learn/predict/predictor.h"
#include "model/calendar.h"
#include "model/metric.h"

namespace rf::learn {

// Sums over days; NaN: no day reports it.
struct AdSums {
  double impressions = std::numeric_limits<double>::quiet_NaN();
  double clicks = std::numeric_limits<double>::quiet_NaN();
  double conversions = std::numeric_limits<double>::quiet_NaN();
  double spend = std::numeric_limits<double>::quiet_NaN();  // Units: the currency unit.

  void add(const AdSums& other);
};

// `clicks`: which metric the ad's clicks are; `none_is_zero`: conversions that are not reported are
// none (see learn/beliefs.h).
AdSums sums_of(const Counts& counts, Metric clicks, bool none_is_zero);

struct DatedSums {
  Day day;
  AdSums sums;
};

// An ad as it may be known before it was ever shown, and its days.
struct AdHistory {
  std::string id;
  std::map<std::string, std::string> words;  // By feature: naming tokens, the campaign.
  std::map<std::string, double> amounts;     // By feature: what its film measures.
  std::optional<Day> first_day;              // On which it was shown; none: it never was.
  std::vector<DatedSums> days;               // Ascending, each once.
};

// What is predicted of a week.
enum class Target : std::uint8_t {
  ctr,    // Clicks of impressions.
  cvr,    // Conversions of clicks.
  sales,  // Conversions per spend, 1/CPA.
};

inline constexpr Days kPredictedDays{7};
inline constexpr Days kPastDays{28};

// What the account's rate is worth beside an ad's own past. Chosen: an ad's own rate counts for
// more than the account's once it has ten events.
inline constexpr double kPriorEvents = 10;

// Weeks further back teach little of today. Chosen: a year.
inline constexpr std::int64_t kWeeksMax = 52;

struct AdWeek {
  std::size_t ad = 0;  // In the histories.
  Day from;
  std::int64_t age_days = 0;  // Since the first day it was shown; 0: not shown before.
  AdSums past;                // The last four settled weeks.
  AdSums recent;              // The last settled week.
  AdSums account;             // All ads' past.
  AdSums outcome;             // Of the seven days; empty in a week that lies ahead.
};

// The weeks whose outcome has settled by `today`, ads that were shown in them, by week, then ad.
// REQUIRES: settle >= 0 days.
// Cost: ads x weeks x 42.
std::vector<AdWeek> settled_weeks(std::span<const AdHistory> ads, Day today, Days settle);

// The week that begins with `from`, as it was known that morning: ads that were shown in the four
// weeks before, and those never shown.
std::vector<AdWeek> week_ahead(std::span<const AdHistory> ads, Day from, Days settle);

// Weeks as rows of one target. Rows without exposure, or of accounts without an event so far, are
// left out.
struct TargetRows {
  // The table's exposure is what the baseline expects of the row; `outcomes` are events.
  TrainingTable table;
  std::vector<std::uint32_t> weeks;  // Of each row.
  std::vector<double> exposure;      // Impressions, clicks or spend.
  std::vector<double> baseline;      // The rate.

  std::size_t size() const { return weeks.size(); }
};

// For learning: with outcomes. Whole conversions are counted; shares of them are rounded.
// The table points into `ads`.
TargetRows learning_rows(Target target, std::span<const AdHistory> ads,
                         std::span<const AdWeek> weeks);

// For predicting: exposure is that of the last settled week, for ads without one the account's
// average over its ads.
TargetRows predicting_rows(Target target, std::span<const AdHistory> ads,
                           std::span<const AdWeek> weeks);

// How far the first weeks of ads fall from their baseline, as 90 % intervals: what an ad without a
// past may bring. A predictor's own intervals rest on ads that have one, and are far too narrow for
// it. None where fewer than kFirstWeeksMin ads had a first week.
std::optional<Predictive> spread_of_first_weeks(const TargetRows& learning,
                                                std::span<const AdWeek> weeks, Target target);

// Chosen: fewer hardly show the ends of a 90 % interval.
inline constexpr std::size_t kFirstWeeksMin = 20;

// Whether the ad had been shown long enough by that morning for its own past to say something.
bool has_past(Target target, const AdWeek& week);

TargetRows take(const TargetRows& rows, std::span<const std::uint32_t> chosen);

// Events and exposure of a target; NaN where not reported.
double events_of(Target target, const AdSums& sums);
double exposure_of(Target target, const AdSums& sums);

}  // namespace rf::learn
