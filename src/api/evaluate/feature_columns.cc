#include "api/evaluate/feature_columns.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "learn/wording.h"

namespace rf::api {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

// A column with more distinct values than this is an identifier, not a kind. Chosen.
constexpr std::size_t kLevelsMax = 30;

// A value held by fewer rows cannot be tested.
constexpr std::size_t kLevelRowsMin = 20;

// Texts have this many words on average; shorter cells are names.
constexpr double kTextWordsMin = 3;

std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return small;
}

std::optional<float> yes_or_no(std::string_view cell) {
  const std::string text = lower(cell);
  if (text == "1" || text == "true" || text == "yes" || text == "1.0") return 1.0F;
  if (text == "0" || text == "false" || text == "no" || text == "0.0") return 0.0F;
  return std::nullopt;
}

// What a column's cells are, as far as they are not missing.
struct ColumnKind {
  std::size_t known = 0;
  bool yes_or_no = true;
  bool number = true;
  double words = 0;
  std::map<std::string, std::size_t, std::less<>> levels;  // At most kLevelsMax + 1.
};

std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  bool inside = false;
  for (char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t';
    words += !space && !inside ? 1U : 0U;
    inside = !space;
  }
  return words;
}

ColumnKind kind_of(const DataTable& table, std::size_t column) {
  ColumnKind kind;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.at(row, column);
    if (is_missing(cell)) continue;
    ++kind.known;
    double number = 0;
    kind.yes_or_no = kind.yes_or_no && yes_or_no(cell).has_value();
    kind.number = kind.number && read_number(cell, number);
    kind.words += static_cast<double>(count_words(cell));
    auto level = kind.levels.find(cell);
    if (level != kind.levels.end()) {
      ++level->second;
    } else if (kind.levels.size() <= kLevelsMax) {
      kind.levels.emplace(cell, 1);
    }
  }
  kind.words /= static_cast<double>(std::max<std::size_t>(kind.known, 1));
  return kind;
}

struct Moments {
  double mean = 0;
  double deviation = 0;
};

// REQUIRES: not empty.
Moments moments_of(std::span<const double> known) {
  double mean = 0;
  for (double each : known) mean += each;
  mean /= static_cast<double>(known.size());
  double squares = 0;
  for (double each : known) squares += (each - mean) * (each - mean);
  return {.mean = mean, .deviation = std::sqrt(squares / static_cast<double>(known.size()))};
}

// To mean 0 and standard deviation 1; amounts that stretch far to the right by their logarithm.
void standardise(std::vector<float>& values) {
  std::vector<double> known;
  for (float value : values) {
    if (!std::isnan(value)) known.push_back(static_cast<double>(value));
  }
  if (known.empty()) return;
  const bool positive = std::ranges::all_of(known, [](double each) { return each >= 0; });
  Moments moments = moments_of(known);
  // Twice: an exponential's deviation equals its mean; years and percentages are far below.
  const bool skewed = positive && moments.deviation > moments.mean;
  if (skewed) {
    for (double& each : known) each = std::log1p(each);
    moments = moments_of(known);
  }
  const double scale = moments.deviation <= 0 ? 1 : moments.deviation;
  for (float& value : values) {
    const auto raw = static_cast<double>(value);
    value = static_cast<float>(((skewed ? std::log1p(raw) : raw) - moments.mean) / scale);
  }
}

void add_yes_or_no(const DataTable& table, std::size_t column, FeatureColumns& found) {
  learn::PatternFeature feature{.name = table.names()[column]};
  for (std::size_t row = 0; row < table.rows(); ++row) {
    feature.values.push_back(yes_or_no(table.at(row, column)).value_or(kUnknown));
  }
  found.features.push_back(std::move(feature));
}

void add_amount(const DataTable& table, std::size_t column, FeatureColumns& found) {
  learn::PatternFeature feature{.name = table.names()[column]};
  for (std::size_t row = 0; row < table.rows(); ++row) {
    double number = 0;
    const bool known = read_number(table.at(row, column), number);
    feature.values.push_back(known ? static_cast<float>(number) : kUnknown);
  }
  standardise(feature.values);
  found.amounts.push_back(feature.name);
  found.features.push_back(std::move(feature));
}

void add_levels(const DataTable& table, std::size_t column, const ColumnKind& kind,
                FeatureColumns& found) {
  for (const auto& [level, rows] : kind.levels) {
    if (rows < kLevelRowsMin) continue;
    learn::PatternFeature feature{.name = fmt::format("{}={}", table.names()[column], level)};
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const std::string_view cell = table.at(row, column);
      feature.values.push_back(is_missing(cell) ? kUnknown : cell == level ? 1.0F : 0.0F);
    }
    found.features.push_back(std::move(feature));
  }
}

void add_wording(const DataTable& table, std::size_t column, FeatureColumns& found) {
  const auto traits = learn::wording_traits();
  const std::size_t first = found.features.size();
  for (const learn::WordingTrait& trait : traits) {
    found.features.push_back({.name = fmt::format("{}:{}", table.names()[column], trait.name),
                              .values = std::vector<float>(table.rows(), kUnknown)});
  }
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string_view cell = table.at(row, column);
    if (is_missing(cell)) continue;
    const std::vector<float> values = learn::wording_of(cell);
    for (std::size_t t = 0; t < values.size(); ++t)
      found.features[first + t].values[row] = values[t];
  }
  for (std::size_t t = 0; t < traits.size(); ++t) {
    if (traits[t].yes_or_no) continue;
    standardise(found.features[first + t].values);
    found.amounts.push_back(found.features[first + t].name);
  }
}

// False: the column is neither yes or no, nor amounts, nor a kind.
bool add_plain(const DataTable& table, std::size_t column, const ColumnKind& kind,
               FeatureColumns& found) {
  if (kind.levels.size() < 2) return false;
  if (kind.yes_or_no) {
    add_yes_or_no(table, column, found);
  } else if (kind.number) {
    add_amount(table, column, found);
  } else if (kind.levels.size() <= kLevelsMax) {
    add_levels(table, column, kind, found);
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool is_missing(std::string_view cell) {
  return cell.empty() || cell == "NA" || cell == "NaN" || cell == "nan" || cell == "null" ||
         cell == "NULL" || cell == "N/A";
}

void add_features(const DataTable& table, std::size_t column, FeatureColumns& found) {
  const ColumnKind kind = kind_of(table, column);
  const std::string& name = table.names()[column];
  if (add_plain(table, column, kind, found)) return;
  if (kind.words >= kTextWordsMin && kind.levels.size() > kLevelsMax) {
    add_wording(table, column, found);
  } else {
    found.skipped.push_back(name +
                            (kind.levels.size() < 2
                                 ? ": has one value only"
                                 : ": has more values than a kind and too few words for a text"));
  }
}

void add_plain_features(const DataTable& table, std::size_t column, FeatureColumns& found) {
  add_plain(table, column, kind_of(table, column), found);
}

}  // namespace rf::api
