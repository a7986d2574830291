// What we hold about one ad, as numbers: the arrow from learning to deciding.
//
// Counts are kept as they were reported, in windows of closed days; what they are worth is kept as
// the parameters of a posterior. Intervals and chances follow from those (learn/beliefs.h). What
// was not reported is absent: an ad without reported conversions has no belief about them, not one
// of zero.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/calendar.h"
#include "model/entity.h"
#include "model/metric.h"
#include "model/metric_row.h"

namespace rf {

enum class RateKind : std::uint8_t {
  share,      // Part of a whole: clicks of impressions. Beta.
  per_spend,  // Conversions, or value in units of orders, per unit of spend. Gamma.
};

// The rate events / exposure of one ad, and of the ads it is compared with.
//
// The posterior has prior_events + events/phi in prior_exposure + exposure/phi. For ROAS both sides
// are divided by the same amount (Belief::order_unit), so that an event weighs about as much as one
// order does and the ratio is still value per spend.
// Units: exposure of a share is a count; of per_spend, the account's currency unit.
struct RateBelief {
  RateKind kind = RateKind::share;
  double events = 0;
  double exposure = 0;
  double group_events = 0;  // Of all ads of the group, this one included.
  double group_exposure = 0;
  double prior_events = 1;  // What ads of the group are worth before they are seen.
  double prior_exposure = 2;
  double phi = 1;  // Variance over that of the model; >= 1.

  bool operator==(const RateBelief&) const = default;
};

// An ad beside the rest of its group on the same days: see learn/matched.h.
// Units: events are those of `roas` (value in units of orders) where there is one, else of `sales`.
struct Matched {
  double events = 0;
  double expected = 0;        // What the others would have brought for the ad's money.
  double control_events = 0;  // Of the others on those days: how well `expected` is known.

  bool operator==(const Matched&) const = default;
};

struct Belief {
  EntityId id;
  Entity entity;
  std::string attribution;
  std::string conversion_event;
  std::string group;  // Whose ads it is compared with, in words.
  std::int64_t group_ads = 0;
  // What a conversion costs over the whole group. Null while the group has none.
  std::optional<double> group_cpa;

  bool dated = false;  // False: one total for a period whose days are not known.
  Day first_day = kNoDay;
  Day last_day = kNoDay;
  std::int64_t days = 0;                 // With a row.
  std::optional<std::int64_t> age_days;  // Closed days since the first, this one included.

  Counts closed;   // Every closed day.
  Counts settled;  // The closed days old enough that most of their conversions have arrived.
  Counts recent;   // The last seven closed days.
  Counts before;   // The seven before those.
  // Every conversion that has arrived, also of young days and of the open one.
  std::optional<double> conversions_arrived;
  std::optional<double> value_arrived;

  // No row of the ad has its conversions; they are judged as none (see learn/beliefs.h).
  bool empty_is_none = false;

  // Over the recent days since the ad began. Null when its days are not known.
  std::optional<double> spend_per_day;

  Metric clicks = Metric::link_clicks;  // What ctr and cvr count: clicks_all where links are not.
  std::optional<RateBelief> ctr;        // Clicks of impressions, closed days.
  std::optional<RateBelief> cvr;        // Conversions of clicks, settled days.
  std::optional<RateBelief> sales;      // Conversions per spend, settled days: 1/CPA.
  std::optional<RateBelief> roas;       // Value per spend, settled days.
  std::optional<RateBelief> hook;       // Plays past the first seconds of impressions.
  std::optional<RateBelief> hold;       // Plays to the end or 15 s of plays past the first seconds.
  double order_unit = 1;                // See RateBelief. Units: the currency unit.
  std::optional<Matched> matched;       // Over the closed days of the lookback.

  bool operator==(const Belief&) const = default;
};

}  // namespace rf
