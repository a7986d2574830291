#include "store/import/date_text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

#include <fmt/format.h>

#include "store/import/text.h"

namespace rf::imports {
namespace {

using Kind = DateReading::Kind;

constexpr int kMonths = 12;
constexpr std::size_t kLengthMax = 40;

DateReading bad(std::string_view reason) { return {.kind = Kind::bad, .reason = reason}; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

DateReading make_day(int year, int month, int day) {
  if (year < 100) year += 2000;
  if (year < 1970 || year > 2200) return bad("not a date");
  std::chrono::year_month_day date{std::chrono::year(year),
                                   std::chrono::month(static_cast<unsigned>(month)),
                                   std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return bad("this day does not exist");
  return {.kind = Kind::day, .day = Day(date)};
}

std::optional<DateReading> read_iso(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int parts[3] = {0, 0, 0};
  std::size_t part = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7) {
      ++part;
    } else if (is_digit(text[i])) {
      parts[part] = parts[part] * 10 + (text[i] - '0');
    } else {
      return std::nullopt;
    }
  }
  return make_day(parts[0], parts[1], parts[2]);
}

// 1 to 12 for an English month's name or its first three letters; else 0.
int month_named(std::string_view word) {
  constexpr std::array<std::string_view, kMonths> names{
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  if (word.size() < 3) return 0;
  std::string lower(word);
  std::ranges::transform(lower, lower.begin(), [](char c) { return static_cast<char>(c | 0x20); });
  if (lower == "sept") return 9;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (lower == names[i] || lower == names[i].substr(0, 3)) return static_cast<int>(i) + 1;
  }
  return 0;
}

// The numbers and the month's name of a date, and what stood between the first two numbers.
struct Parts {
  std::array<int, 3> numbers{};
  std::array<std::size_t, 3> digits{};
  std::size_t count = 0;
  int month = 0;
  bool word_first = false;
  char separator = ' ';
  bool sound = true;
};

void take_number(std::string_view text, std::size_t& i, Parts& parts) {
  int number = 0;
  const std::size_t start = i;
  for (; i < text.size() && is_digit(text[i]); ++i) {
    if (i - start >= 8) parts.sound = false;
    if (parts.sound) number = number * 10 + (text[i] - '0');
  }
  const bool date_is_whole = parts.count == 3 || (parts.count == 2 && parts.month > 0);
  if (date_is_whole) {
    // A time of day: midnight adds nothing, any other hour would be a part of a day.
    parts.sound = parts.sound && number == 0;
    return;
  }
  parts.numbers[parts.count] = number;
  parts.digits[parts.count] = i - start;
  if (parts.count == 0 && i < text.size()) parts.separator = text[i];
  ++parts.count;
}

void take_word(std::string_view text, std::size_t& i, Parts& parts) {
  const std::size_t start = i;
  while (i < text.size() && is_letter(text[i])) ++i;
  std::string_view word = text.substr(start, i - start);
  const bool clock = (word == "T" || word == "Z" || word == "AM") && parts.count == 3;
  if (clock) return;
  if (parts.month > 0 || month_named(word) == 0) parts.sound = false;
  parts.month = month_named(word);
  parts.word_first = parts.count == 0;
}

Parts split(std::string_view text) {
  Parts parts;
  for (std::size_t i = 0; i < text.size() && parts.sound;) {
    if (is_digit(text[i])) {
      take_number(text, i, parts);
    } else if (is_letter(text[i])) {
      take_word(text, i, parts);
    } else {
      ++i;
    }
  }
  return parts;
}

bool is_slashed(const Parts& parts) {
  return parts.sound && parts.count == 3 && parts.month == 0 && parts.digits[0] <= 2 &&
         parts.digits[1] <= 2 && parts.digits[2] >= 2 && parts.separator != '.';
}

DateReading read_parts(const Parts& parts, DateOrder order) {
  if (!parts.sound) return bad("not a date");
  const auto& n = parts.numbers;
  if (parts.month > 0 && parts.count == 2) return make_day(n[1], parts.month, n[0]);
  if (parts.count == 1 && parts.digits[0] == 8 && parts.month == 0)
    return make_day(n[0] / 10000, n[0] / 100 % 100, n[0] % 100);
  if (parts.count != 3 || parts.month > 0) return bad("not a date");
  if (parts.digits[0] == 4) return make_day(n[0], n[1], n[2]);
  if (parts.digits[2] != 4 && parts.digits[2] != 2) return bad("not a date");
  const bool day_first = parts.separator == '.' || order == DateOrder::day_first;
  return day_first ? make_day(n[2], n[1], n[0]) : make_day(n[2], n[0], n[1]);
}

bool is_all(std::string_view text) {
  if (text.size() > 8) return false;
  std::string folded = fold_header(text);
  constexpr std::array<std::string_view, 8> kWords{"all",   "alle",   "tous", "todos",
                                                   "todas", "összes", "全部", "すべて"};
  return std::ranges::find(kWords, folded) != kWords.end();
}

}  // namespace

DateReading parse_date(std::string_view text, DateOrder order) {
  if (std::optional<DateReading> iso = read_iso(text)) return *iso;
  text = trim(text);
  if (is_blank(text) || is_all(text)) return {};
  if (text.size() > kLengthMax) return bad("too long for a date");
  return read_parts(split(text), order);
}

void DateSurvey::vote(Vote& vote, std::string_view text, std::int64_t line) {
  if (vote.line != 0) return;
  vote.line = line;
  vote.text = text;
}

void DateSurvey::see(std::string_view text, std::int64_t line) {
  const bool iso = text.size() == 10 && text[4] == '-';
  if (iso || text.empty() || text.size() > kLengthMax) return;
  Parts parts = split(text);
  if (!is_slashed(parts)) return;
  const int a = parts.numbers[0];
  const int b = parts.numbers[1];
  if (a > kMonths && b > kMonths) return;
  if (a > kMonths) return vote(day_first_, text, line);
  if (b > kMonths) return vote(month_first_, text, line);
  // The same day either way, so it needs no decision.
  if (a != b) vote(either_, text, line);
}

Result<DateOrder> DateSurvey::decide() const {
  if (day_first_.line != 0 && month_first_.line != 0) {
    return fail(
        ErrorCode::invalid,
        fmt::format("'{}' (line {}) has the day first and '{}' (line {}) the month",
                    day_first_.text, day_first_.line, month_first_.text, month_first_.line));
  }
  if (day_first_.line != 0) return DateOrder::day_first;
  if (month_first_.line == 0 && either_.line != 0) {
    return fail(
        ErrorCode::invalid,
        fmt::format("'{}' (line {}) may have the day or the month first, and no date in the "
                    "file has a value above 12 to decide it",
                    either_.text, either_.line));
  }
  return DateOrder::month_first;
}

}  // namespace rf::imports
