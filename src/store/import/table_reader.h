// A table in a file, row by row, whatever the file is: CSV, tab-separated UTF-16, or a workbook.
//
// Memory is bounded by the limits below, not by the file.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rf::imports {

inline constexpr std::size_t kCellBytesMax = std::size_t{1} << 20;
inline constexpr std::size_t kRowBytesMax = std::size_t{4} << 20;
inline constexpr std::size_t kColumnsMax = 4096;

enum class CellKind : std::uint8_t {
  text,
  number,  // A workbook's number: digits with a decimal point, in whatever language the file is.
};

struct Cell {
  std::string_view text;  // UTF-8, unless the file itself is broken.
  CellKind kind = CellKind::text;
};

struct TableRow {
  std::int64_t line = 0;  // The first line of the row in the file; a workbook's row number.
  std::span<const Cell> cells;
};

class TableReader {
 public:
  virtual ~TableReader() = default;

  // The next row that is not empty, or false at the end. The row stays valid until the next call.
  // Errors: corrupt, with the line; over_limit, for a cell or row beyond the limits; unavailable.
  virtual Result<bool> next(TableRow& row) = 0;

  // In bytes of what is read; total is 0 where it is not known.
  virtual std::int64_t bytes_done() const = 0;
  virtual std::int64_t bytes_total() const = 0;

  // ',', ';' or tab; 0 for a workbook.
  virtual char delimiter() const = 0;
};

// Where bytes come from.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Fills as much of the buffer as it can; 0 at the end.
  // Errors: unavailable.
  virtual Result<std::size_t> read(std::span<char> buffer) = 0;
  virtual std::int64_t size() const = 0;
};

// Errors: not_found; unavailable; invalid, for what is not an ordinary file.
Result<std::unique_ptr<ByteSource>> open_bytes(const std::string& path);
std::unique_ptr<ByteSource> bytes_of(std::string bytes);

// Tells by its first bytes what the file is; its name does not count.
// Errors: as open_bytes(), open_delimited() and open_workbook().
Result<std::unique_ptr<TableReader>> open_table(const std::string& path);

// CSV or TSV in UTF-8 (with or without a byte order mark), UTF-16LE or UTF-16BE.
// Errors: invalid, when it is empty.
Result<std::unique_ptr<TableReader>> open_delimited(std::unique_ptr<ByteSource> source);

// An XLSX workbook: its sheet "Raw Data Report" if it has one, else its first.
// Errors: corrupt; over_limit, for what unpacks to far more than it should.
Result<std::unique_ptr<TableReader>> open_workbook(const std::string& path);
Result<std::unique_ptr<TableReader>> open_workbook_bytes(std::string bytes);

}  // namespace rf::imports
