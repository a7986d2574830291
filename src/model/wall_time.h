// A time of day as the clocks of a zone show it.

#pragma once

#include <chrono>

#include "base/time.h"
#include "model/calendar.h"

namespace rf {

// When the clocks of `zone` show `since_midnight` on `day`: the first time, where they show it
// twice; the moment they jump, where they leave it out.
// REQUIRES: 0 <= since_midnight < 24 h.
Instant wall_time(const TimeZone& zone, Day day, std::chrono::minutes since_midnight);

}  // namespace rf
