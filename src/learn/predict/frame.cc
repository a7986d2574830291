#include "learn/predict/frame.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"

namespace rf::learn {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

double number_in(std::string_view text) {
  double number = 0;
  auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && stop == text.data() + text.size();
  return whole && std::isfinite(number) ? number : std::numeric_limits<double>::quiet_NaN();
}

double number_at(const RawColumn& column, std::size_t row) {
  if (column.texts.empty()) return column.numbers[row];
  return number_in(column.texts[row]);
}

bool holds_numbers(const RawColumn& column) {
  if (column.texts.empty()) return true;
  for (std::string_view text : column.texts) {
    if (!text.empty() && std::isnan(number_in(text))) return false;
  }
  return true;
}

double signed_log(double x) { return x < 0 ? -std::log1p(-x) : std::log1p(x); }

double read_as(const ColumnSchema& schema, double x) { return schema.log ? signed_log(x) : x; }

struct Moments {
  double mean = 0;
  double deviation = 0;
  double skewness = 0;
};

Moments moments_of(std::span<const double> values) {
  const double n = static_cast<double>(values.size());
  Moments found;
  for (double value : values) found.mean += value / n;
  double second = 0;
  double third = 0;
  for (double value : values) {
    const double miss = value - found.mean;
    second += miss * miss / n;
    third += miss * miss * miss / n;
  }
  found.deviation = std::sqrt(second);
  found.skewness = second > 0 ? third / (second * found.deviation) : 0;
  return found;
}

// Edges between bins: halfway between neighbours where there are few values, else equal counts.
std::vector<double> bin_edges(std::vector<double> sorted) {
  std::vector<double> distinct = sorted;
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::vector<double> edges;
  if (distinct.size() <= kDistinctBins) {
    for (std::size_t i = 1; i < distinct.size(); ++i) {
      edges.push_back(distinct[i - 1] + (distinct[i] - distinct[i - 1]) / 2);
    }
    return edges;
  }
  for (std::size_t bin = 1; bin < kQuantileBins; ++bin) {
    const double edge = sorted[bin * sorted.size() / kQuantileBins];
    if (edges.empty() || edge > edges.back()) edges.push_back(edge);
  }
  return edges;
}

std::uint32_t bin_of(const ColumnSchema& schema, double x) {
  if (std::isnan(x)) return 0;
  auto above = std::lower_bound(schema.edges.begin(), schema.edges.end(), x);
  return static_cast<std::uint32_t>(1 + (above - schema.edges.begin()));
}

std::uint32_t level_code(const ColumnSchema& schema, std::string_view text) {
  if (text.empty()) return 0;
  const std::uint64_t hash = level_hash(text);
  auto found = std::lower_bound(schema.levels.begin(), schema.levels.end(), hash);
  const bool known = found != schema.levels.end() && *found == hash;
  return static_cast<std::uint32_t>(
      1 + (known ? found - schema.levels.begin() : std::ssize(schema.levels)));
}

// The reason to leave the column out, or none.
std::string learn_numbers(const RawColumn& column, ColumnSchema& schema) {
  std::vector<double> values;
  values.reserve(column.rows());
  for (std::size_t row = 0; row < column.rows(); ++row) {
    const double value = number_at(column, row);
    if (!std::isnan(value)) values.push_back(value);
  }
  if (values.empty()) return "no row has it";
  std::sort(values.begin(), values.end());
  const bool constant = values.front() == values.back();
  if (constant && values.size() == column.rows()) return "the same in every row";
  std::vector<double> logs(values.size());
  std::ranges::transform(values, logs.begin(), signed_log);
  Moments plain = moments_of(values);
  const Moments logged = moments_of(logs);
  schema.kind = ColumnKind::number;
  schema.log =
      std::abs(plain.skewness) > 2 && std::abs(logged.skewness) < std::abs(plain.skewness) / 2;
  if (schema.log) {
    plain = logged;
    values = std::move(logs);
  }
  schema.mean = plain.mean;
  schema.deviation = plain.deviation > 0 ? plain.deviation : 1;
  schema.edges = bin_edges(std::move(values));
  return "";
}

std::string learn_levels(const RawColumn& column, ColumnSchema& schema) {
  std::unordered_map<std::uint64_t, std::uint32_t> counts;
  for (std::string_view text : column.texts) {
    if (!text.empty()) ++counts[level_hash(text)];
  }
  if (counts.size() == column.rows() && column.rows() > 1) return "every row has its own";
  std::vector<std::pair<std::uint32_t, std::uint64_t>> often;
  std::size_t present = 0;
  for (auto [hash, count] : counts) {
    present += count;
    // A level seen once says nothing about the next row; it shares the code of the unknown.
    if (count > 1) often.emplace_back(count, hash);
  }
  if (counts.size() == 1 && present == column.rows()) return "the same in every row";
  std::sort(often.begin(), often.end(), std::greater<>());
  if (often.size() > kLevelsMax) often.resize(kLevelsMax);
  schema.kind = ColumnKind::category;
  for (auto [count, hash] : often) schema.levels.push_back(hash);
  std::sort(schema.levels.begin(), schema.levels.end());
  return "";
}

void encode_column(const ColumnSchema& schema, const RawColumn* column, FrameColumn& out) {
  const std::size_t rows = out.codes.size();
  if (schema.kind == ColumnKind::category) {
    if (column == nullptr) return;
    for (std::size_t row = 0; row < rows; ++row) {
      out.codes[row] = column->texts.empty() ? 0 : level_code(schema, column->texts[row]);
    }
    return;
  }
  out.numbers.assign(rows, kMissing);
  if (column == nullptr) return;
  for (std::size_t row = 0; row < rows; ++row) {
    const double x = number_at(*column, row);
    if (std::isnan(x)) continue;
    const double read = read_as(schema, x);
    constexpr double kLargest = 3e38;  // Of a float.
    out.numbers[row] = static_cast<float>(std::clamp(read, -kLargest, kLargest));
    out.codes[row] = bin_of(schema, read);
  }
}

}  // namespace

