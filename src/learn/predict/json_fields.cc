#include "learn/predict/json_fields.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace rf::learn {
namespace {

Error wrong(std::string_view path, std::string_view expected) {
  return fail(ErrorCode::corrupt, fmt::format("{}: expected {}", path, expected));
}

}  // namespace

Result<const JsonObject*> object_at(const Json& json, std::string_view path) {
  const JsonObject* object = json.if_object();
  if (object == nullptr) return wrong(path, "an object");
  return object;
}

Result<const JsonArray*> array_at(const Json& json, std::string_view path) {
  const JsonArray* array = json.if_array();
  if (array == nullptr) return wrong(path, "an array");
  return array;
}

Result<const Json*> member_at(const JsonObject& object, std::string_view name,
                              std::string_view path) {
  const Json* found = object.if_contains(name);
  if (found == nullptr) return wrong(path, fmt::format("a member '{}'", name));
  return found;
}

Result<double> finite_number(const Json& json, std::string_view path) {
  double number = std::numeric_limits<double>::quiet_NaN();
  if (const double* real = json.if_double()) number = *real;
  if (const std::int64_t* whole = json.if_int64()) number = static_cast<double>(*whole);
  if (const std::uint64_t* whole = json.if_uint64()) number = static_cast<double>(*whole);
  // Far beyond any model's numbers, and sums and products of a few of these stay finite.
  constexpr double kLargest = 1e100;
  if (!(std::abs(number) <= kLargest)) return wrong(path, "a finite number");
  return number;
}

Result<float> finite_float(const Json& json, std::string_view path) {
  const double number = RF_TRY(finite_number(json, path));
  if (std::abs(number) > static_cast<double>(std::numeric_limits<float>::max())) {
    return wrong(path, "a number within a float's range");
  }
  return static_cast<float>(number);
}

Result<std::uint32_t> index_below(const Json& json, std::uint64_t bound, std::string_view path) {
  std::uint64_t index = bound;
  if (const std::int64_t* whole = json.if_int64(); whole != nullptr && *whole >= 0) {
    index = static_cast<std::uint64_t>(*whole);
  }
  if (const std::uint64_t* whole = json.if_uint64()) index = *whole;
  if (index >= bound || index > std::numeric_limits<std::uint32_t>::max()) {
    return wrong(path, fmt::format("a whole number below {}", bound));
  }
  return static_cast<std::uint32_t>(index);
}

Result<double> number_member(const JsonObject& object, std::string_view name,
                             std::string_view path) {
  const Json* found = RF_TRY(member_at(object, name, path));
  return finite_number(*found, fmt::format("{}.{}", path, name));
}

Result<std::string> text_member(const JsonObject& object, std::string_view name,
                                std::string_view path) {
  const Json* found = RF_TRY(member_at(object, name, path));
  const auto* text = found->if_string();
  if (text == nullptr) return wrong(fmt::format("{}.{}", path, name), "a text");
  return std::string(*text);
}

Result<std::vector<double>> numbers_member(const JsonObject& object, std::string_view name,
                                           std::string_view path) {
  const Json* found = RF_TRY(member_at(object, name, path));
  const std::string where = fmt::format("{}.{}", path, name);
  const JsonArray* array = RF_TRY(array_at(*found, where));
  std::vector<double> numbers;
  numbers.reserve(array->size());
  for (const Json& each : *array) {
    const double number = RF_TRY(finite_number(each, where));
    numbers.push_back(number);
  }
  return numbers;
}

JsonArray to_json_array(std::span<const double> numbers) {
  JsonArray array;
  array.reserve(numbers.size());
  for (double number : numbers) array.emplace_back(number);
  return array;
}

}  // namespace rf::learn
