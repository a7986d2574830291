#include "learn/predict/predictor.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include "base/check.h"
#include "base/sha256.h"
#include "learn/predict/json_fields.h"

namespace rf::learn {
namespace {

// Fewer rows cannot be split and still say anything. Chosen.
constexpr std::size_t kTrainingRowsMin = 20;

// A model of a hundred columns and a hundred thousand levels is some 100 MB of JSON.
constexpr std::size_t kModelBytesMax = std::size_t{512} << 20;

template <typename T>
std::vector<T> taken(const std::vector<T>& from, std::span<const std::uint32_t> rows) {
  if (from.empty()) return {};
  std::vector<T> to;
  to.reserve(rows.size());
  for (std::uint32_t row : rows) to.push_back(from[row]);
  return to;
}

void add_numbers(Sha256& sum, std::span<const double> numbers) {
  for (double number : numbers) {
    char text[32];
    const auto end = std::to_chars(std::begin(text), std::end(text), number).ptr;
    sum.add(std::string_view(text, static_cast<std::size_t>(end - text)));
    sum.add("\n");
  }
}

std::string tree_library_version() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  XGBoostVersion(&major, &minor, &patch);
  return fmt::format("{}.{}.{}", major, minor, patch);
}

Examples examples_of(const Schema& schema, const TrainingTable& table, Family family) {
  Examples examples{.family = family, .frame = encode(schema, table.columns)};
  examples.outcomes = table.outcomes;
  examples.exposure = table.exposure;
  return examples;
}

}  // namespace

TrainingTable take(const TrainingTable& table, std::span<const std::uint32_t> rows) {
  TrainingTable part;
  for (const RawColumn& column : table.columns) {
    part.columns.push_back({.name = column.name,
                            .texts = taken(column.texts, rows),
                            .numbers = taken(column.numbers, rows)});
  }
  part.outcomes = taken(table.outcomes, rows);
  part.exposure = taken(table.exposure, rows);
  part.times = taken(table.times, rows);
  part.groups = taken(table.groups, rows);
  return part;
}

std::string fingerprint_of(const TrainingTable& table) {
  Sha256 sum;
  for (const RawColumn& column : table.columns) {
    sum.add(column.name);
    sum.add("\n");
    for (std::string_view text : column.texts) {
      sum.add(text);
      sum.add("\n");
    }
    add_numbers(sum, column.numbers);
  }
  add_numbers(sum, table.outcomes);
  add_numbers(sum, table.exposure);
  add_numbers(sum, table.times);
  return sum.finish();
}

namespace {

// Few groups are left out one by one: dealt out by chance some folds would stay empty. Empty when
// they are one or many.
std::vector<Split> splits_by_group(const std::vector<std::uint64_t>& groups, std::size_t folds) {
  std::vector<std::uint64_t> names = groups;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (names.size() < 2 || names.size() > 2 * folds) return {};
  std::vector<std::uint64_t> places;
  for (std::uint64_t group : groups) {
    const auto place = std::lower_bound(names.begin(), names.end(), group) - names.begin();
    places.push_back(static_cast<std::uint64_t>(place));
  }
  return keyed_splits(places, names.size());
}

}  // namespace

std::vector<Split> judging_splits(const TrainingTable& table, std::size_t folds,
                                  std::uint64_t seed) {
  const bool large = table.rows() > kFoldRowsMax;
  if (!table.groups.empty() && !large && table.times.empty()) {
    std::vector<Split> by_group = splits_by_group(table.groups, folds);
    if (!by_group.empty()) return by_group;
  }
  std::vector<Split> splits =
      table.times.empty() ? chance_splits(table.rows(), large ? 10 : folds, seed, table.groups)
                          : time_splits(table.times, large ? 9 : folds);
  // Of ten blocks in order of time the last is judged by all before it; by chance any tenth does.
  if (large && !splits.empty()) splits.erase(splits.begin(), splits.end() - 1);
  return splits;
}

