// Numbers as people read them, for reasons and effects.

#pragma once

#include <cstdint>
#include <string>

#include "model/money.h"

namespace rf::decide {

// "12,400".
std::string grouped(std::int64_t value);

// A number that needs no more than it says: "12,400", "3.2", "0.41".
std::string number(double value);

// "0.62 %"; two significant digits at least.
std::string percent(double share);

// A chance, never rounded to certainty: "99.3 %", "over 99.9 %".
std::string chance(double probability);

// "1,250.00 USD", rounded to the minor unit.
std::string money(double units, Currency currency);

// "about 3 days", "about a day", "less than a day".
std::string about_days(double days);

Money to_money(std::int64_t minor, Currency currency);
std::int64_t to_minor(double units, Currency currency);

}  // namespace rf::decide
