#include "model/money.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace rf {
namespace {

struct CurrencyRow {
  std::string_view code;
  std::int8_t minor_digits;
};

// Source: ISO 4217, list one, current codes and minor units; funds and metals left out, but for XXX.
constexpr auto kCurrencies = std::to_array<CurrencyRow>(
    {{"AED", 2}, {"AFN", 2}, {"ALL", 2}, {"AMD", 2}, {"ANG", 2}, {"AOA", 2}, {"ARS", 2}, {"AUD", 2},
     {"AWG", 2}, {"AZN", 2}, {"BAM", 2}, {"BBD", 2}, {"BDT", 2}, {"BGN", 2}, {"BHD", 3}, {"BIF", 0},
     {"BMD", 2}, {"BND", 2}, {"BOB", 2}, {"BRL", 2}, {"BSD", 2}, {"BTN", 2}, {"BWP", 2}, {"BYN", 2},
     {"BZD", 2}, {"CAD", 2}, {"CDF", 2}, {"CHF", 2}, {"CLP", 0}, {"CNY", 2}, {"COP", 2}, {"CRC", 2},
     {"CUP", 2}, {"CVE", 2}, {"CZK", 2}, {"DJF", 0}, {"DKK", 2}, {"DOP", 2}, {"DZD", 2}, {"EGP", 2},
     {"ERN", 2}, {"ETB", 2}, {"EUR", 2}, {"FJD", 2}, {"FKP", 2}, {"GBP", 2}, {"GEL", 2}, {"GHS", 2},
     {"GIP", 2}, {"GMD", 2}, {"GNF", 0}, {"GTQ", 2}, {"GYD", 2}, {"HKD", 2}, {"HNL", 2}, {"HTG", 2},
     {"HUF", 2}, {"IDR", 2}, {"ILS", 2}, {"INR", 2}, {"IQD", 3}, {"IRR", 2}, {"ISK", 0}, {"JMD", 2},
     {"JOD", 3}, {"JPY", 0}, {"KES", 2}, {"KGS", 2}, {"KHR", 2}, {"KMF", 0}, {"KPW", 2}, {"KRW", 0},
     {"KWD", 3}, {"KYD", 2}, {"KZT", 2}, {"LAK", 2}, {"LBP", 2}, {"LKR", 2}, {"LRD", 2}, {"LSL", 2},
     {"LYD", 3}, {"MAD", 2}, {"MDL", 2}, {"MGA", 2}, {"MKD", 2}, {"MMK", 2}, {"MNT", 2}, {"MOP", 2},
     {"MRU", 2}, {"MUR", 2}, {"MVR", 2}, {"MWK", 2}, {"MXN", 2}, {"MYR", 2}, {"MZN", 2}, {"NAD", 2},
     {"NGN", 2}, {"NIO", 2}, {"NOK", 2}, {"NPR", 2}, {"NZD", 2}, {"OMR", 3}, {"PAB", 2}, {"PEN", 2},
     {"PGK", 2}, {"PHP", 2}, {"PKR", 2}, {"PLN", 2}, {"PYG", 0}, {"QAR", 2}, {"RON", 2}, {"RSD", 2},
     {"RUB", 2}, {"RWF", 0}, {"SAR", 2}, {"SBD", 2}, {"SCR", 2}, {"SDG", 2}, {"SEK", 2}, {"SGD", 2},
     {"SHP", 2}, {"SLE", 2}, {"SOS", 2}, {"SRD", 2}, {"SSP", 2}, {"STN", 2}, {"SVC", 2}, {"SYP", 2},
     {"SZL", 2}, {"THB", 2}, {"TJS", 2}, {"TMT", 2}, {"TND", 3}, {"TOP", 2}, {"TRY", 2}, {"TTD", 2},
     {"TWD", 2}, {"TZS", 2}, {"UAH", 2}, {"UGX", 0}, {"USD", 2}, {"UYU", 2}, {"UZS", 2}, {"VED", 2},
     {"VES", 2}, {"VND", 0}, {"VUV", 0}, {"WST", 2}, {"XAF", 0}, {"XCD", 2}, {"XOF", 0}, {"XPF", 0},
     {"XXX", 2}, {"YER", 2}, {"ZAR", 2}, {"ZMW", 2}, {"ZWL", 2}});
static_assert(std::ranges::is_sorted(kCurrencies, {}, &CurrencyRow::code));

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

constexpr int kMicroDigits = 6;

// Millionths from "12.5", or nothing when it is not a plain decimal or does not fit.
std::optional<std::int64_t> micros_of(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::size_t point = text.find('.');
  std::string_view whole = text.substr(0, point);
  std::string_view part = point == std::string_view::npos ? "" : text.substr(point + 1);
  const bool has_part = point != std::string_view::npos;
  if (whole.empty() || (has_part && part.empty()) || part.size() > kMicroDigits)
    return std::nullopt;
  std::int64_t micros = 0;
  std::string digits = std::string(whole) + std::string(part);
  digits.append(kMicroDigits - part.size(), '0');
  for (char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    if (__builtin_mul_overflow(micros, 10, &micros)) return std::nullopt;
    if (__builtin_add_overflow(micros, c - '0', &micros)) return std::nullopt;
  }
  return negative ? -micros : micros;
}

}  // namespace

Result<Currency> Currency::parse(std::string_view code) {
  const auto* row = std::ranges::lower_bound(kCurrencies, code, {}, &CurrencyRow::code);
  if (row == kCurrencies.end() || row->code != code) {
    return fail(ErrorCode::invalid,
                fmt::format("'{}' is not an ISO 4217 currency code such as USD", code));
  }
  Currency currency;
  std::ranges::copy(code, currency.code_.begin());
  currency.minor_digits_ = row->minor_digits;
  return currency;
}

Result<Money> add(Money a, Money b) {
  if (a.currency != b.currency) {
    return fail(ErrorCode::invalid, fmt::format("cannot add {} to {}: the currencies differ",
                                                b.currency.code(), a.currency.code()));
  }
  Money sum{.currency = a.currency};
  if (__builtin_add_overflow(a.micros, b.micros, &sum.micros)) {
    return fail(ErrorCode::invalid, "the sum is too large for an amount of money");
  }
  return sum;
}

std::string to_decimal(Money amount) {
  const int digits = amount.currency.minor_digits();
  const std::int64_t step = power_of_ten(kMicroDigits - digits);
  const bool negative = amount.micros < 0;
  // Negating the smallest number overflows; as unsigned it does not.
  std::uint64_t micros = static_cast<std::uint64_t>(amount.micros);
  if (negative) micros = 0 - micros;
  std::uint64_t minor =
      (micros + static_cast<std::uint64_t>(step) / 2) / static_cast<std::uint64_t>(step);
  const auto scale = static_cast<std::uint64_t>(power_of_ten(digits));
  std::string text = negative && minor != 0 ? "-" : "";
  text += fmt::format("{}", minor / scale);
  if (digits > 0) text += fmt::format(".{:0{}}", minor % scale, digits);
  return text;
}

double units(Money amount) {
  return static_cast<double>(amount.micros) / static_cast<double>(kMicrosPerUnit);
}

Result<Money> parse_money(std::string_view decimal, Currency currency) {
  std::optional<std::int64_t> micros = micros_of(decimal);
  if (!micros) {
    return fail(ErrorCode::invalid,
                fmt::format("'{}' is not an amount such as 12.50 (at most six decimals)", decimal));
  }
  return Money{.micros = *micros, .currency = currency};
}

}  // namespace rf
