// Days as export files write them.
//
// "03/04/2026" is a day in March or in April. Like numbers, dates are surveyed over the whole file
// first: one value above 12 settles the order for all; where none does, the file is refused.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/calendar.h"

namespace rf::imports {

enum class DateOrder : std::uint8_t { undecided, day_first, month_first };

struct DateReading {
  enum class Kind : std::uint8_t {
    day,
    none,  // Blank, or "All" as in a subtotal.
    bad,
  };
  Kind kind = Kind::none;
  Day day{};
  std::string_view reason = {};  // Of bad: what is wrong with it.
};

// Reads "2026-03-01", "2026/3/1", "20260301", "01.03.2026", "3/14/2026", "Nov 20, 2025",
// "20 November 2025", "2026年3月1日", each with or without midnight after it.
DateReading parse_date(std::string_view text, DateOrder order);

// What all the dates of a file say of the order of day and month.
class DateSurvey {
 public:
  void see(std::string_view text, std::int64_t line);

  // month_first when no date depends on it.
  // Errors: invalid, when the dates contradict each other or cannot be told apart.
  Result<DateOrder> decide() const;

 private:
  struct Vote {
    std::string text;
    std::int64_t line = 0;
  };
  static void vote(Vote& vote, std::string_view text, std::int64_t line);

  Vote day_first_;
  Vote month_first_;
  Vote either_;
};

}  // namespace rf::imports
