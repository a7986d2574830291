// Lines of delimited text with the quoting of RFC 4180.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/money.h"

namespace rf::sim {

struct Dialect {
  char delimiter = ',';
  std::string_view line_end = "\n";
  std::string_view none;  // What stands where there is no number.
  bool quote_spaces = false;
  char thousands = '\0';  // Between groups of three digits of a count; none for '\0'.
  char decimal = '.';
};

// Builds a file cell by cell.
class DelimitedText {
 public:
  explicit DelimitedText(const Dialect& dialect) : dialect_(dialect) {}

  void text(std::string_view cell);
  void none() { raw(dialect_.none); }
  void count(std::int64_t value);

  // A number with `digits` digits behind the point.
  void decimal(double value, int digits);

  // The same with a percent sign. `ratio` is a fraction.
  void percent(double ratio, int digits);

  // An amount in its currency's minor unit, without its code.
  void money(Money amount);

  void end_line();
  const std::string& bytes() const { return bytes_; }

  // The bytes so far, which are no longer held: for files larger than memory.
  std::string take_bytes();

 private:
  void raw(std::string_view cell);
  std::string localised(std::string number) const;

  Dialect dialect_;
  std::string bytes_;
  bool line_started_ = false;
};

// Little-endian UTF-16 with a byte order mark.
// REQUIRES: `utf8` is valid UTF-8.
std::string to_utf16le(std::string_view utf8);

}  // namespace rf::sim
