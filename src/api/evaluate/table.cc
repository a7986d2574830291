#include "api/evaluate/table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "store/import/table_reader.h"

namespace rf::api {
namespace {

std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  return names;
}

Status check_names(const std::string& path, const std::vector<std::string>& names) {
  std::vector<std::string> sorted = names;
  std::ranges::sort(sorted);
  auto twice = std::ranges::adjacent_find(sorted);
  if (twice == sorted.end()) return {};
  return fail(ErrorCode::corrupt, fmt::format("{}: column '{}' stands twice", path, *twice));
}

}  // namespace

DataTable::DataTable(std::string path, std::vector<std::string> names)
    : path_(std::move(path)), names_(std::move(names)) {}

std::string_view DataTable::at(std::size_t row, std::size_t column) const {
  std::size_t cell = row * names_.size() + column;
  RF_CHECK(cell < ends_.size());
  std::size_t begin = cell == 0 ? 0 : ends_[cell - 1];
  return std::string_view(text_).substr(begin, ends_[cell] - begin);
}

void DataTable::add_row(std::int64_t line, const std::vector<std::string_view>& cells) {
  RF_CHECK(cells.size() == names_.size());
  lines_.push_back(line);
  for (std::string_view cell : cells) {
    text_ += cell;
    ends_.push_back(text_.size());
  }
}

Result<std::size_t> DataTable::column(std::string_view name) const {
  auto found = std::ranges::find(names_, name);
  if (found != names_.end()) return static_cast<std::size_t>(found - names_.begin());
  return fail(ErrorCode::not_found, fmt::format("{}: no column '{}'; there are: {}", path_, name,
                                                fmt::join(names_, ", ")));
}

Result<std::vector<double>> DataTable::numbers(std::string_view name) const {
  std::size_t index = RF_TRY(column(name));
  std::vector<double> values(rows());
  for (std::size_t row = 0; row < rows(); ++row) {
    if (!read_number(at(row, index), values[row])) {
      return fail(ErrorCode::corrupt,
                  fmt::format("{}:{}: column '{}': found '{}', expected a number", path_, line(row),
                              name, at(row, index)));
    }
  }
  return values;
}

Result<std::vector<std::int64_t>> DataTable::counts(std::string_view name) const {
  std::vector<double> values = RF_TRY(numbers(name));
  std::vector<std::int64_t> whole(values.size());
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (values[row] < 0 || values[row] > 9e15 || values[row] != std::floor(values[row])) {
      return fail(ErrorCode::corrupt, fmt::format("{}:{}: column '{}': found {}, expected a count",
                                                  path_, line(row), name, values[row]));
    }
    whole[row] = static_cast<std::int64_t>(values[row]);
  }
  return whole;
}

Result<DataTable> read_data_table(const std::string& path, Header header, std::size_t bytes_max) {
  std::unique_ptr<imports::TableReader> reader = RF_TRY(imports::open_table(path));
  imports::TableRow row;
  if (!RF_TRY(reader->next(row))) return fail(ErrorCode::corrupt, path + ": holds no row");
  std::vector<std::string> names = numbered(row.cells.size());
  if (header == Header::first_row) {
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = row.cells[i].text;
  }
  RF_TRY(check_names(path, names));
  DataTable table(path, std::move(names));
  std::size_t bytes = 0;
  bool pending = header == Header::none;
  std::vector<std::string_view> cells;
  while (pending || RF_TRY(reader->next(row))) {
    pending = false;
    if (row.cells.size() != table.columns()) {
      return fail(ErrorCode::corrupt, fmt::format("{}:{}: found {} cells, expected {}", path,
                                                  row.line, row.cells.size(), table.columns()));
    }
    cells.clear();
    for (const imports::Cell& cell : row.cells) {
      cells.push_back(cell.text);
      bytes += cell.text.size();
    }
    if (bytes > bytes_max) {
      return fail(ErrorCode::over_limit,
                  fmt::format("{}:{}: more than {} bytes of text", path, row.line, bytes_max));
    }
    table.add_row(row.line, cells);
  }
  return table;
}

bool read_number(std::string_view text, double& number) {
  const char* end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end && std::isfinite(number);
}

}  // namespace rf::api
