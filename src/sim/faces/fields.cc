#include "sim/faces/fields.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace rf::sim {
namespace {

std::string_view kind_words(FieldKind kind) {
  switch (kind) {
    case FieldKind::text: return "a text";
    case FieldKind::id: return "an id, digits as text";
    case FieldKind::whole: return "a whole number";
    case FieldKind::number: return "a number";
    case FieldKind::boolean: return "true or false";
    case FieldKind::list: return "a JSON array";
    case FieldKind::object: return "a JSON object";
    case FieldKind::names: return "names separated by commas";
    case FieldKind::any: return "anything";
  }
  return "";
}

std::string_view text_of(const Json& value) {
  return {value.get_string().data(), value.get_string().size()};
}

template <typename Number>
std::optional<Json> read_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Json(number);
}

std::optional<Json> read_as(const Json& value, FieldKind kind);

std::optional<Json> read_names(std::string_view text) {
  if (text.starts_with('[')) {
    Result<Json> parsed = parse_json(text);
    if (!parsed || !parsed->is_array()) return std::nullopt;
    return read_as(*parsed, FieldKind::names);
  }
  JsonArray names;
  int depth = 0;  // "creative{id,name}" is one name.
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}') --depth;
    if (text[i] != ',' || depth != 0) continue;
    names.emplace_back(text.substr(start, i - start));
    start = i + 1;
  }
  if (start < text.size()) names.emplace_back(text.substr(start));
  return Json(std::move(names));
}

std::optional<Json> read_json_text(std::string_view text, FieldKind kind) {
  Result<Json> parsed = parse_json(text);
  if (!parsed) return std::nullopt;
  const bool fits = kind == FieldKind::list ? parsed->is_array() : parsed->is_object();
  if (!fits) return std::nullopt;
  return std::move(parsed).value();
}

std::optional<Json> read_text_as(const Json& value, FieldKind kind) {
  const std::string_view text = text_of(value);
  switch (kind) {
    case FieldKind::id: return is_digits(text) ? std::optional<Json>(value) : std::nullopt;
    case FieldKind::whole: return read_number<std::int64_t>(text);
    case FieldKind::number: return read_number<double>(text);
    case FieldKind::boolean:
      if (text == "true" || text == "1") return Json(true);
      return text == "false" || text == "0" ? std::optional<Json>(false) : std::nullopt;
    case FieldKind::list:
    case FieldKind::object: return read_json_text(text, kind);
    case FieldKind::names: return read_names(text);
    case FieldKind::text:
    case FieldKind::any: break;
  }
  return value;
}

std::optional<Json> read_number_as(const Json& value, FieldKind kind) {
  const bool is_whole = value.is_int64() || value.is_uint64();
  if (kind == FieldKind::number) return Json(value.to_number<double>());
  if (kind == FieldKind::whole && value.is_int64()) return value;
  if (kind == FieldKind::id && is_whole) return Json(to_text(value));
  return std::nullopt;
}

std::optional<Json> read_array_as(const Json& value, FieldKind kind) {
  if (kind == FieldKind::list) return value;
  const bool texts =
      std::ranges::all_of(value.get_array(), [](const Json& each) { return each.is_string(); });
  return kind == FieldKind::names && texts ? std::optional<Json>(value) : std::nullopt;
}

std::optional<Json> read_as(const Json& value, FieldKind kind) {
  if (kind == FieldKind::any) return value;
  if (value.is_string()) return read_text_as(value, kind);
  if (value.is_number()) return read_number_as(value, kind);
  if (value.is_array()) return read_array_as(value, kind);
  const bool fits = (value.is_bool() && kind == FieldKind::boolean) ||
                    (value.is_object() && kind == FieldKind::object);
  return fits ? std::optional<Json>(value) : std::nullopt;
}

class Checking {
 public:
  explicit Checking(std::span<const FieldRule> rules) : rules_(rules) {}

  void take(std::string_view name, const Json& value) {
    if (!checked_.fine || value.is_null()) return;
    const auto rule = std::ranges::find(rules_, name, &FieldRule::name);
    if (rule == rules_.end()) {
      return spoil({Breach::unknown, std::string(name),
                    fmt::format("found a field '{}' that this call does not have", name)});
    }
    std::optional<Json> read = read_as(value, rule->kind);
    if (!read) {
      return spoil({Breach::wrong_type, std::string(name),
                    fmt::format("'{}': found {}, expected {}", name, to_text(value),
                                kind_words(rule->kind))});
    }
    if (!rule->one_of.empty() && read->is_string() && !is_among(text_of(*read), rule->one_of)) {
      return spoil(
          {Breach::wrong_value, std::string(name),
           fmt::format("'{}': found {}, expected one of {}", name, text_of(*read), rule->one_of)});
    }
    checked_.fields[name] = std::move(*read);
  }

  CheckedFields done() {
    for (const FieldRule& rule : rules_) {
      if (!checked_.fine || !rule.required || checked_.fields.contains(rule.name)) continue;
      spoil({Breach::missing, std::string(rule.name),
             fmt::format("the field '{}' is required", rule.name)});
    }
    return std::move(checked_);
  }

 private:
  void spoil(FieldTrouble trouble) {
    checked_.fine = false;
    checked_.trouble = std::move(trouble);
  }

  std::span<const FieldRule> rules_;
  CheckedFields checked_;
};

}  // namespace

std::string CheckedFields::text(std::string_view name) const {
  const Json* value = fields.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(text_of(*value)) : std::string();
}

std::int64_t CheckedFields::whole(std::string_view name, std::int64_t otherwise) const {
  const Json* value = fields.if_contains(name);
  return value != nullptr && value->is_int64() ? value->get_int64() : otherwise;
}

CheckedFields check_fields(const Arrived& arrived, std::span<const FieldRule> rules) {
  Checking checking(rules);
  for (const auto& [name, value] : arrived.query)
    checking.take(name, Json(std::string_view(value)));
  for (const auto& [name, value] : arrived.form) checking.take(name, Json(std::string_view(value)));
  for (const auto& each : arrived.body) checking.take(each.key(), each.value());
  if (!arrived.file_field.empty()) {
    checking.take(arrived.file_field, Json(std::string_view("(a file)")));
  }
  return checking.done();
}

CheckedFields check_object(const JsonObject& object, std::span<const FieldRule> rules) {
  Checking checking(rules);
  for (const auto& each : object) checking.take(each.key(), each.value());
  return checking.done();
}

bool is_among(std::string_view word, std::string_view words) {
  while (!words.empty()) {
    const std::size_t end = words.find(' ');
    if (words.substr(0, end) == word) return true;
    words = end == std::string_view::npos ? std::string_view() : words.substr(end + 1);
  }
  return false;
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.size() <= 20 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace rf::sim
