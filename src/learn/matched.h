// An ad beside the rest of its group, day by day: what it brought, and what the others would have
// brought for the same money on the same days.
//
// Late conversions, weekdays, prices and broken tracking touch the ad and the others of the same
// day alike, so they cancel: expected = Sum over days of (the ad's spend) x (events of the others)
// / (spend of the others). A day on which nobody's conversions were counted promises nothing. No
// day is too young to be compared.
// Source: indirect standardisation, Breslow & Day 1987, Statistical Methods in Cancer Research II,
// 2.3, with days as strata.

#pragma once

#include <optional>
#include <span>
#include <vector>

#include "model/belief.h"

namespace rf::learn {

// One ad's spend and events of one day. Units: any, the same for all.
struct DayPart {
  Day day;
  double spend = 0;
  double events = 0;
};

// One entry for each ad; none where it never ran beside another that spent.
// Shape: days[i] are those of ad i, each day at most once.
std::vector<std::optional<Matched>> match(std::span<const std::vector<DayPart>> days);

}  // namespace rf::learn
