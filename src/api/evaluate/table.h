// A user's own table, whole in memory, for `evaluate`: CSV, TSV or a workbook with named columns.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rf::api {

// Shape: columns() x rows(); cells are text as the file has it.
class DataTable {
 public:
  DataTable(std::string path, std::vector<std::string> names);

  const std::string& path() const { return path_; }
  const std::vector<std::string>& names() const { return names_; }
  std::size_t columns() const { return names_.size(); }
  std::size_t rows() const { return lines_.size(); }
  std::string_view at(std::size_t row, std::size_t column) const;
  std::int64_t line(std::size_t row) const { return lines_[row]; }

  // REQUIRES: as many cells as columns.
  void add_row(std::int64_t line, const std::vector<std::string_view>& cells);

  // Errors: not_found, with the columns there are.
  Result<std::size_t> column(std::string_view name) const;

  // Every cell of the column as a number.
  // Errors: not_found; corrupt, with file, line and what was found, also for an empty cell.
  Result<std::vector<double>> numbers(std::string_view name) const;
  Result<std::vector<std::int64_t>> counts(std::string_view name) const;  // Also refuses negatives.

 private:
  std::string path_;
  std::vector<std::string> names_;
  std::vector<std::int64_t> lines_;
  std::string text_;
  std::vector<std::size_t> ends_;  // Of each cell in text_, row by row.
};

enum class Header : std::uint8_t {
  first_row,
  none,  // Columns are called "0", "1", ….
};

// Errors: those of imports::open_table(); corrupt, when a row has another number of cells or a name
// stands twice; over_limit, beyond `bytes_max` of text.
Result<DataTable> read_data_table(const std::string& path, Header header,
                                  std::size_t bytes_max = std::size_t{8} << 30);

// A cell as a finite number, or none.
bool read_number(std::string_view text, double& number);

}  // namespace rf::api
