// How each part of a model is written as JSON and read again, distrusting every number.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/check.h"
#include "learn/predict/encoding.h"
#include "learn/predict/ensemble.h"
#include "learn/predict/json_fields.h"
#include "learn/predict/linear.h"
#include "learn/predict/segment.h"

namespace rf::learn {
namespace {

Error corrupt(std::string_view path, std::string_view expected) {
  return fail(ErrorCode::corrupt, fmt::format("{}: expected {}", path, expected));
}

std::string at(std::string_view path, std::string_view name) {
  return fmt::format("{}.{}", path, name);
}

std::string at(std::string_view path, std::size_t index) {
  return fmt::format("{}[{}]", path, index);
}

template <typename Number>
JsonArray whole_array(std::span<const Number> numbers) {
  JsonArray array;
  array.reserve(numbers.size());
  for (Number number : numbers) array.emplace_back(number);
  return array;
}

// A hash uses all 64 bits, and JSON's whole numbers may be read as signed.
Result<std::uint64_t> hash_of(const Json& json, std::string_view path) {
  if (const std::uint64_t* whole = json.if_uint64()) return *whole;
  if (const std::int64_t* whole = json.if_int64(); whole != nullptr && *whole >= 0) {
    return static_cast<std::uint64_t>(*whole);
  }
  return corrupt(path, "a whole number of 64 bits");
}

Result<std::vector<std::uint64_t>> hashes_member(const JsonObject& object, std::string_view name,
                                                 std::string_view path) {
  const Json* found = RF_TRY(member_at(object, name, path));
  const JsonArray* array = RF_TRY(array_at(*found, at(path, name)));
  std::vector<std::uint64_t> hashes;
  hashes.reserve(array->size());
  for (const Json& each : *array) {
    const std::uint64_t hash = RF_TRY(hash_of(each, at(path, name)));
    hashes.push_back(hash);
  }
  return hashes;
}

template <typename Enum>
Result<Enum> enum_member(const JsonObject& object, std::string_view name, std::string_view path,
                         std::span<const Enum> all) {
  const std::string text = RF_TRY(text_member(object, name, path));
  for (Enum each : all) {
    if (to_string(each) == text) return each;
  }
  return corrupt(at(path, name), fmt::format("one of the known names, found '{}'", text));
}

// A fit stops at 100 for counts; typical misses of reals may be large.
constexpr double kDispersionMax = 1e15;

constexpr std::array kFamilies{Family::binary, Family::count, Family::real};
constexpr std::array kMembers{MemberKind::base, MemberKind::segment, MemberKind::linear,
                              MemberKind::pairs, MemberKind::boosted};
constexpr std::array kCalibrations{CalibrationKind::none, CalibrationKind::offset,
                                   CalibrationKind::platt, CalibrationKind::isotonic};

Status check_column(const ColumnSchema& column, std::string_view path) {
  if (!std::is_sorted(column.edges.begin(), column.edges.end())) {
    return corrupt(path, "edges in ascending order");
  }
  if (!std::is_sorted(column.levels.begin(), column.levels.end())) {
    return corrupt(path, "levels in ascending order");
  }
  if (!(column.deviation > 1e-100)) return corrupt(path, "a deviation above 0");
  if (column.counts.size() != column.codes()) return corrupt(path, "one count a code");
  return {};
}

Result<ColumnSchema> column_from_json(const Json& json, std::string_view path) {
  const JsonObject* object = RF_TRY(object_at(json, path));
  ColumnSchema column;
  column.name = RF_TRY(text_member(*object, "name", path));
  const std::string kind = RF_TRY(text_member(*object, "kind", path));
  if (kind != "number" && kind != "category")
    return corrupt(at(path, "kind"), "number or category");
  column.kind = kind == "number" ? ColumnKind::number : ColumnKind::category;
  column.log = RF_TRY(number_member(*object, "log", path)) != 0;
  column.mean = RF_TRY(number_member(*object, "mean", path));
  column.deviation = RF_TRY(number_member(*object, "deviation", path));
  column.edges = RF_TRY(numbers_member(*object, "edges", path));
  column.levels = RF_TRY(hashes_member(*object, "levels", path));
  const std::vector<std::uint64_t> counts = RF_TRY(hashes_member(*object, "counts", path));
  for (std::uint64_t count : counts) {
    column.counts.push_back(static_cast<std::uint32_t>(
        std::min<std::uint64_t>(count, std::numeric_limits<std::uint32_t>::max())));
  }
  RF_TRY(check_column(column, path));
  return column;
}

JsonArray cells_to_json(std::span<const CellCount> cells) {
  JsonArray array;
  for (const CellCount& cell : cells) {
    array.emplace_back(cell.outcome);
    array.emplace_back(cell.weight);
  }
  return array;
}

}  // namespace

JsonObject to_json_object(const Schema& schema) {
  JsonArray columns;
  for (const ColumnSchema& column : schema.columns) {
    columns.push_back(
        JsonObject{{"name", column.name},
                   {"kind", column.kind == ColumnKind::number ? "number" : "category"},
                   {"log", column.log ? 1 : 0},
                   {"mean", column.mean},
                   {"deviation", column.deviation},
                   {"edges", to_json_array(column.edges)},
                   {"levels", whole_array<std::uint64_t>(column.levels)},
                   {"counts", whole_array<std::uint32_t>(column.counts)}});
  }
  return {{"columns", std::move(columns)}};
}

Result<Schema> schema_from_json(const Json& json, std::string_view path) {
  const JsonObject* object = RF_TRY(object_at(json, path));
  const Json* list = RF_TRY(member_at(*object, "columns", path));
  const JsonArray* columns = RF_TRY(array_at(*list, at(path, "columns")));
  Schema schema;
  for (std::size_t i = 0; i < columns->size(); ++i) {
    ColumnSchema column = RF_TRY(column_from_json((*columns)[i], at(at(path, "columns"), i)));
    schema.columns.push_back(std::move(column));
  }
  if (schema.columns.empty()) return corrupt(at(path, "columns"), "at least one column");
  return schema;
}

JsonObject LinearModel::to_json_object() const {
  // Most pair slots are empty: places and weights of those that are not.
  JsonArray places;
  JsonArray weights;
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    if (weights_[i] == 0) continue;
    places.emplace_back(i);
    weights.emplace_back(weights_[i]);
  }
  JsonArray pairs;
  for (auto [a, b] : pairs_) pairs.push_back(JsonArray{a, b});
  return {{"intercept", intercept_},
          {"pairs", std::move(pairs)},
          {"places", std::move(places)},
          {"weights", std::move(weights)}};
}

