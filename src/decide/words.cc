#include "decide/words.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace rf::decide {
namespace {

std::int64_t micros_per_minor(Currency currency) {
  std::int64_t micros = kMicrosPerUnit;
  for (int i = 0; i < currency.minor_digits(); ++i) micros /= 10;
  return micros;
}

// Commas into the digits before the point.
std::string with_commas(std::string_view digits) {
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > first && i < point && (point - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

}  // namespace

std::string grouped(std::int64_t value) { return with_commas(fmt::format("{}", value)); }

std::string number(double value) {
  const double size = std::abs(value);
  if (size >= 100 || value == std::round(value)) return with_commas(fmt::format("{:.0f}", value));
  return size >= 1 ? fmt::format("{:.1f}", value) : fmt::format("{:.2g}", value);
}

std::string percent(double share) {
  const double parts = 100 * share;
  const double size = std::abs(parts);
  if (size >= 100) return with_commas(fmt::format("{:.0f}", parts)) + " %";
  if (size >= 10 || parts == 0) return fmt::format("{:.0f} %", parts);
  return size >= 1 ? fmt::format("{:.1f} %", parts) : fmt::format("{:.2g} %", parts);
}

std::string chance(double probability) {
  if (probability > 0.999) return "over 99.9 %";
  // Rounded down: a confidence is never stated above what it is.
  return fmt::format("{:.1f} %", std::floor(1000 * probability) / 10);
}

std::string money(double units, Currency currency) {
  const std::string amount = to_decimal(to_money(to_minor(units, currency), currency));
  return with_commas(amount) + " " + std::string(currency.code());
}

std::string about_days(double days) {
  if (days < 0.75) return "less than a day";
  if (days < 1.5) return "about a day";
  return fmt::format("about {} days", grouped(std::llround(std::ceil(days))));
}

Money to_money(std::int64_t minor, Currency currency) {
  return {minor * micros_per_minor(currency), currency};
}

std::int64_t to_minor(double units, Currency currency) {
  return std::llround(units * static_cast<double>(kMicrosPerUnit) /
                      static_cast<double>(micros_per_minor(currency)));
}

}  // namespace rf::decide