// Source: FNV-1a (Fowler, Noll & Vo), finished by SplitMix64's mixer so that all bits move.
std::uint64_t level_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  hash ^= hash >> 30;
  hash *= 0xbf58476d1ce4e5b9U;
  hash ^= hash >> 27;
  hash *= 0x94d049bb133111ebU;
  return hash ^ (hash >> 31);
}

Result<Schema> learn_schema(std::span<const RawColumn> table) {
  Schema schema;
  for (const RawColumn& column : table) {
    RF_CHECK(column.rows() == table.front().rows());
    ColumnSchema learned{.name = column.name};
    const std::string reason =
        holds_numbers(column) ? learn_numbers(column, learned) : learn_levels(column, learned);
    if (!reason.empty()) {
      schema.left_out.push_back(column.name + ": " + reason);
      continue;
    }
    learned.counts.assign(learned.codes(), 0);
    FrameColumn codes;
    codes.codes.assign(column.rows(), 0);
    encode_column(learned, &column, codes);
    for (std::uint32_t code : codes.codes) ++learned.counts[code];
    schema.columns.push_back(std::move(learned));
  }
  if (schema.columns.empty()) {
    return fail(ErrorCode::invalid,
                "found no column that could tell rows apart, expected at least one feature");
  }
  return schema;
}

Frame encode(const Schema& schema, std::span<const RawColumn> table) {
  Frame frame;
  frame.rows = table.empty() ? 0 : table.front().rows();
  frame.columns.resize(schema.columns.size());
  for (std::size_t i = 0; i < schema.columns.size(); ++i) {
    auto found = std::ranges::find(table, schema.columns[i].name, &RawColumn::name);
    const RawColumn* column = found == table.end() ? nullptr : &*found;
    RF_CHECK(column == nullptr || column->rows() == frame.rows);
    frame.columns[i].codes.assign(frame.rows, 0);
    encode_column(schema.columns[i], column, frame.columns[i]);
  }
  return frame;
}

Frame take(const Frame& frame, std::span<const std::uint32_t> rows) {
  Frame taken;
  taken.rows = rows.size();
  taken.columns.resize(frame.columns.size());
  for (std::size_t i = 0; i < frame.columns.size(); ++i) {
    const FrameColumn& from = frame.columns[i];
    FrameColumn& to = taken.columns[i];
    to.codes.reserve(rows.size());
    for (std::uint32_t row : rows) to.codes.push_back(from.codes[row]);
    if (from.numbers.empty()) continue;
    to.numbers.reserve(rows.size());
    for (std::uint32_t row : rows) to.numbers.push_back(from.numbers[row]);
  }
  return taken;
}

}  // namespace rf::learn