Result<LinearModel> LinearModel::from_json_value(const Json& json, const Schema& schema,
                                                 std::string_view path) {
  const JsonObject* object = RF_TRY(object_at(json, path));
  LinearModel model;
  model.intercept_ = RF_TRY(number_member(*object, "intercept", path));
  const Json* list = RF_TRY(member_at(*object, "pairs", path));
  const JsonArray* pairs = RF_TRY(array_at(*list, at(path, "pairs")));
  for (const Json& each : *pairs) {
    const JsonArray* pair = RF_TRY(array_at(each, at(path, "pairs")));
    if (pair->size() != 2) return corrupt(at(path, "pairs"), "two columns");
    const std::uint32_t a = RF_TRY(index_below((*pair)[0], schema.columns.size(), path));
    const std::uint32_t b = RF_TRY(index_below((*pair)[1], schema.columns.size(), path));
    model.pairs_.emplace_back(a, b);
  }
  model.lay_out(schema);
  const Json* place_list = RF_TRY(member_at(*object, "places", path));
  const JsonArray* places = RF_TRY(array_at(*place_list, at(path, "places")));
  const std::vector<double> weights = RF_TRY(numbers_member(*object, "weights", path));
  if (places->size() != weights.size()) return corrupt(path, "as many weights as places");
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::uint32_t place =
        RF_TRY(index_below((*places)[i], model.weights_.size(), at(path, "places")));
    model.weights_[place] = weights[i];
  }
  return model;
}

JsonObject SegmentModel::to_json_object() const {
  JsonArray depths;
  for (const auto& table : means_) {
    std::vector<std::pair<std::uint64_t, double>> sorted(table.begin(), table.end());
    std::sort(sorted.begin(), sorted.end());
    JsonArray keys;
    JsonArray means;
    for (auto [key, mean] : sorted) {
      keys.emplace_back(key);
      means.emplace_back(mean);
    }
    depths.push_back(JsonObject{{"keys", std::move(keys)}, {"means", std::move(means)}});
  }
  return {{"mean", mean_},
          {"columns", whole_array<std::uint32_t>(columns_)},
          {"depths", std::move(depths)}};
}

