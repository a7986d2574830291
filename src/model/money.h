// An exact amount of one currency.
//
// Kept in millionths of the currency's unit, because platforms report fractions of a cent when they
// break spend down by age or placement; rounding each row to the cent would let the sum drift away
// from the total that the platform shows. The ISO minor unit decides how an amount is shown and in
// what steps it may be written to a platform.

#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rf {

// An ISO 4217 currency. "XXX", the standard's own code for "no currency", stands for amounts whose
// file does not name one and whose owner accepted that.
class Currency {
 public:
  // "XXX".
  Currency() = default;

  // Errors: invalid, when `code` is not a current ISO 4217 code in upper case.
  static Result<Currency> parse(std::string_view code);

  std::string_view code() const { return {code_.data(), code_.size()}; }

  // Decimal digits of the minor unit: 2 for USD, 0 for JPY, 3 for KWD.
  int minor_digits() const { return minor_digits_; }

  auto operator<=>(const Currency&) const = default;

 private:
  std::array<char, 3> code_{'X', 'X', 'X'};
  std::int8_t minor_digits_ = 2;
};

struct Money {
  std::int64_t micros = 0;
  Currency currency;

  bool operator==(const Money&) const = default;
};

inline constexpr std::int64_t kMicrosPerUnit = 1'000'000;

// Errors: invalid, when the currencies differ or the sum does not fit.
Result<Money> add(Money a, Money b);

// The amount in the currency's unit, rounded half away from zero to its minor unit: "58705.23",
// "-0.50", "1200".
std::string to_decimal(Money amount);

// The amount as a float in the currency's unit, for statistics only.
double units(Money amount);

// Exactly "12", "12.5" or "-0.000001", with at most six decimals.
// Errors: invalid.
Result<Money> parse_money(std::string_view decimal, Currency currency);

}  // namespace rf
