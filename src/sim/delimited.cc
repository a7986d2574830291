#include "sim/delimited.h"

#include <utility>

#include <fmt/format.h>

#include "base/check.h"

namespace rf::sim {
namespace {

// The code point whose UTF-8 begins at `at`; moves `at` behind it.
char32_t take_code_point(std::string_view utf8, std::size_t& at) {
  const auto byte = [&](std::size_t i) -> char32_t {
    RF_CHECK(i < utf8.size());
    return static_cast<unsigned char>(utf8[i]);
  };
  const char32_t lead = byte(at);
  const int more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  char32_t point = more == 0 ? lead : lead & (0x3fU >> static_cast<unsigned>(more));
  for (int i = 0; i < more; ++i) {
    const char32_t next = byte(++at);
    RF_CHECK((next & 0xc0U) == 0x80);
    point = point << 6U | (next & 0x3fU);
  }
  ++at;
  return point;
}

void append_unit(std::string& bytes, char32_t unit) {
  bytes += static_cast<char>(unit & 0xffU);
  bytes += static_cast<char>(unit >> 8U & 0xffU);
}

}  // namespace

void DelimitedText::raw(std::string_view cell) {
  if (line_started_) bytes_ += dialect_.delimiter;
  line_started_ = true;
  bytes_ += cell;
}

void DelimitedText::text(std::string_view cell) {
  const std::string_view special = dialect_.quote_spaces ? "\"\r\n " : "\"\r\n";
  if (cell.find_first_of(special) == std::string_view::npos &&
      cell.find(dialect_.delimiter) == std::string_view::npos) {
    raw(cell);
    return;
  }
  raw("\"");
  for (char c : cell) {
    if (c == '"') bytes_ += '"';
    bytes_ += c;
  }
  bytes_ += '"';
}

// Groups the digits before the point, and puts the dialect's signs.
std::string DelimitedText::localised(std::string number) const {
  std::size_t point = number.find('.');
  if (point == std::string::npos) point = number.size();
  if (point < number.size()) number[point] = dialect_.decimal;
  if (dialect_.thousands == '\0') return number;
  const std::size_t first = number.starts_with('-') ? 1 : 0;
  for (std::size_t at = point; at > first + 3;) {
    at -= 3;
    number.insert(at, 1, dialect_.thousands);
  }
  return number;
}

void DelimitedText::count(std::int64_t value) {
  const fmt::format_int digits(value);
  if (dialect_.thousands == '\0') {
    raw({digits.data(), digits.size()});
  } else {
    text(localised(digits.str()));
  }
}

void DelimitedText::decimal(double value, int digits) {
  text(localised(fmt::format("{:.{}f}", value, digits)));
}

void DelimitedText::percent(double ratio, int digits) {
  text(localised(fmt::format("{:.{}f}", ratio * 100, digits)) + "%");
}

void DelimitedText::money(Money amount) { text(localised(to_decimal(amount))); }

void DelimitedText::end_line() {
  bytes_ += dialect_.line_end;
  line_started_ = false;
}

std::string DelimitedText::take_bytes() { return std::exchange(bytes_, {}); }

std::string to_utf16le(std::string_view utf8) {
  std::string bytes = "\xff\xfe";
  bytes.reserve(2 + 2 * utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t point = take_code_point(utf8, at);
    if (point < 0x10000) {
      append_unit(bytes, point);
    } else {
      append_unit(bytes, 0xd800 + ((point - 0x10000) >> 10U));
      append_unit(bytes, 0xdc00 + ((point - 0x10000) & 0x3ffU));
    }
  }
  return bytes;
}

}  // namespace rf::sim