Result<SegmentModel> SegmentModel::from_json_value(const Json& json, Family family,
                                                   const Schema& schema, std::string_view path) {
  const JsonObject* object = RF_TRY(object_at(json, path));
  SegmentModel model;
  model.family_ = family;
  model.mean_ = RF_TRY(number_member(*object, "mean", path));
  const Json* column_list = RF_TRY(member_at(*object, "columns", path));
  const JsonArray* columns = RF_TRY(array_at(*column_list, at(path, "columns")));
  for (const Json& each : *columns) {
    const std::uint32_t column =
        RF_TRY(index_below(each, schema.columns.size(), at(path, "columns")));
    model.columns_.push_back(column);
  }
  const Json* depth_list = RF_TRY(member_at(*object, "depths", path));
  const JsonArray* depths = RF_TRY(array_at(*depth_list, at(path, "depths")));
  if (depths->size() != columns->size()) return corrupt(path, "one depth a column");
  for (const Json& each : *depths) {
    const JsonObject* depth = RF_TRY(object_at(each, at(path, "depths")));
    const std::vector<std::uint64_t> keys = RF_TRY(hashes_member(*depth, "keys", path));
    const std::vector<double> means = RF_TRY(numbers_member(*depth, "means", path));
    if (keys.size() != means.size()) return corrupt(path, "one mean a key");
    auto& table = model.means_.emplace_back();
    for (std::size_t i = 0; i < keys.size(); ++i) table[keys[i]] = means[i];
  }
  return model;
}

JsonObject TargetEncoder::to_json_object() const {
  JsonArray columns;
  for (std::size_t c = 0; c < cells_.size(); ++c) {
    columns.push_back(JsonObject{{"strength", strength_[c]}, {"cells", cells_to_json(cells_[c])}});
  }
  return {{"mean", mean_}, {"columns", std::move(columns)}};
}

Result<TargetEncoder> TargetEncoder::from_json_value(const Json& json, Family family,
                                                     const Schema& schema, std::string_view path) {
  const JsonObject* object = RF_TRY(object_at(json, path));
  TargetEncoder encoder;
  encoder.family_ = family;
  encoder.mean_ = RF_TRY(number_member(*object, "mean", path));
  encoder.lay_out(schema);
  const Json* list = RF_TRY(member_at(*object, "columns", path));
  const JsonArray* columns = RF_TRY(array_at(*list, at(path, "columns")));
  if (columns->size() != schema.columns.size()) return corrupt(path, "one encoding a column");
  for (std::size_t c = 0; c < columns->size(); ++c) {
    const std::string where = at(at(path, "columns"), c);
    const JsonObject* column = RF_TRY(object_at((*columns)[c], where));
    encoder.strength_[c] = RF_TRY(number_member(*column, "strength", where));
    const std::vector<double> cells = RF_TRY(numbers_member(*column, "cells", where));
    if (cells.size() != 2 * encoder.cells_[c].size()) {
      return corrupt(where, "an outcome and a weight for each code");
    }
    if (!(encoder.strength_[c] > 0)) return corrupt(where, "a strength above 0");
    for (std::size_t i = 0; i < cells.size(); i += 2) {
      if (cells[i + 1] < 0) return corrupt(where, "weights of at least 0");
      encoder.cells_[c][i / 2] = {.outcome = cells[i], .weight = cells[i + 1]};
    }
  }
  return encoder;
}

JsonObject Predictive::to_json_object() const {
  JsonArray levels;
  for (const PredictiveLevel& level : levels_) {
    levels.push_back(JsonArray{level.mean_below, level.dispersion, level.cut, level.n});
  }
  return {{"family", to_string(family_)}, {"coverage", coverage_}, {"levels", std::move(levels)}};
}

