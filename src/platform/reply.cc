#include "platform/reply.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace rf::platform {
namespace {

constexpr std::size_t kTextBytesMax = 20'000;

// Chosen: a page of 1,000 rows of 60 fields is some 2 MB; Google's stream of a year is larger, and
// still has to fit into memory as a tree of values some ten times its size.
constexpr std::size_t kBodyBytesMax = 96U << 20U;

constexpr std::int64_t kMicrosMax = 100'000'000'000'000'000;  // 10^17, the store's own bound.
constexpr std::size_t kWholeDigitsMax = 12;
constexpr std::size_t kMicroDigits = 6;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A platform's number that JSON made a float is what its shortest decimal says: up to 15 digits
// that is the text that was sent.
std::string text_of(double value) {
  std::string text = fmt::format("{}", value);
  return text.find('e') == std::string::npos ? text : fmt::format("{:.9f}", value);
}

std::optional<std::int64_t> micros_at(const Json& json) {
  if (const auto* text = json.if_string())
    return micros_of_decimal(std::string_view(text->data(), text->size()));
  if (const std::int64_t* whole = json.if_int64())
    return micros_of_decimal(fmt::format("{}", *whole));
  if (const double* real = json.if_double()) return micros_of_decimal(text_of(*real));
  return std::nullopt;
}

std::string_view kind_of(const Json& json) {
  switch (json.kind()) {
    case boost::json::kind::null: return "nothing";
    case boost::json::kind::bool_: return "a yes or no";
    case boost::json::kind::string: return "a text";
    case boost::json::kind::array: return "an array";
    case boost::json::kind::object: return "an object";
    default: return "a number";
  }
}

std::string shown(const Json& json) {
  if (const auto* text = json.if_string())
    return fmt::format("'{}'",
                       std::string_view(text->data(), std::min<std::size_t>(text->size(), 60)));
  return std::string(kind_of(json));
}

std::string cleaned(std::string_view text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  std::string out(text);
  std::ranges::replace_if(out, blank, ' ');
  return out;
}

}  // namespace

std::optional<std::int64_t> micros_of_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  std::string_view part = text.substr(std::min(point + 1, text.size()));
  if (whole.empty() || whole.size() > kWholeDigitsMax || part.size() > 40) return std::nullopt;
  if (part.empty() && point != text.size()) return std::nullopt;
  if (!std::ranges::all_of(whole, is_digit) || !std::ranges::all_of(part, is_digit))
    return std::nullopt;
  std::int64_t micros = 0;
  for (char c : whole) micros = micros * 10 + (c - '0');
  for (std::size_t i = 0; i < kMicroDigits; ++i)
    micros = micros * 10 + (i < part.size() ? part[i] - '0' : 0);
  if (part.size() > kMicroDigits && part[kMicroDigits] >= '5') ++micros;
  if (micros > kMicrosMax) return std::nullopt;
  return negative ? -micros : micros;
}

std::string exact_decimal(std::int64_t micros) {
  const std::uint64_t size =
      micros < 0 ? ~static_cast<std::uint64_t>(micros) + 1 : static_cast<std::uint64_t>(micros);
  std::string text =
      fmt::format("{}{}.{:06}", micros < 0 ? "-" : "", size / 1'000'000, size % 1'000'000);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string Reply::path() const {
  if (above_ == nullptr) return std::string(name_);
  if (index_ != kMember) return fmt::format("{}[{}]", above_->path(), index_);
  return fmt::format("{}{}{}", above_->path(), above_->above_ == nullptr ? ": " : ".", name_);
}

Error Reply::wrong(std::string_view why) const {
  return fail(ErrorCode::corrupt, fmt::format("{}: {}", path(), why));
}

Status Reply::must_be_object() const {
  if (json_->is_object()) return {};
  return wrong(fmt::format("found {}, expected an object", shown(*json_)));
}

std::optional<Reply> Reply::find(std::string_view name) const {
  const JsonObject* object = json_->if_object();
  if (object == nullptr) return std::nullopt;
  const Json* member = object->if_contains(name);
  if (member == nullptr || member->is_null()) return std::nullopt;
  return Reply(*member, *this, name, kMember);
}

Result<std::string> Reply::as_text() const {
  const auto* text = json_->if_string();
  if (text == nullptr) return wrong(fmt::format("found {}, expected a text", shown(*json_)));
  if (text->size() > kTextBytesMax) return wrong("the text is too long");
  return cleaned({text->data(), text->size()});
}

Result<std::string> Reply::text(std::string_view name) const {
  RF_TRY(must_be_object());
  if (auto member = find(name)) return member->as_text();
  return wrong(fmt::format("has no '{}'", name));
}

Result<std::string> Reply::text_or_empty(std::string_view name) const {
  RF_TRY(must_be_object());
  if (auto member = find(name)) return member->as_text();
  return std::string();
}

Result<std::int64_t> Reply::as_micros() const {
  if (auto micros = micros_at(*json_)) return *micros;
  return wrong(fmt::format("found {}, expected a decimal number", shown(*json_)));
}

// A count may come as "12", 12 or 12.0, never as a part of one.
Result<std::int64_t> Reply::as_count() const {
  const auto* text = json_->if_string();
  const bool digits = text != nullptr && !text->empty() && text->size() <= 18 &&
                      std::ranges::all_of(*text, is_digit);
  if (digits) {
    std::int64_t value = 0;
    for (char c : *text) value = value * 10 + (c - '0');
    return value;
  }
  if (const std::int64_t* whole = json_->if_int64(); whole != nullptr && *whole >= 0) return *whole;
  const std::optional<std::int64_t> micros = micros_at(*json_);
  if (micros && *micros >= 0 && *micros % 1'000'000 == 0) return *micros / 1'000'000;
  return wrong(fmt::format("found {}, expected a whole number", shown(*json_)));
}

Result<std::optional<std::int64_t>> Reply::count(std::string_view name) const {
  RF_TRY(must_be_object());
  auto member = find(name);
  if (!member) return std::optional<std::int64_t>();
  std::int64_t value = RF_TRY(member->as_count());
  return std::optional(value);
}

Result<std::optional<std::int64_t>> Reply::micros(std::string_view name) const {
  RF_TRY(must_be_object());
  auto member = find(name);
  if (!member) return std::optional<std::int64_t>();
  std::int64_t value = RF_TRY(member->as_micros());
  return std::optional(value);
}

Status Reply::each(std::string_view name, const std::function<Status(const Reply&)>& visit) const {
  RF_TRY(must_be_object());
  auto member = find(name);
  if (!member) return {};
  const JsonArray* array = member->json().if_array();
  if (array == nullptr)
    return member->wrong(fmt::format("found {}, expected an array", shown(member->json())));
  for (std::size_t i = 0; i < array->size(); ++i) {
    RF_TRY(visit(Reply((*array)[i], *member, "", i)));
  }
  return {};
}

Result<Json> parse_body(std::string_view body, std::string_view name) {
  if (body.size() > kBodyBytesMax)
    return fail(ErrorCode::over_limit,
                fmt::format("{}: the answer is larger than {} MB", name, kBodyBytesMax >> 20U));
  Result<Json> json = parse_json(body);
  if (json) return json;
  return fail(ErrorCode::corrupt, fmt::format("{}: not JSON: {}", name, json.error().message));
}

}  // namespace rf::platform
