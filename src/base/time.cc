#include "base/time.h"

#include <cstdint>

#include <fmt/format.h>

namespace rf {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// The two-digit or longer run of digits at `at`, of exactly `length` characters.
std::optional<int> digits_at(std::string_view text, std::size_t at, std::size_t length) {
  if (at + length > text.size()) return std::nullopt;
  int value = 0;
  for (char c : text.substr(at, length)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<std::chrono::sys_days> date_at_start(std::string_view text) {
  auto year = digits_at(text, 0, 4);
  auto month = digits_at(text, 5, 2);
  auto day = digits_at(text, 8, 2);
  if (!year || !month || !day || text[4] != '-' || text[7] != '-') return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year(*year),
                                   std::chrono::month(static_cast<unsigned>(*month)),
                                   std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

// "Z", "+02:00" or "-05:30", as the amount to subtract from local time.
std::optional<minutes> offset_of(std::string_view text) {
  if (text == "Z" || text == "z") return minutes(0);
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  auto hour = digits_at(text, 1, 2);
  auto minute = digits_at(text, 4, 2);
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  minutes offset = hours(*hour) + minutes(*minute);
  return text[0] == '-' ? -offset : offset;
}

// Takes ".123456" off the front of `rest`; more digits than microseconds are cut off.
std::optional<Duration> take_fraction(std::string_view& rest) {
  if (rest.empty() || rest[0] != '.') return Duration(0);
  std::size_t end = 1;
  std::int64_t micros = 0;
  for (; end < rest.size() && rest[end] >= '0' && rest[end] <= '9'; ++end) {
    if (end <= 6) micros = micros * 10 + (rest[end] - '0');
  }
  if (end == 1) return std::nullopt;
  for (std::size_t digits = end - 1; digits < 6; ++digits) micros *= 10;
  rest.remove_prefix(end);
  return Duration(micros);
}

std::optional<Instant> instant_of(std::string_view text) {
  auto date = date_at_start(text);
  if (!date) return std::nullopt;
  if (text.size() == 10) return Instant(*date);
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return std::nullopt;
  auto hour = digits_at(text, 11, 2);
  auto minute = digits_at(text, 14, 2);
  auto second = digits_at(text, 17, 2);
  if (!hour || !minute || !second || text[13] != ':' || text[16] != ':') return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  std::string_view rest = text.substr(19);
  auto fraction = take_fraction(rest);
  auto offset = offset_of(rest);
  if (!fraction || !offset) return std::nullopt;
  return Instant(*date) + hours(*hour) + minutes(*minute) + seconds(*second) + *fraction - *offset;
}

}  // namespace

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

std::string to_rfc3339(Instant instant) {
  auto midnight = std::chrono::floor<days>(instant);
  std::chrono::year_month_day date(midnight);
  std::chrono::hh_mm_ss time(instant - midnight);
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  time.hours().count(), time.minutes().count(), time.seconds().count());
  if (time.subseconds().count() != 0) text += fmt::format(".{:06}", time.subseconds().count());
  return text + "Z";
}

Result<Instant> parse_instant(std::string_view text) {
  auto instant = instant_of(text);
  if (!instant) {
    return fail(ErrorCode::invalid, fmt::format("'{}' is not a time; expected 2026-03-01 or "
                                                "2026-03-01T14:05:00Z",
                                                text));
  }
  return *instant;
}

}  // namespace rf
