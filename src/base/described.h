// One description of a struct, from which reading JSON with exact error paths, writing JSON, JSON
// Schema, command-line flags and later OpenAPI and MCP schemas all follow.
//
//   struct ReportInput { std::string by = "ad"; std::optional<std::int64_t> days; };
//   template <>
//   struct Described<ReportInput> {
//     static constexpr auto fields = std::tuple{
//         field("by", &ReportInput::by, "what a row is: ad, concept or a naming dimension"),
//         field("days", &ReportInput::days, "look back this many days", {.min = 1, .max = 3650})};
//   };
//
// A member's default is the value the struct is born with; a field without a default in that sense
// is marked required. Types: bool, 64-bit integers, double, std::string, enums with EnumNames,
// std::optional, std::vector, std::map from std::string, Json as it is, described structs, and
// whatever else specialises JsonCodec.

#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace rf {

struct FieldRules {
  bool required = false;
  bool positional = false;  // On the command line it needs no flag.
  std::optional<double> min = std::nullopt;
  std::optional<double> max = std::nullopt;
};

template <typename Owner, typename Member>
struct Field {
  std::string_view name;
  Member Owner::*member;
  std::string_view help;
  FieldRules rules;
};

template <typename Owner, typename Member>
constexpr Field<Owner, Member> field(std::string_view name, Member Owner::*member,
                                     std::string_view help, FieldRules rules = {}) {
  return {name, member, help, rules};
}

// Specialised for each struct: `static constexpr auto fields`, a std::tuple of Field.
template <typename T>
struct Described;

// Specialised for each enum: `static constexpr auto names`, an array of std::pair<T, string_view>.
template <typename T>
struct EnumNames;

template <typename T>
concept HasFields = requires {
  Described<T>::fields;
};

template <typename T>
concept HasNames = requires {
  EnumNames<T>::names;
};

// Specialised for each type that JSON can hold:
//   static Json write(const T&);
//   static Result<T> read(const Json&, std::string_view path);
//   static JsonObject schema();
template <typename T>
struct JsonCodec;

template <typename T>
Json to_json(const T& value) {
  return JsonCodec<T>::write(value);
}

// `path` names the value in errors: "input", "input.ads[3].budget".
// Errors: invalid.
template <typename T>
Result<T> from_json(const Json& json, std::string_view path) {
  return JsonCodec<T>::read(json, path);
}

// JSON Schema 2020-12.
template <typename T>
JsonObject schema_of() {
  return JsonCodec<T>::schema();
}

template <typename T>
requires HasNames<T> std::string_view name_of(T value) {
  for (const auto& [each, name] : EnumNames<T>::names) {
    if (each == value) return name;
  }
  check_failed(__FILE__, __LINE__, "enumerator has a name");
}

namespace described {

// "input.budget: found a string, expected a number".
Error wrong_kind(const Json& found, std::string_view path, std::string_view expected);
Error out_of_range(double found, std::string_view path, const FieldRules& rules);
Error unknown_field(std::string_view path, std::string_view name,
                    const std::vector<std::string_view>& known);
Error unknown_name(std::string_view path, std::string_view found,
                   const std::vector<std::string_view>& known);
std::string at_index(std::string_view path, std::size_t index);
std::string at_field(std::string_view path, std::string_view name);

// Checks a number, or each number of an array, against min and max.
Status check_range(const Json& json, std::string_view path, const FieldRules& rules);
void add_range(JsonObject& schema, const FieldRules& rules);

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};

}  // namespace described

template <>
struct JsonCodec<Json> {
  static Json write(const Json& value) { return value; }
  static Result<Json> read(const Json& json, std::string_view) { return json; }
  static JsonObject schema() { return {}; }
};

template <>
struct JsonCodec<bool> {
  static Json write(bool value) { return Json(value); }
  static Result<bool> read(const Json& json, std::string_view path);
  static JsonObject schema() { return {{"type", "boolean"}}; }
};

template <>
struct JsonCodec<std::int64_t> {
  static Json write(std::int64_t value) { return Json(value); }
  static Result<std::int64_t> read(const Json& json, std::string_view path);
  static JsonObject schema() { return {{"type", "integer"}}; }
};

template <>
struct JsonCodec<double> {
  // REQUIRES: finite; JSON has no other numbers.
  static Json write(double value) {
    RF_CHECK(std::isfinite(value));
    return Json(value);
  }
  static Result<double> read(const Json& json, std::string_view path);
  static JsonObject schema() { return {{"type", "number"}}; }
};

template <>
struct JsonCodec<std::string> {
  static Json write(const std::string& value) { return Json(std::string_view(value)); }
  static Result<std::string> read(const Json& json, std::string_view path);
  static JsonObject schema() { return {{"type", "string"}}; }
};

template <typename T>
struct JsonCodec<std::optional<T>> {
  static Json write(const std::optional<T>& value) {
    return value ? to_json(*value) : Json(nullptr);
  }
  static Result<std::optional<T>> read(const Json& json, std::string_view path) {
    if (json.is_null()) return std::optional<T>();
    T value = RF_TRY(from_json<T>(json, path));
    return std::optional<T>(std::move(value));
  }
  static JsonObject schema() {
    return {{"anyOf", JsonArray{schema_of<T>(), JsonObject{{"type", "null"}}}}};
  }
};