Result<Predictive> Predictive::from_json_value(const Json& json, std::string_view path) {
  const JsonObject* object = RF_TRY(object_at(json, path));
  Predictive found;
  found.family_ = RF_TRY(enum_member<Family>(*object, "family", path, kFamilies));
  found.coverage_ = RF_TRY(number_member(*object, "coverage", path));
  const Json* list = RF_TRY(member_at(*object, "levels", path));
  const JsonArray* levels = RF_TRY(array_at(*list, at(path, "levels")));
  for (const Json& each : *levels) {
    const JsonArray* cells = RF_TRY(array_at(each, at(path, "levels")));
    if (cells->size() != 4) return corrupt(at(path, "levels"), "four numbers a level");
    std::vector<double> numbers;
    for (const Json& cell : *cells) {
      const double number = RF_TRY(finite_number(cell, at(path, "levels")));
      numbers.push_back(number);
    }
    if (numbers[1] < 0 || numbers[1] > kDispersionMax || numbers[2] < 0)
      return corrupt(at(path, "levels"), "a dispersion and a cut in range");
    found.levels_.push_back(
        {.mean_below = numbers[0], .dispersion = numbers[1], .cut = numbers[2], .n = numbers[3]});
  }
  if (found.levels_.empty()) return corrupt(at(path, "levels"), "at least one level");
  return found;
}

namespace {

JsonObject calibration_to_json(const Calibration& calibration) {
  return {{"kind", to_string(calibration.kind)},
          {"slope", calibration.slope},
          {"intercept", calibration.intercept},
          {"from", to_json_array(calibration.from)},
          {"to", to_json_array(calibration.to)}};
}

Result<Calibration> calibration_from_json(const Json& json, std::string_view path) {
  const JsonObject* object = RF_TRY(object_at(json, path));
  Calibration found;
  found.kind = RF_TRY(enum_member<CalibrationKind>(*object, "kind", path, kCalibrations));
  found.slope = RF_TRY(number_member(*object, "slope", path));
  found.intercept = RF_TRY(number_member(*object, "intercept", path));
  found.from = RF_TRY(numbers_member(*object, "from", path));
  found.to = RF_TRY(numbers_member(*object, "to", path));
  if (found.from.size() != found.to.size() ||
      std::ranges::adjacent_find(found.from, std::greater_equal<>()) != found.from.end()) {
    return corrupt(path, "a curve with rising places");
  }
  return found;
}

}  // namespace

JsonObject Ensemble::to_json_object() const {
  JsonArray members;
  for (std::size_t m = 0; m < members_.size(); ++m) {
    members.push_back(JsonObject{{"kind", to_string(records_[m].kind)},
                                 {"candidate", records_[m].candidate},
                                 {"weight", records_[m].weight},
                                 {"loss", records_[m].loss},
                                 {"model", members_[m]->to_json_object()}});
  }
  return {{"family", to_string(family_)},
          {"loss", loss_},
          {"calibration", calibration_to_json(calibration_)},
          {"predictive", predictive_.to_json_object()},
          {"members", std::move(members)}};
}

Result<Ensemble> Ensemble::from_json_value(const Json& json, const Schema& schema,
                                           std::string_view path) {
  const JsonObject* object = RF_TRY(object_at(json, path));
  Ensemble found;
  found.family_ = RF_TRY(enum_member<Family>(*object, "family", path, kFamilies));
  found.loss_ = RF_TRY(number_member(*object, "loss", path));
  const Json* calibration = RF_TRY(member_at(*object, "calibration", path));
  found.calibration_ = RF_TRY(calibration_from_json(*calibration, at(path, "calibration")));
  const Json* predictive = RF_TRY(member_at(*object, "predictive", path));
  found.predictive_ = RF_TRY(Predictive::from_json_value(*predictive, at(path, "predictive")));
  const Json* list = RF_TRY(member_at(*object, "members", path));
  const JsonArray* members = RF_TRY(array_at(*list, at(path, "members")));
  for (std::size_t m = 0; m < members->size(); ++m) {
    const std::string where = at(at(path, "members"), m);
    const JsonObject* member = RF_TRY(object_at((*members)[m], where));
    MemberRecord record;
    record.kind = RF_TRY(enum_member<MemberKind>(*member, "kind", where, kMembers));
    const Json* candidate = RF_TRY(member_at(*member, "candidate", where));
    record.candidate = RF_TRY(index_below(*candidate, 1000000, where));
    record.weight = RF_TRY(number_member(*member, "weight", where));
    record.loss = RF_TRY(number_member(*member, "loss", where));
    const Json* model = RF_TRY(member_at(*member, "model", where));
    std::unique_ptr<Member> read =
        RF_TRY(read_member(record.kind, schema, found.family_, *model, at(where, "model")));
    found.records_.push_back(record);
    found.members_.push_back(std::move(read));
  }
  if (found.members_.empty()) return corrupt(at(path, "members"), "at least one member");
  return found;
}

}  // namespace rf::learn
