// A moment as people write it.

#pragma once

#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "model/calendar.h"

namespace rf::api {

// "2026-03-02T10:00:00Z", "2026-03-02", "2026-03-02 10:00", "monday", "monday 10:00", "today",
// "yesterday 18:30": in `zone` where no other is named; a weekday is the last one, today included.
// Errors: invalid.
Result<Instant> parse_moment(std::string_view text, const TimeZone& zone, Instant now);

}  // namespace rf::api
