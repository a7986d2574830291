// Tells the rows of entities from the totals that ad managers write among them.

#pragma once

#include <cstdint>
#include <string_view>

#include "store/import/layout.h"
#include "store/import/table_reader.h"

namespace rf::imports {

enum class RowClass : std::uint8_t {
  entity,
  total,     // Of the whole file, or of a part that the file names: "Total: Search".
  subtotal,  // Of a part: a pivot's "All".
  nameless,  // Neither a name nor an id.
};

// The trimmed text of a cell; "" where the row is too short or the column absent.
std::string_view cell_text(const TableRow& row, int column);

// "Total", "Total of 12 results", "Total: Account", "Gesamt: Kampagnen", "Total : compte"; not
// "Total Wine".
bool is_total_label(std::string_view text);

RowClass classify(const Layout& layout, const TableRow& row);

// What a total row calls itself: its first cell that is not blank.
std::string_view label_of(const TableRow& row);

}  // namespace rf::imports
