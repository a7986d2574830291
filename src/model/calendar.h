// Days as an ad account counts them: by the calendar of its own time zone.

#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace rf {

// A date of the account's calendar. It has no instant until a zone is named.
using Day = std::chrono::local_days;
using Days = std::chrono::days;

// "2026-03-01".
std::string to_iso(Day day);

// Errors: invalid, also for a date that does not exist.
Result<Day> parse_day(std::string_view iso);

// A zone of the IANA database, by name.
class TimeZone {
 public:
  // UTC.
  TimeZone() = default;

  // Errors: invalid, with the name that was given.
  static Result<TimeZone> parse(std::string_view name);

  const std::string& name() const { return name_; }

  // The date on the account's wall calendar at `instant`.
  Day day_at(Instant instant) const;

  // The first moment of `day`; where a clock change skips midnight, the moment after the change.
  Instant start_of(Day day) const;

  bool operator==(const TimeZone&) const = default;

 private:
  std::string name_ = "UTC";
};

}  // namespace rf
