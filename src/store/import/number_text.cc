#include "store/import/number_text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "model/money.h"
#include "store/import/text.h"

namespace rf::imports {
namespace {

using Kind = NumberReading::Kind;

constexpr int kMicroDigits = 6;
constexpr int kExponentMax = 18;
constexpr int kExponentMin = -400;
constexpr std::size_t kLengthMax = 64;
// A million millions: more than any account spends in any currency, and they still add up
// to a sum that is checked.
constexpr std::int64_t kMicrosMax = 1'000'000'000'000 * kMicrosPerUnit;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// So many digits fit 64 bits.
constexpr std::size_t kPlainLengthMax = 18;
constexpr std::array<std::int64_t, 7> kScales{1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};

NumberReading bad(std::string_view reason) { return {.kind = Kind::bad, .reason = reason}; }

// Digits gathered into millionths; the seventh decimal rounds, the rest is dropped.
class Accumulator {
 public:
  void add(char digit, bool fraction) {
    const int value = digit - '0';
    if (fraction && decimals_ >= kMicroDigits) {
      if (decimals_ == kMicroDigits) round_up_ = value >= 5;
      ++decimals_;
      return;
    }
    overflow_ |= __builtin_mul_overflow(micros_, 10, &micros_);
    overflow_ |= __builtin_add_overflow(micros_, value, &micros_);
    if (fraction) ++decimals_;
  }

  std::optional<std::int64_t> finish(bool negative) {
    for (; decimals_ < kMicroDigits; ++decimals_)
      overflow_ |= __builtin_mul_overflow(micros_, 10, &micros_);
    if (round_up_) overflow_ |= __builtin_add_overflow(micros_, 1, &micros_);
    if (overflow_ || micros_ > kMicrosMax) return std::nullopt;
    return negative ? -micros_ : micros_;
  }

