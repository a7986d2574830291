#include "model/calendar.h"

#include <exception>

#include <date/tz.h>
#include <fmt/format.h>

namespace rf {
namespace {

// The zone database knows its own calendar types; both count days since 1970-01-01.
date::local_days to_date(Day day) { return date::local_days(day.time_since_epoch()); }

const date::time_zone& zone_named(const std::string& name) { return *date::locate_zone(name); }

}  // namespace

std::string to_iso(Day day) {
  std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

Result<Day> parse_day(std::string_view iso) {
  Result<Instant> instant = parse_instant(iso);
  if (iso.size() != 10 || !instant) {
    return fail(ErrorCode::invalid, fmt::format("'{}' is not a date such as 2026-03-01", iso));
  }
  return Day(std::chrono::floor<Days>(*instant).time_since_epoch());
}

Result<TimeZone> TimeZone::parse(std::string_view name) {
  TimeZone zone;
  zone.name_ = name;
  try {
    static_cast<void>(zone_named(zone.name_));
  } catch (const std::exception&) {
    return fail(ErrorCode::invalid,
                fmt::format("'{}' is not an IANA time zone such as Europe/Berlin", name));
  }
  return zone;
}

Day TimeZone::day_at(Instant instant) const {
  auto local = zone_named(name_).to_local(date::sys_time<Duration>(instant.time_since_epoch()));
  return Day(std::chrono::floor<Days>(local.time_since_epoch()));
}

Instant TimeZone::start_of(Day day) const {
  return Instant(zone_named(name_).to_sys(to_date(day), date::choose::earliest).time_since_epoch());
}

}  // namespace rf
