// Rows between the parser that makes them and the reader that hands them out.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/import/table_reader.h"

namespace rf::imports {

class RowQueue {
 public:
  // Once a limit is broken, further cells are ignored and status() says why.
  void add_cell(std::string_view text, CellKind kind, std::int64_t line);

  // A row without cells, or with nothing but one empty cell, is no row.
  void end_row(std::int64_t line);

  // Hands out the next whole row; false when there is none. It stays valid until refill().
  bool pop(TableRow& row);

  // Forgets the rows that were handed out, so that more can be added.
  // REQUIRES: pop() returned false.
  void refill();

  // The bytes of the row that is being made.
  std::string_view open_row() const;
  std::size_t open_cells() const { return cells_.size() - row_first_; }

  // Errors: over_limit, with the line.
  const Status& status() const { return status_; }

 private:
  struct StoredCell {
    std::size_t start;
    std::size_t size;
    CellKind kind;
  };
  struct StoredRow {
    std::size_t first;
    std::size_t count;
    std::int64_t line;
  };

  std::string bytes_;
  std::vector<StoredCell> cells_;
  std::vector<StoredRow> rows_;
  std::vector<Cell> current_;
  std::size_t row_first_ = 0;  // Where the open row's cells begin.
  std::size_t row_start_ = 0;  // Where its bytes begin.
  std::size_t popped_ = 0;
  Status status_;
};

}  // namespace rf::imports
