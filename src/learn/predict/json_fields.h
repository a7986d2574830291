// Reading a model's JSON piece by piece, each with the place that is wrong in its error.
//
// A model holds millions of numbers in nested arrays, for which described structs are too slow and
// too wide; everything else in the project is described.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/described.h"
#include "base/json.h"
#include "base/result.h"

namespace rf::learn {

// Errors of all: corrupt, with the path.
Result<const JsonObject*> object_at(const Json& json, std::string_view path);
Result<const JsonArray*> array_at(const Json& json, std::string_view path);
Result<const Json*> member_at(const JsonObject& object, std::string_view name,
                              std::string_view path);
Result<double> finite_number(const Json& json, std::string_view path);
Result<float> finite_float(const Json& json, std::string_view path);
Result<std::uint32_t> index_below(const Json& json, std::uint64_t bound, std::string_view path);

Result<double> number_member(const JsonObject& object, std::string_view name,
                             std::string_view path);
Result<std::string> text_member(const JsonObject& object, std::string_view name,
                                std::string_view path);
Result<std::vector<double>> numbers_member(const JsonObject& object, std::string_view name,
                                           std::string_view path);

JsonArray to_json_array(std::span<const double> numbers);

}  // namespace rf::learn
