#include "model/wall_time.h"

#include <date/tz.h>

namespace rf {

Instant wall_time(const TimeZone& zone, Day day, std::chrono::minutes since_midnight) {
  const date::local_time<std::chrono::minutes> local =
      date::local_days(day.time_since_epoch()) + since_midnight;
  const date::time_zone* known = date::locate_zone(zone.name());  // A TimeZone was parsed.
  return Instant(known->to_sys(local, date::choose::earliest).time_since_epoch());
}

}  // namespace rf
