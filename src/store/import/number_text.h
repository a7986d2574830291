// Numbers as people and platforms write them, read exactly to the millionth.
//
// "1,234" is a thousand or a little more than one; no single value can tell. So a file is surveyed
// first: every number that can only be read one way votes, and the file is read one way throughout,
// or refused. The decision is NumberSurvey's; parse_number() only obeys it.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rf::imports {

enum class DecimalMark : std::uint8_t { undecided, point, comma };

struct NumberReading {
  enum class Kind : std::uint8_t {
    value,
    blank,   // "", "--": not reported.
    masked,  // "<5": the platform hides a small count; `micros` is the highest it can be.
    bad,
  };
  Kind kind = Kind::blank;
  std::int64_t micros = 0;
  bool percent = false;         // It had a "%": 2.6 for "2.6%".
  std::string_view reason = {};  // Of bad: what is wrong with it.
};

// Reads "1,020.50", "1 020,50", "CA$12.34", "12,34 €", "1.5E-3", "(3.00)", "45%".  Digits beyond the
// sixth decimal are rounded half away from zero.
// REQUIRES: mark is decided.
NumberReading parse_number(std::string_view text, DecimalMark mark);

// What all the numbers of a file say of its decimal mark.
class NumberSurvey {
 public:
  // `whole`: the column counts things, so a separator in it can only group thousands.
  void see(std::string_view text, bool whole, std::int64_t line);

  // `hint` is what the file's language and delimiter suggest; undecided when they say nothing.
  // Errors: invalid, when the numbers contradict each other or cannot be told apart.
  Result<DecimalMark> decide(DecimalMark hint) const;

 private:
  struct Votes {
    std::int64_t count = 0;
    std::int64_t line = 0;
    std::string text;  // The first.
  };
  static void vote(Votes& votes, std::string_view text, std::int64_t line);

  Votes point_;          // Can only be read with a decimal point.
  Votes comma_;          // Can only be read with a decimal comma.
  Votes comma_likely_;   // "12,34": no grouping, but perhaps a slip in a file with points.
  Votes comma_grouped_;  // "1,234".
  Votes point_grouped_;  // "1.234".
};

}  // namespace rf::imports