Result<Predictor> Predictor::train(const TrainingTable& table, const EnsembleSettings& settings) {
  if (table.rows() < kTrainingRowsMin) {
    return fail(ErrorCode::invalid, fmt::format("found {} rows to learn from, expected at least {}",
                                                table.rows(), kTrainingRowsMin));
  }
  Predictor predictor;
  predictor.schema_ = RF_TRY(learn_schema(table.columns));
  const Family family = family_of(table.outcomes, !table.exposure.empty());
  const std::vector<Split> splits = judging_splits(table, settings.folds, settings.member.seed);
  if (splits.empty()) {
    return fail(ErrorCode::invalid,
                "found rows that cannot be split (one time, one group), expected several");
  }
  const Examples examples = examples_of(predictor.schema_, table, family);
  predictor.ensemble_ = RF_TRY(Ensemble::fit(predictor.schema_, examples, splits, settings));
  predictor.fingerprint_ = fingerprint_of(table);
  predictor.rows_ = table.rows();
  return predictor;
}

std::vector<Prediction> Predictor::predict(std::span<const RawColumn> columns,
                                           std::span<const double> exposure) const {
  const Frame frame = encode(schema_, columns);
  const std::vector<double> margins = ensemble_.margins(frame, exposure);
  std::vector<Prediction> predictions(margins.size());
  for (std::size_t i = 0; i < margins.size(); ++i) {
    predictions[i].mean = mean_of(family(), margins[i]);
    predictions[i].interval = family() == Family::binary
                                  ? Interval{.low = 0, .high = 1}
                                  : ensemble_.predictive().interval(predictions[i].mean);
  }
  return predictions;
}

Explanation Predictor::explain(std::span<const RawColumn> columns, std::span<const double> exposure,
                               std::size_t row) const {
  return ensemble_.explain(encode(schema_, columns), exposure, row);
}

void Predictor::update(const TrainingTable& seen, double rate) {
  ensemble_.update(examples_of(schema_, seen, family()), rate);
}

std::string Predictor::save() const {
  return to_text(Json(JsonObject{{"kind", "reelforge-predictor"},
                                 {"format", kModelFormat},
                                 {"xgboost", tree_library_version()},
                                 {"fingerprint", fingerprint_},
                                 {"rows", rows_},
                                 {"schema", to_json_object(schema_)},
                                 {"ensemble", ensemble_.to_json_object()}}));
}

Result<Predictor> Predictor::load(std::string_view text) {
  if (text.size() > kModelBytesMax) {
    return fail(ErrorCode::over_limit,
                fmt::format("model: {} bytes, at most {} are read", text.size(), kModelBytesMax));
  }
  const Json json = RF_TRY(parse_json(text));
  const JsonObject* object = RF_TRY(object_at(json, "model"));
  const std::string kind = RF_TRY(text_member(*object, "kind", "model"));
  if (kind != "reelforge-predictor") {
    return fail(ErrorCode::corrupt, "model.kind: expected 'reelforge-predictor'");
  }
  const double format = RF_TRY(number_member(*object, "format", "model"));
  if (format != static_cast<double>(kModelFormat)) {
    return fail(ErrorCode::unsupported,
                fmt::format("model.format: found {}, this version reads {}", format, kModelFormat));
  }
  Predictor predictor;
  predictor.fingerprint_ = RF_TRY(text_member(*object, "fingerprint", "model"));
  const Json* rows = RF_TRY(member_at(*object, "rows", "model"));
  predictor.rows_ = RF_TRY(index_below(*rows, std::uint64_t{1} << 32, "model.rows"));
  const Json* schema = RF_TRY(member_at(*object, "schema", "model"));
  predictor.schema_ = RF_TRY(schema_from_json(*schema, "model.schema"));
  const Json* ensemble = RF_TRY(member_at(*object, "ensemble", "model"));
  predictor.ensemble_ =
      RF_TRY(Ensemble::from_json_value(*ensemble, predictor.schema_, "model.ensemble"));
  return predictor;
}

}  // namespace rf::learn