 private:
  std::int64_t micros_ = 0;
  int decimals_ = 0;
  bool round_up_ = false;
  bool overflow_ = false;
};

// Letters that stand for money without being an ISO code.
constexpr std::array<std::string_view, 8> kMoneyWords{"kr",  "Kr", "z\xC5\x82", "Ft",
                                                      "lei", "RM", "K\xC4\x8D", "Rs"};

// "CA$", "€", "USD", "zł": what may stand beside an amount.
bool is_money_sign(std::string_view text) {
  if (text.empty() || std::ranges::find(kMoneyWords, text) != kMoneyWords.end()) return true;
  if (Currency::parse(text)) return true;
  icu::UnicodeString wide = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  std::int32_t symbols = 0;
  std::int32_t letters = 0;
  for (std::int32_t i = 0; i < wide.length(); ++i) {
    char16_t c = wide.charAt(i);
    if (u_charType(c) == U_CURRENCY_SYMBOL) {
      ++symbols;
    } else if (u_isalpha(c) != 0) {
      ++letters;
    } else if (c != u'.') {
      return false;
    }
  }
  return symbols == 1 && letters <= 3;
}

// A number without what may stand around it.
struct Bare {
  std::string digits;  // Digits, points, commas, a final exponent; spaces and apostrophes gone.
  bool negative = false;
  bool percent = false;
  bool sound = true;
};

bool take_sign(std::string_view& text) {
  constexpr std::string_view kMinusSign = "\xE2\x88\x92";
  if (text.starts_with('-')) {
    text.remove_prefix(1);
    return true;
  }
  if (text.starts_with(kMinusSign)) {
    text.remove_prefix(kMinusSign.size());
    return true;
  }
  if (text.starts_with('+')) text.remove_prefix(1);
  return false;
}

// Removes what separates groups and is never a decimal mark: spaces of any kind and apostrophes
// between digits.
std::optional<std::string> without_spaces(std::string_view body) {
  std::string out;
  while (!body.empty()) {
    std::string_view rest = trim(body);
    if (rest.starts_with('\'')) rest.remove_prefix(1);
    if (rest.starts_with("\xE2\x80\x99")) rest.remove_prefix(3);
    if (rest.empty()) return std::nullopt;
    if (rest.data() != body.data() && !is_digit(rest.front())) return std::nullopt;
    out += rest.front();
    body = rest.substr(1);
  }
  return out;
}

Bare strip(std::string_view text) {
  Bare bare;
  text = trim(text);
  if (text.size() > 2 && text.front() == '(' && text.back() == ')') {
    bare.negative = true;
    text = trim(text.substr(1, text.size() - 2));
  }
  bare.negative ^= take_sign(text);
  if (text.ends_with('%')) {
    bare.percent = true;
    text = trim(text.substr(0, text.size() - 1));
  }
  std::size_t first = 0;
  while (first < text.size() && !is_digit(text[first]) && text[first] != ',') {
    // ".5" begins with its mark; "Rs.5" does not.
    if (text[first] == '.' && first == 0) break;
    ++first;
  }
  std::size_t last = text.size();
  while (last > first && !is_digit(text[last - 1])) --last;
  std::string_view sign = trim(text.substr(0, first));
  if (sign.ends_with('-')) {
    bare.negative = !bare.negative;
    sign = trim(sign.substr(0, sign.size() - 1));
  }
  std::string_view unit = trim(text.substr(last));
  std::optional<std::string> digits = without_spaces(text.substr(first, last - first));
  bare.sound = digits.has_value() && is_money_sign(sign) && is_money_sign(unit) &&
               (sign.empty() || unit.empty());
  if (digits) bare.digits = *digits;
  return bare;
}

// Groups of three before the mark; in India the groups before the last have two digits.
bool grouped_soundly(std::string_view whole, char group) {
  std::size_t at = whole.rfind(group);
  if (at == std::string_view::npos) return true;
  if (whole.size() - at - 1 != 3) return false;
  whole = whole.substr(0, at);
  for (at = whole.rfind(group); at != std::string_view::npos; at = whole.rfind(group)) {
    const std::size_t length = whole.size() - at - 1;
    if (length != 3 && length != 2) return false;
    whole = whole.substr(0, at);
  }
  return !whole.empty() && whole.size() <= 3 && whole != "0";
}

// The exponent's value, or nothing when it is none.
std::optional<int> exponent_of(std::string_view text) {
  const bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.size() > 3) return std::nullopt;
  int exponent = 0;
  for (char c : text) {
    if (!is_digit(c)) return std::nullopt;
    exponent = exponent * 10 + (c - '0');
  }
  return minus ? -exponent : exponent;
}

// Moves the decimal mark by the exponent, so that digits can be read as they stand.
bool apply_exponent(std::string& digits) {
  const std::size_t at = digits.find_first_of("eE");
  if (at == std::string::npos) return true;
  const std::optional<int> exponent = exponent_of(std::string_view(digits).substr(at + 1));
  if (!exponent || *exponent > kExponentMax || *exponent < kExponentMin) return false;
  std::string mantissa = digits.substr(0, at);
  std::size_t point = std::min(mantissa.find_first_of(".,"), mantissa.size());
  if (point < mantissa.size()) mantissa.erase(point, 1);
  if (*exponent < 0) {
    const auto shift = static_cast<std::size_t>(-*exponent);
    if (shift >= point) mantissa.insert(0, shift - point + 1, '0');
    point = shift >= point ? 1 : point - shift;
  } else {
    point += static_cast<std::size_t>(*exponent);
    if (mantissa.size() < point) mantissa.append(point - mantissa.size(), '0');
  }
  if (point < mantissa.size()) mantissa.insert(point, 1, '.');
  digits = std::move(mantissa);
  return true;
}

bool all_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The digits on both sides of the mark, groups already found sound.
NumberReading sum_up(std::string_view whole, std::string_view part, const Bare& bare) {
  Accumulator sum;
  for (char c : whole) {
    if (is_digit(c)) sum.add(c, false);
  }
  for (char c : part) sum.add(c, true);
  std::optional<std::int64_t> micros = sum.finish(bare.negative);
  if (!micros) return bad("too large");
  return {.kind = Kind::value, .micros = *micros, .percent = bare.percent};
}

NumberReading read_bare(const Bare& bare, DecimalMark mark) {
  std::string digits = bare.digits;
  const bool scientific = digits.find_first_of("eE") != std::string::npos;
  if (!apply_exponent(digits)) return bad("not a number");
  const char point = mark == DecimalMark::point || scientific ? '.' : ',';
  const char group = point == '.' ? ',' : '.';
  const std::size_t at = digits.find(point);
  std::string_view whole = std::string_view(digits).substr(0, at);
  std::string_view part = at == std::string::npos ? "" : std::string_view(digits).substr(at + 1);
  std::string ungrouped(whole);
  std::erase(ungrouped, group);
  const bool none = ungrouped.empty() && part.empty();
  if (none || !all_digits(ungrouped) || !all_digits(part)) return bad("not a number");
  if (!grouped_soundly(whole, group))
    return bad("its separators do not fit the decimal mark of the rest of the file");
  return sum_up(ungrouped, part, bare);
}

// The form in which nearly all numbers come: digits, perhaps a point and at most six decimals.
std::optional<std::int64_t> read_plain(std::string_view text, bool point_allowed) {
  if (text.empty() || text.size() > kPlainLengthMax) return std::nullopt;
  std::int64_t value = 0;
  std::size_t decimals = 0;
  bool fraction = false;
  for (char c : text) {
    if (is_digit(c)) {
      value = value * 10 + (c - '0');
      decimals += fraction ? 1 : 0;
    } else if (c == '.' && point_allowed && !fraction) {
      fraction = true;
    } else {
      return std::nullopt;
    }
  }
  const bool whole_form = is_digit(text.front()) && fraction == (decimals > 0);
  if (!whole_form || decimals >= kScales.size()) return std::nullopt;
  const std::int64_t scale = kScales[decimals];
  if (value > kMicrosMax / scale) return std::nullopt;
  return value * scale;
}

NumberReading read_masked(std::string_view text) {
  std::optional<std::int64_t> bound = read_plain(trim(text.substr(1)), false);
  if (!bound || *bound == 0) return bad("not a number");
  return {.kind = Kind::masked, .micros = *bound - kMicrosPerUnit};
}

enum class Shape : std::uint8_t {
  silent,
  point,
  comma,
  comma_likely,
  point_grouped,
  comma_grouped
};

// "12,34" or "1,234": what a number with one separator says.
Shape shape_of_one(std::string_view digits) {
  const std::size_t at = digits.find_first_of(".,");
  const bool can_group = digits.size() - at - 1 == 3 && at >= 1 && at <= 3 && digits[0] != '0';
  if (digits[at] == '.') return can_group ? Shape::point_grouped : Shape::point;
  return can_group ? Shape::comma_grouped : Shape::comma_likely;
}

// What one number without signs says. `digits` holds digits, points and commas only.
Shape shape_of(std::string_view digits) {
  const auto points = std::ranges::count(digits, '.');
  const auto commas = std::ranges::count(digits, ',');
  if (points == 0 && commas == 0) return Shape::silent;
  if (points > 0 && commas > 0)
    return digits.rfind('.') > digits.rfind(',') ? Shape::point : Shape::comma;
  if (points + commas == 1) return shape_of_one(digits);
  const bool sound = grouped_soundly(digits, points > 0 ? '.' : ',');
  if (!sound) return Shape::silent;
  return points > 0 ? Shape::comma : Shape::point;
}

}  // namespace