template <typename T>
struct JsonCodec<std::vector<T>> {
  static Json write(const std::vector<T>& values) {
    JsonArray array;
    array.reserve(values.size());
    for (const T& value : values) array.push_back(to_json(value));
    return array;
  }
  static Result<std::vector<T>> read(const Json& json, std::string_view path) {
    const JsonArray* array = json.if_array();
    if (array == nullptr) return described::wrong_kind(json, path, "an array");
    std::vector<T> values;
    values.reserve(array->size());
    for (std::size_t i = 0; i < array->size(); ++i) {
      T value = RF_TRY(from_json<T>((*array)[i], described::at_index(path, i)));
      values.push_back(std::move(value));
    }
    return values;
  }
  static JsonObject schema() { return {{"type", "array"}, {"items", schema_of<T>()}}; }
};

template <typename T>
struct JsonCodec<std::map<std::string, T>> {
  static Json write(const std::map<std::string, T>& values) {
    JsonObject object;
    for (const auto& [key, value] : values) object[key] = to_json(value);
    return object;
  }
  static Result<std::map<std::string, T>> read(const Json& json, std::string_view path) {
    const JsonObject* object = json.if_object();
    if (object == nullptr) return described::wrong_kind(json, path, "an object");
    std::map<std::string, T> values;
    for (const auto& [key, item] : *object) {
      T value = RF_TRY(from_json<T>(item, described::at_field(path, key)));
      values.emplace(key, std::move(value));
    }
    return values;
  }
  static JsonObject schema() {
    return {{"type", "object"}, {"additionalProperties", schema_of<T>()}};
  }
};

template <typename T>
requires HasNames<T>
struct JsonCodec<T> {
  static Json write(T value) { return Json(name_of(value)); }
  static Result<T> read(const Json& json, std::string_view path) {
    std::string text = RF_TRY(from_json<std::string>(json, path));
    for (const auto& [value, name] : EnumNames<T>::names) {
      if (name == text) return value;
    }
    return described::unknown_name(path, text, all_names());
  }
  static JsonObject schema() {
    JsonArray names;
    for (std::string_view name : all_names()) names.push_back(Json(name));
    return {{"type", "string"}, {"enum", names}};
  }

 private:
  static std::vector<std::string_view> all_names() {
    std::vector<std::string_view> names;
    names.reserve(std::size(EnumNames<T>::names));
    for (const auto& [value, name] : EnumNames<T>::names) names.push_back(name);
    return names;
  }
};

template <typename T>
requires HasFields<T>
struct JsonCodec<T> {
  static Json write(const T& value) {
    JsonObject object;
    for_each_field([&](const auto& each) { object[each.name] = to_json(value.*each.member); });
    return object;
  }

  static Result<T> read(const Json& json, std::string_view path) {
    const JsonObject* object = json.if_object();
    if (object == nullptr) return described::wrong_kind(json, path, "an object");
    for (const auto& member : *object) {
      if (!knows(member.key())) return described::unknown_field(path, member.key(), all_names());
    }
    T value{};
    Status status;
    for_each_field([&](const auto& each) {
      if (status) status = read_field(*object, path, each, value);
    });
    if (!status) return std::move(status).error();
    return value;
  }

  static JsonObject schema() {
    JsonObject properties;
    JsonArray required;
    for_each_field([&](const auto& each) {
      using Member = std::remove_cvref_t<decltype(std::declval<T>().*each.member)>;
      JsonObject property = schema_of<Member>();
      if (!each.help.empty()) property["description"] = each.help;
      described::add_range(property, each.rules);
      properties[each.name] = std::move(property);
      if (each.rules.required) required.push_back(Json(each.name));
    });
    JsonObject object{{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) object["required"] = std::move(required);
    object["additionalProperties"] = false;
    return object;
  }

  template <typename Visit>
  static void for_each_field(Visit visit) {
    std::apply([&](const auto&... each) { (visit(each), ...); }, Described<T>::fields);
  }

 private:
  template <typename Each>
  static Status read_field(const JsonObject& object, std::string_view path, const Each& each,
                           T& value) {
    using Member = std::remove_cvref_t<decltype(value.*each.member)>;
    std::string where = described::at_field(path, each.name);
    const Json* found = object.if_contains(each.name);
    if (found == nullptr) {
      if (!each.rules.required) return {};
      return fail(ErrorCode::invalid, where + ": is missing; expected: " + std::string(each.help));
    }
    RF_TRY(described::check_range(*found, where, each.rules));
    value.*each.member = RF_TRY(from_json<Member>(*found, where));
    return {};
  }

  static bool knows(std::string_view name) {
    bool known = false;
    for_each_field([&](const auto& each) { known = known || each.name == name; });
    return known;
  }

  static std::vector<std::string_view> all_names() {
    std::vector<std::string_view> names;
    for_each_field([&](const auto& each) { names.push_back(each.name); });
    return names;
  }
};

}  // namespace rf
