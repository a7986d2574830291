#include "store/import/row_queue.h"

#include <fmt/format.h>

#include "base/check.h"

namespace rf::imports {

void RowQueue::add_cell(std::string_view text, CellKind kind, std::int64_t line) {
  if (!status_) return;
  if (text.size() > kCellBytesMax || bytes_.size() - row_start_ + text.size() > kRowBytesMax) {
    status_ = fail(ErrorCode::over_limit,
                   fmt::format("line {}: a cell or row is larger than {} bytes; a quote may be "
                               "missing there",
                               line, kCellBytesMax));
    return;
  }
  if (open_cells() >= kColumnsMax) {
    status_ = fail(ErrorCode::over_limit,
                   fmt::format("line {}: more than {} columns", line, kColumnsMax));
    return;
  }
  cells_.push_back({.start = bytes_.size(), .size = text.size(), .kind = kind});
  bytes_ += text;
}

void RowQueue::end_row(std::int64_t line) {
  const std::size_t count = open_cells();
  const bool empty = count == 0 || (count == 1 && cells_.back().size == 0);
  if (empty) {
    cells_.resize(row_first_);
  } else {
    rows_.push_back({.first = row_first_, .count = count, .line = line});
  }
  row_first_ = cells_.size();
  row_start_ = bytes_.size();
}

bool RowQueue::pop(TableRow& row) {
  if (popped_ >= rows_.size()) return false;
  const StoredRow& stored = rows_[popped_++];
  current_.resize(stored.count);
  for (std::size_t i = 0; i < stored.count; ++i) {
    const StoredCell& cell = cells_[stored.first + i];
    current_[i] = {std::string_view(bytes_).substr(cell.start, cell.size), cell.kind};
  }
  row = {.line = stored.line, .cells = current_};
  return true;
}

void RowQueue::refill() {
  RF_CHECK(popped_ == rows_.size());
  bytes_.erase(0, row_start_);
  cells_.erase(cells_.begin(), cells_.begin() + static_cast<std::ptrdiff_t>(row_first_));
  for (StoredCell& cell : cells_) cell.start -= row_start_;
  rows_.clear();
  popped_ = 0;
  row_first_ = 0;
  row_start_ = 0;
}

std::string_view RowQueue::open_row() const { return std::string_view(bytes_).substr(row_start_); }

}  // namespace rf::imports
