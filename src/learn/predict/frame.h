// Features in columns: what a table's columns are, learned from its cells, and the same reading of
// any later table.
//
// Every column, number or category, ends as codes (a level, or a bin of the numbers), so that the
// linear and the segment member see one kind of thing; numbers keep their value besides, for trees.
// A category is known by a 64-bit hash of its text: a model file holds no text of anyone's, and
// memory is bounded whatever a column holds.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace rf::learn {

// A column as a file has it: texts, or numbers (NaN: missing) when `texts` is empty. An empty text
// is missing.
struct RawColumn {
  std::string name;
  std::vector<std::string_view> texts;
  std::vector<double> numbers;

  std::size_t rows() const { return texts.empty() ? numbers.size() : texts.size(); }
};

// More levels than this, and only the most frequent keep a code of their own. Chosen: one hundred
// columns of them fit into memory.
constexpr std::size_t kLevelsMax = std::size_t{1} << 18;

// Numbers with at most this many different values keep each as its own bin, and are read as
// categories too: interests, placements and weekdays come as small whole numbers.
constexpr std::size_t kDistinctBins = 64;

// Other numbers are cut into this many bins of equal count. Measured on criteo_8k: 10 to 40 did
// within .0005 of each other in log-loss.
constexpr std::size_t kQuantileBins = 20;

enum class ColumnKind : std::uint8_t { number, category };

struct ColumnSchema {
  std::string name;
  ColumnKind kind = ColumnKind::number;
  // The number is read as sign(x) ln(1 + |x|): its tail is heavy.
  bool log = false;
  double mean = 0;  // Of the number as read, over rows that have it.
  double deviation = 1;
  std::vector<double> edges;          // A number's bin is 1 + how many edges are below it.
  std::vector<std::uint64_t> levels;  // Ascending hashes; a level's code is 1 + its place.
  std::vector<std::uint32_t> counts;  // Of each code in the training table.

  bool few_levels() const { return edges.size() < kDistinctBins && kind == ColumnKind::number; }
  // 0 is missing; for categories the last code is every level that is not known.
  std::size_t codes() const {
    return kind == ColumnKind::number ? edges.size() + 2 : levels.size() + 2;
  }
};

struct Schema {
  std::vector<ColumnSchema> columns;
  std::vector<std::string> left_out;  // Names, with the reason: "ad_id: every row has its own".
};

struct FrameColumn {
  std::vector<float> numbers;        // Only of numbers; as read (log or not); NaN: missing.
  std::vector<std::uint32_t> codes;  // < ColumnSchema::codes().
};

struct Frame {
  std::size_t rows = 0;
  std::vector<FrameColumn> columns;  // As in the schema.
};

std::uint64_t level_hash(std::string_view text);

// A column is of numbers when all its texts are; constant columns and texts that differ in every
// row are left out. A number is read by its logarithm when that halves its skewness or better.
// REQUIRES: columns of one length.
// Errors: invalid, when no column is left.
Result<Schema> learn_schema(std::span<const RawColumn> table);

// Columns are found by name; a column that is not there is missing in every row.
// REQUIRES: columns of one length.
Frame encode(const Schema& schema, std::span<const RawColumn> table);

Frame take(const Frame& frame, std::span<const std::uint32_t> rows);

JsonObject to_json_object(const Schema& schema);
// Errors: corrupt, with the place, whatever the JSON holds.
Result<Schema> schema_from_json(const Json& json, std::string_view path);

}  // namespace rf::learn
