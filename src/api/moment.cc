#include "api/moment.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>

#include <fmt/format.h>

namespace rf::api {
namespace {

constexpr auto kWeekdays = std::to_array<std::string_view>(
    {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"});

std::optional<int> number_in(std::string_view text, int below) {
  int number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (number < 0 || number >= below) return std::nullopt;
  return number;
}

// "10:00" since midnight.
std::optional<Duration> clock_time(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::optional<int> hour = number_in(text.substr(0, colon), 24);
  std::optional<int> minute = number_in(text.substr(colon + 1), 60);
  if (!hour || !minute) return std::nullopt;
  return Duration(std::chrono::hours(*hour) + std::chrono::minutes(*minute));
}

std::optional<Day> named_day(std::string_view text, Day today) {
  if (text == "today") return today;
  if (text == "yesterday") return today - Days(1);
  for (unsigned i = 0; i < kWeekdays.size(); ++i) {
    if (kWeekdays.at(i) != text) continue;
    const std::chrono::weekday now(today);
    return today - (now - std::chrono::weekday(i));
  }
  Result<Day> day = parse_day(text);
  return day ? std::optional(*day) : std::nullopt;
}

}  // namespace

Result<Instant> parse_moment(std::string_view text, const TimeZone& zone, Instant now) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  const std::string_view all = lower;
  const std::size_t space = all.find(' ');
  std::optional<Day> day = named_day(all.substr(0, space), zone.day_at(now));
  if (day && space == std::string_view::npos) return zone.start_of(*day);
  std::optional<Duration> time =
      space == std::string_view::npos ? std::nullopt : clock_time(all.substr(space + 1));
  if (day && time) return zone.start_of(*day) + *time;
  Result<Instant> instant = parse_instant(text);
  if (instant) return instant;
  return fail(ErrorCode::invalid,
              fmt::format("'{}' is no moment; expected 2026-03-02T10:00:00Z, 2026-03-02, "
                          "'2026-03-02 10:00', monday or 'monday 10:00'",
                          text));
}

}  // namespace rf::api
