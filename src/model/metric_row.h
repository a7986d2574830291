// What a platform said of one entity for one day, at one time: the arrow from measuring to
// remembering.

#pragma once

#include <cstdint>
#include <string>

#include "model/calendar.h"
#include "model/entity.h"
#include "model/metric.h"

namespace rf {

// The day of rows with Grain::total: they have none, and one fixed stand-in keeps their key stable.
inline constexpr Day kNoDay{Days(0)};

struct MetricRow {
  Grain grain = Grain::day;
  Day day = kNoDay;
  Entity entity;
  // The parts this row was split into: kind "age,gender" with value "65+,female"; both empty for a
  // row of the whole. Rows of different kinds describe the same thing and must not be added up.
  std::string breakdown_kind;
  std::string breakdown;
  // How the platform ascribes conversions to ads, in its own words: "7-day click or 1-day view".
  // Empty when it did not say. Numbers of different settings must not be added up.
  std::string attribution;
  // What `conversions` counts: "purchases", "results:actions:lead". Empty when nothing does.
  std::string conversion_event;
  Counts counts;
  std::int64_t line = 0;  // In the file, the header's lines included; 0 when not from a file.

  bool operator==(const MetricRow&) const = default;
};

}  // namespace rf
