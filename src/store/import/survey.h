// The first reading of a file: what only all of its rows together can decide.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "store/import/layout.h"
#include "store/import/table_reader.h"

namespace rf::imports {

// What the user said beforehand.
struct SurveyOptions {
  std::string currency;
  std::string conversion;
};

// Words that repeat in many rows, each with a small number.
class Words {
 public:
  static constexpr std::uint32_t kNone = 0;

  // 0 for a blank word, and for every word beyond the 4,096th.
  std::uint32_t number_of(std::string_view word);
  const std::string& word(std::uint32_t number) const { return words_[number]; }
  std::size_t count() const { return words_.size() - 1; }

 private:
  std::vector<std::string> words_{""};
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::string last_;
  std::uint32_t last_number_ = kNone;
};

// Which result indicator an entity's other rows have, for the days on which it had no results.
class IndicatorOf {
 public:
  void note(std::uint64_t entity, std::uint32_t indicator);
  std::uint32_t find(std::uint64_t entity) const;

 private:
  std::unordered_map<std::uint64_t, std::uint32_t> map_;
};

// Names an entity within one file, from its cells.
std::uint64_t entity_key(const Layout& layout, const TableRow& row);

enum class EventKind : std::uint8_t { none, column, results };

struct ChosenEvent {
  EventKind kind = EventKind::none;
  std::size_t index = 0;         // Of Layout::events.
  std::string only_indicator{};  // Of results: only these count; empty for every conversion.
};

struct Survey {
  std::int64_t rows = 0;  // Of entities.
  DecimalMark mark = DecimalMark::undecided;
  DateOrder order = DateOrder::undecided;
  ChosenEvent event;
  Words indicators;
  IndicatorOf indicator_of;
  std::set<std::string> currencies;
  std::optional<Day> from;
  std::optional<Day> to;
};

// Reads the rows from below the headers to the end.
// Errors: invalid, with the steps that mend it; conflict, when cancelled; as TableReader::next().
Result<Survey> survey_table(TableReader& reader, const Layout& layout, const SurveyOptions& options,
                            Progress& progress);

// Tells of progress now and then.
// Errors: conflict, when cancelled.
Status keep_informed(Progress& progress, std::string_view what, const TableReader& reader,
                     std::int64_t rows);

}  // namespace rf::imports
