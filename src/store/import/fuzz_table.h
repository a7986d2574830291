// Puts a table through everything an import does with it, but for files and the store.

#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/check.h"
#include "store/import/mapping.h"
#include "store/import/row_class.h"
#include "store/import/row_converter.h"
#include "store/import/survey.h"
#include "store/import/tally.h"

namespace rf::imports {

using OpenAgain = std::function<Result<std::unique_ptr<TableReader>>()>;

inline void read_whole(const OpenAgain& open, const std::optional<Mapping>& mapping) {
  Result<std::unique_ptr<TableReader>> head = open();
  if (!head) return;
  Result<Layout> layout = mapping ? apply_mapping(**head, *mapping) : find_layout(**head);
  if (!layout) return;
  NoProgress progress;
  Result<std::unique_ptr<TableReader>> first = open();
  RF_CHECK(first.has_value());
  Result<Survey> survey = survey_table(**first, *layout, {"USD", ""}, progress);
  if (!survey) return;
  Result<RowConverter> converter = RowConverter::make(*layout, *survey, {"", "USD", ""});
  RF_CHECK(converter.has_value());
  Tally tally(*layout, *survey);
  Result<std::unique_ptr<TableReader>> second = open();
  RF_CHECK(second.has_value());
  TableRow row;
  for (;;) {
    Result<bool> more = (*second)->next(row);
    if (!more || !*more) break;
    if (row.line <= layout->header_line) continue;
    const RowClass what = classify(*layout, row);
    if (what != RowClass::entity) {
      tally.add_dropped(what, row, *converter);
    } else if (std::optional<Refusal> refusal = converter->convert(row)) {
      tally.add_refused(*refusal);
    } else {
      tally.add(*converter, row);
    }
  }
  static_cast<void>(to_json(tally.report()));
}

}  // namespace rf::imports