NumberReading parse_number(std::string_view text, DecimalMark mark) {
  if (std::optional<std::int64_t> plain = read_plain(text, mark == DecimalMark::point))
    return {.kind = Kind::value, .micros = *plain};
  text = trim(text);
  if (is_blank(text)) return {};
  if (text.size() > kLengthMax) return bad("too long for a number");
  if (text.front() == '<') return read_masked(text);
  Bare bare = strip(text);
  if (!bare.sound) return bad("not a number");
  return read_bare(bare, mark);
}

void NumberSurvey::vote(Votes& votes, std::string_view text, std::int64_t line) {
  if (votes.count++ > 0) return;
  votes.line = line;
  votes.text = text;
}

void NumberSurvey::see(std::string_view text, bool whole, std::int64_t line) {
  if (text.find_first_of(".,") == std::string_view::npos || text.size() > kLengthMax) return;
  Bare bare = strip(text);
  if (!bare.sound || bare.digits.find_first_not_of("0123456789.,") != std::string::npos) return;
  Shape shape = shape_of(bare.digits);
  if (whole && shape == Shape::comma_grouped) shape = Shape::point;
  if (whole && shape == Shape::point_grouped) shape = Shape::comma;
  switch (shape) {
    case Shape::silent: return;
    case Shape::point: return vote(point_, text, line);
    case Shape::comma: return vote(comma_, text, line);
    case Shape::comma_likely: return vote(comma_likely_, text, line);
    case Shape::point_grouped: return vote(point_grouped_, text, line);
    case Shape::comma_grouped: return vote(comma_grouped_, text, line);
  }
}

Result<DecimalMark> NumberSurvey::decide(DecimalMark hint) const {
  if (point_.count > 0 && comma_.count > 0) {
    return fail(ErrorCode::invalid,
                fmt::format("'{}' (line {}) has a decimal point and '{}' (line {}) a decimal comma",
                            point_.text, point_.line, comma_.text, comma_.line));
  }
  if (point_.count > 0) return DecimalMark::point;
  if (comma_.count > 0) return DecimalMark::comma;
  const Votes* unclear = nullptr;
  if (comma_likely_.count > 0) {
    if (hint == DecimalMark::comma) return DecimalMark::comma;
    unclear = &comma_likely_;
  } else if (comma_grouped_.count > 0 && hint != DecimalMark::point) {
    unclear = &comma_grouped_;
  } else if (point_grouped_.count > 0 && hint != DecimalMark::comma) {
    unclear = &point_grouped_;
  }
  if (unclear == nullptr) return hint == DecimalMark::comma ? hint : DecimalMark::point;
  return fail(ErrorCode::invalid,
              fmt::format("'{}' (line {}) may have a decimal comma or group thousands, and nothing "
                          "else in the file decides it",
                          unclear->text, unclear->line));
}

}  // namespace rf::imports
