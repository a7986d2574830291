#include "base/described.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rf {
namespace described {
namespace {

// Edits that turn one short name into another, to guess what was meant.
// Source: Levenshtein 1966, by rows.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

// "; did you mean 'budget'?" or the whole list when nothing is near.
std::string hint(std::string_view found, const std::vector<std::string_view>& known) {
  if (known.empty()) return "";
  auto nearest = std::ranges::min_element(
      known, {}, [found](std::string_view name) { return distance(found, name); });
  if (distance(found, *nearest) <= 2) return fmt::format("; did you mean '{}'?", *nearest);
  return fmt::format("; expected one of {}", fmt::join(known, ", "));
}

std::string_view kind_of(const Json& json) {
  switch (json.kind()) {
    case boost::json::kind::null: return "null";
    case boost::json::kind::bool_: return "true or false";
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
    case boost::json::kind::double_: return "a number";
    case boost::json::kind::string: return "a string";
    case boost::json::kind::array: return "an array";
    case boost::json::kind::object: return "an object";
  }
  check_failed(__FILE__, __LINE__, "kind in range");
}

}  // namespace

Error wrong_kind(const Json& found, std::string_view path, std::string_view expected) {
  return fail(ErrorCode::invalid,
              fmt::format("{}: found {}, expected {}", path, kind_of(found), expected));
}

Error out_of_range(double found, std::string_view path, const FieldRules& rules) {
  std::string expected;
  if (rules.min) expected += fmt::format(" at least {}", *rules.min);
  if (rules.min && rules.max) expected += " and";
  if (rules.max) expected += fmt::format(" at most {}", *rules.max);
  return fail(ErrorCode::invalid, fmt::format("{}: found {}, expected{}", path, found, expected));
}

Error unknown_field(std::string_view path, std::string_view name,
                    const std::vector<std::string_view>& known) {
  return fail(ErrorCode::invalid,
              fmt::format("{}: unknown field{}", at_field(path, name), hint(name, known)));
}

Error unknown_name(std::string_view path, std::string_view found,
                   const std::vector<std::string_view>& known) {
  return fail(ErrorCode::invalid, fmt::format("{}: found '{}'{}", path, found, hint(found, known)));
}

std::string at_index(std::string_view path, std::size_t index) {
  return fmt::format("{}[{}]", path, index);
}

std::string at_field(std::string_view path, std::string_view name) {
  return fmt::format("{}.{}", path, name);
}

Status check_range(const Json& json, std::string_view path, const FieldRules& rules) {
  if (!rules.min && !rules.max) return {};
  if (const JsonArray* array = json.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      RF_TRY(check_range((*array)[i], at_index(path, i), rules));
    }
    return {};
  }
  if (!json.is_number()) return {};  // What it is instead is for the codec to say.
  auto number = json.to_number<double>();
  if ((rules.min && number < *rules.min) || (rules.max && number > *rules.max)) {
    return out_of_range(number, path, rules);
  }
  return {};
}

void add_range(JsonObject& schema, const FieldRules& rules) {
  if (rules.min) schema["minimum"] = *rules.min;
  if (rules.max) schema["maximum"] = *rules.max;
}

}  // namespace described

Result<bool> JsonCodec<bool>::read(const Json& json, std::string_view path) {
  if (!json.is_bool()) return described::wrong_kind(json, path, "true or false");
  return json.get_bool();
}

Result<std::int64_t> JsonCodec<std::int64_t>::read(const Json& json, std::string_view path) {
  boost::system::error_code error;
  auto value = json.is_number() ? json.to_number<std::int64_t>(error) : 0;
  if (!json.is_number() || error) return described::wrong_kind(json, path, "a whole number");
  return value;
}

Result<double> JsonCodec<double>::read(const Json& json, std::string_view path) {
  if (!json.is_number()) return described::wrong_kind(json, path, "a number");
  return json.to_number<double>();
}

Result<std::string> JsonCodec<std::string>::read(const Json& json, std::string_view path) {
  const auto* text = json.if_string();
  if (text == nullptr) return described::wrong_kind(json, path, "a string");
  return std::string(*text);
}

}  // namespace rf
