// Which column of this file is what: found from its headers, or told by a mapping.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/calendar.h"
#include "model/entity.h"
#include "model/metric.h"
#include "store/import/columns.h"
#include "store/import/date_text.h"
#include "store/import/mapping.h"
#include "store/import/number_text.h"
#include "store/import/table_reader.h"

namespace rf::imports {

inline constexpr int kAbsent = -1;

struct MetricColumn {
  Metric metric = Metric::spend;
  Role how = Role::metric;  // metric, quartile_rate or average_time.
  int column = kAbsent;
};

struct BreakdownColumn {
  std::string kind;
  int column = kAbsent;
};

// A column that can be chosen as the conversion.
struct EventColumn {
  std::string name;
  int column = kAbsent;
  int value_column = kAbsent;
  bool by_default = false;  // Taken without being asked for, in the order of the list.
};

struct Layout {
  Platform platform = Platform::plain;
  std::string locale;
  Level level = Level::ad;
  Grain grain = Grain::day;
  std::int64_t header_line = 0;
  std::vector<std::string> headers;
  std::array<int, static_cast<std::size_t>(Role::value_indicator) + 1> at{};
  std::vector<MetricColumn> metrics;
  std::vector<BreakdownColumn> breakdowns;  // By kind.
  std::vector<EventColumn> events;
  Entity constants;
  std::string breakdown_kind;  // "age,gender".
  std::string account;         // Of the mapping; else empty.
  std::string currency;        // Of the header or the mapping; else empty.
  bool currency_optional = false;  // Known to be without one: amounts are then in XXX.
  std::string time_zone;
  std::string attribution;
  DateOrder order = DateOrder::undecided;
  DecimalMark mark = DecimalMark::undecided;
  std::optional<Day> title_day;  // Where the lines above the header name one single day.
  char delimiter = ',';
  std::vector<std::string> unknown;  // Headers that nobody knows.
  std::vector<std::string> notices;

  int column(Role role) const { return at[static_cast<std::size_t>(role)]; }
  bool has(Role role) const { return column(role) != kAbsent; }
  bool has(Metric metric) const;
};

// Reads on until the headers are found; the reader then stands wherever that was certain.
// Errors: invalid, with what was found and what was wanted.
Result<Layout> find_layout(TableReader& reader);
Result<Layout> apply_mapping(TableReader& reader, const Mapping& mapping);

}  // namespace rf::imports
