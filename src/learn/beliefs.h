// From what was counted to what we hold about each ad.
//
// Only closed days are judged: the account's current day is left out of everything but the count of
// conversions that have arrived. Rates of conversions rest on settled days, because most of a young
// day's conversions are still on their way.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/belief.h"
#include "model/calendar.h"
#include "model/entity.h"
#include "model/estimate.h"
#include "model/metric.h"

namespace rf::learn {

// One ad's counts over everything that is remembered, for one attribution setting and one
// conversion event.
struct AdTotals {
  EntityId id;
  Entity entity;
  std::string attribution;
  std::string conversion_event;
  Counts counts;
  Day first_day = kNoDay;  // kNoDay: a total for a period whose days are not known.
  Day last_day = kNoDay;
  std::int64_t days = 0;
};

// One day of one ad.
struct AdDay {
  EntityId id;
  std::string attribution;
  std::string conversion_event;
  Day day;
  Counts counts;
};

// What beliefs are made from. `days` holds every row since `today - kLookback`, the open day
// included; older days are in the totals only, so a turn need not read them.
struct History {
  Platform platform = Platform::plain;
  std::vector<AdTotals> totals;
  std::vector<AdDay> days;
};

inline constexpr Days kWindow{7};
inline constexpr Days kLookback{28};  // As long as platforms restate a day.

struct BeliefRules {
  std::int64_t settle_days = 3;  // A day's conversions are judged once it is older than this.
  // Squared coefficient of variation of order values before any is seen, worth so many orders; 1
  // is that of an exponential distribution. Files hold sums of value, never single orders, so it is
  // learned from how much the days of an ad differ.
  double order_spread = 1;
  double order_spread_orders = 20;
  // Over-dispersion before any is seen, worth `phi_events` events.
  // Source: 453 natural A/A pairs of the Upworthy archive, variance ratio 1.75.
  double phi_prior = 1.75;
  double phi_events = 20;
};

// One belief per ad, in order of id. An ad with several settings or events is judged by the one
// that spent most in the account, if it has it, else by its own largest; ads are compared only
// with ads of the same setting and event.
//
// Meta leaves a cell empty where it counted nothing: in a real export (ads by day, age and gender)
// link clicks are empty in 469 rows, of which 466 have no click of any kind. So where other ads of
// the same setting and event report conversions, the column was exported, and an ad that was shown
// and has none of them reported is judged as having none. Other platforms write their zeros.
// REQUIRES: settle_days between 0 and 14; totals and days hold no duplicates.
std::vector<Belief> beliefs(const History& history, Day today, const BeliefRules& rules);

// A closed day of the whole account, for alarms.
struct AccountDay {
  Day day;
  Counts counts;

  bool operator==(const AccountDay&) const = default;
};

// The closed days of the lookback, by day, summed over ads in the setting each is judged by.
std::vector<AccountDay> account_days(const History& history, Day today);

// The posterior of the rate: mean and central interval. n is the exposure of a share and the events
// of a rate per spend.
// REQUIRES: 0 < mass < 1.
Estimate estimate(const RateBelief& rate, double mass = 0.9);

// 1/rate: CPA of sales. The value is the median, since the mean need not exist.
Estimate inverse_estimate(const RateBelief& rate, double mass = 0.9);

// How far the ad's rate is above that of the rest of its group, as a fraction: 0.2 is 20 % more.
// Shrunk toward the group, which takes the winner's curse out of it.
// REQUIRES: the rest of the group has an event.
Estimate lift_estimate(const RateBelief& rate, double mass = 0.9);

// P(rate > (1 + lift) x the rate of the rest of the group).
// REQUIRES: as lift_estimate.
double chance_of_lift(const RateBelief& rate, double lift);

// P(rate > bound).
double chance_above(const RateBelief& rate, double bound);

// The group without this ad.
double control_events(const RateBelief& rate);
double control_exposure(const RateBelief& rate);

}  // namespace rf::learn
