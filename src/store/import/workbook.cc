// XLSX through libzip and expat: the sheet streams, its shared strings are kept under a limit.
//
// Source: ECMA-376 part 1, SpreadsheetML: §18.2 workbook, §18.3 sheets, §18.4 shared strings, §18.8
// styles; the built-in number formats of §18.8.30.

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "model/calendar.h"
#include "store/import/row_queue.h"
#include "store/import/table_reader.h"
#include "store/import/text.h"
#include "store/import/xml_walk.h"
#include "store/import/zip_entry.h"

namespace rf::imports {
namespace {

constexpr std::size_t kBlock = std::size_t{64} << 10;
constexpr std::size_t kStringBytesMax = std::size_t{256} << 20;
constexpr std::size_t kPartBytesMax = std::size_t{16} << 20;

enum class Style : std::uint8_t { plain, date, percent };

Status walk_part(zip_t* zip, const std::string& name, XmlWalk& walk, std::size_t bytes_max) {
  ZipEntry entry = RF_TRY(ZipEntry::open(zip, name));
  std::string buffer(kBlock, '\0');
  std::size_t total = 0;
  for (;;) {
    const std::size_t count = RF_TRY(entry.read(buffer));
    total += count;
    if (total > bytes_max) {
      return fail(ErrorCode::over_limit,
                  fmt::format("the workbook's part '{}' has more than {} bytes", name, bytes_max));
    }
    RF_TRY(walk.feed(std::string_view(buffer).substr(0, count), count == 0));
    if (count == 0) return {};
  }
}

struct Sheet {
  std::string name;
  std::string relation;
};

class WorkbookWalk final : public XmlWalk {
 public:
  std::vector<Sheet> sheets;
  bool from_1904 = false;

 private:
  void on_start(std::string_view name, const char** attributes) override {
    if (name == "sheet") {
      sheets.push_back({.name = std::string(attribute(attributes, "name")),
                        .relation = std::string(relation_of(attributes))});
    } else if (name == "workbookPr") {
      std::string_view value = attribute(attributes, "date1904");
      from_1904 = value == "1" || value == "true";
    }
  }
  void on_end(std::string_view) override {}
  void on_text(std::string_view) override {}

  // "r:id", not the sheet's own "sheetId".
  static std::string_view relation_of(const char** attributes) {
    return attribute(attributes, "id");
  }
};

class RelationsWalk final : public XmlWalk {
 public:
  std::map<std::string, std::string, std::less<>> targets;

 private:
  void on_start(std::string_view name, const char** attributes) override {
    if (name == "Relationship")
      targets.emplace(attribute(attributes, "Id"), attribute(attributes, "Target"));
  }
  void on_end(std::string_view) override {}
  void on_text(std::string_view) override {}
};

// What a number format makes of a number. Quoted text and conditions in brackets say nothing.
Style style_of_format(std::string_view code) {
  bool quoted = false;
  bool bracketed = false;
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '[' || c == ']')) {
      bracketed = c == '[';
    } else if (!quoted && !bracketed) {
      if (c == '%') return Style::percent;
      if (std::string_view("dDyY").find(c) != std::string_view::npos) return Style::date;
    }
  }
  return Style::plain;
}

Style style_of_builtin(int id) {
  if (id == 9 || id == 10) return Style::percent;
  const bool date = (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) ||
                    (id >= 50 && id <= 58);
  return date ? Style::date : Style::plain;
}

int int_of(std::string_view text, int otherwise) {
  int value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

class StylesWalk final : public XmlWalk {
 public:
  std::vector<Style> styles;

 private:
  void on_start(std::string_view name, const char** attributes) override {
    if (name == "numFmt") {
      formats_[int_of(attribute(attributes, "numFmtId"), -1)] =
          style_of_format(attribute(attributes, "formatCode"));
    } else if (name == "cellXfs") {
      in_cells_ = true;
    } else if (name == "xf" && in_cells_) {
      const int id = int_of(attribute(attributes, "numFmtId"), 0);
      auto own = formats_.find(id);
      styles.push_back(own != formats_.end() ? own->second : style_of_builtin(id));
    }
  }
  void on_end(std::string_view name) override {
    if (name == "cellXfs") in_cells_ = false;
  }
  void on_text(std::string_view) override {}

  std::map<int, Style> formats_;
  bool in_cells_ = false;
};

class StringsWalk final : public XmlWalk {
 public:
  std::string bytes;
  std::vector<std::uint32_t> ends;

  std::string_view at(std::size_t index) const {
    if (index >= ends.size()) return {};
    const std::size_t start = index == 0 ? 0 : ends[index - 1];
    return std::string_view(bytes).substr(start, ends[index] - start);
  }

 private:
  void on_start(std::string_view name, const char**) override {
    if (name == "t") in_text_ = !in_phonetic_;
    if (name == "rPh") in_phonetic_ = true;
  }
  void on_end(std::string_view name) override {
    if (name == "t") in_text_ = false;
    if (name == "rPh") in_phonetic_ = false;
    if (name == "si") ends.push_back(static_cast<std::uint32_t>(bytes.size()));
  }
  void on_text(std::string_view text) override {
    if (in_text_) bytes += text;
  }

  bool in_text_ = false;
  bool in_phonetic_ = false;
};

// What a sheet's cells refer to.
struct Book {
  StringsWalk strings;
  std::vector<Style> styles;
  bool from_1904 = false;
};

// "2026-03-01" for the whole day a serial number stands for.
std::string day_of_serial(std::string_view number, bool from_1904) {
  double serial = 0;
  std::from_chars(number.data(), number.data() + number.size(), serial);
  if (!(serial >= 1 && serial < 200'000)) return std::string(number);
  const auto whole = static_cast<int>(serial);
  if (static_cast<double>(whole) != serial) return std::string(number);
  // Serial 1 is 1900-01-01, and a 29 February 1900 that never was is counted (§18.17.4.1).
  const Day first = from_1904 ? Day(std::chrono::year(1904) / 1 / 1)
                              : Day(std::chrono::year(1899) / 12 / 30);
  return to_iso(first + Days(whole));
}

// "45" for the 0.45 that a sheet shows as 45 %; the point moves, so nothing is lost.
std::string times_hundred(std::string_view number) {
  if (number.find_first_of("eE") != std::string::npos) {
    double value = 0;
    std::from_chars(number.data(), number.data() + number.size(), value);
    return fmt::format("{:.8f}", value * 100);
  }
  const std::size_t point = number.find('.');
  if (point == std::string_view::npos) return fmt::format("{}00", number);
  std::string part(number.substr(point + 1));
  part.resize(std::max<std::size_t>(part.size(), 2), '0');
  return fmt::format("{}{}.{}0", number.substr(0, point), part.substr(0, 2), part.substr(2));
}

class SheetWalk final : public XmlWalk {
 public:
  SheetWalk(const Book& book, RowQueue& queue) : book_(book), queue_(queue) {}

 private:
  void on_start(std::string_view name, const char** attributes) override {
    if (name == "row") {
      start_row(attributes);
    } else if (name == "c") {
      start_cell(attributes);
    } else if (name == "v" || name == "t") {
      in_value_ = true;
    }
  }

  void on_end(std::string_view name) override {
    if (name == "row") {
      queue_.end_row(line_);
    } else if (name == "c") {
      end_cell();
    } else if (name == "v" || name == "t") {
      in_value_ = false;
    }
  }

  void on_text(std::string_view text) override {
    if (in_value_ && value_.size() <= kCellBytesMax) value_ += text;
  }

  void start_row(const char** attributes) {
    std::string_view number = attribute(attributes, "r");
    std::int64_t line = line_ + 1;
    std::from_chars(number.data(), number.data() + number.size(), line);
    line_ = line;
  }

  // Cells that are not there are empty; a cell without an address stands after the last.
  void start_cell(const char** attributes) {
    std::size_t column = 0;
    for (char c : attribute(attributes, "r")) {
      if (c < 'A' || c > 'Z' || column > kColumnsMax) break;
      column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
    }
    const std::size_t last = std::min(column, kColumnsMax + 2);
    while (queue_.status() && queue_.open_cells() + 1 < last)
      queue_.add_cell("", CellKind::text, line_);
    type_ = attribute(attributes, "t");
    const int style = int_of(attribute(attributes, "s"), 0);
    const auto index = static_cast<std::size_t>(std::max(style, 0));
    style_ = index < book_.styles.size() ? book_.styles[index] : Style::plain;
    value_.clear();
  }

  void end_cell() {
    if (type_ == "s") {
      const int index = int_of(value_, -1);
      add(index < 0 ? "" : book_.strings.at(static_cast<std::size_t>(index)), CellKind::text);
    } else if (!type_.empty() && type_ != "n") {
      add(value_, CellKind::text);
    } else if (style_ == Style::date && !value_.empty()) {
      add(day_of_serial(value_, book_.from_1904), CellKind::text);
    } else if (style_ == Style::percent && !value_.empty()) {
      add(times_hundred(value_).append("%"), CellKind::number);
    } else {
      add(value_, CellKind::number);
    }
  }

  void add(std::string_view text, CellKind kind) { queue_.add_cell(text, kind, line_); }

  const Book& book_;
  RowQueue& queue_;
  std::int64_t line_ = 0;
  std::string type_;
  std::string value_;
  Style style_ = Style::plain;
  bool in_value_ = false;
};

class WorkbookReader final : public TableReader {
 public:
  explicit WorkbookReader(std::string bytes) : bytes_(std::move(bytes)), buffer_(kBlock, '\0') {}

  Status open(const std::string& path) {
    zip_ = RF_TRY(path.empty() ? open_zip_bytes(bytes_) : open_zip(path));
    std::string sheet = RF_TRY(find_sheet());
    RF_TRY(read_optional("xl/styles.xml", kPartBytesMax));
    RF_TRY(read_optional("xl/sharedStrings.xml", kStringBytesMax));
    ZipEntry entry = RF_TRY(ZipEntry::open(zip_.get(), sheet));
    entry_ = std::make_unique<ZipEntry>(std::move(entry));
    walk_ = std::make_unique<SheetWalk>(book_, queue_);
    return {};
  }

  Result<bool> next(TableRow& row) override {
    while (!queue_.pop(row)) {
      if (ended_) return false;
      queue_.refill();
      const std::size_t count = RF_TRY(entry_->read(buffer_));
      RF_TRY(walk_->feed(std::string_view(buffer_).substr(0, count), count == 0));
      RF_TRY(queue_.status());
      ended_ = count == 0;
    }
    return true;
  }

  std::int64_t bytes_done() const override { return entry_->done(); }
  std::int64_t bytes_total() const override { return entry_->size(); }
  char delimiter() const override { return '\0'; }

 private:
  // Ad managers write a sheet for people and a plain one beside it.
  Result<std::string> find_sheet() {
    WorkbookWalk workbook;
    RF_TRY(walk_part(zip_.get(), "xl/workbook.xml", workbook, kPartBytesMax));
    RelationsWalk relations;
    RF_TRY(walk_part(zip_.get(), "xl/_rels/workbook.xml.rels", relations, kPartBytesMax));
    if (workbook.sheets.empty()) return fail(ErrorCode::corrupt, "the workbook has no sheet");
    book_.from_1904 = workbook.from_1904;
    auto sheet = std::ranges::find_if(workbook.sheets, [](const Sheet& each) {
      return fold_header(each.name) == "raw data report";
    });
    if (sheet == workbook.sheets.end()) sheet = workbook.sheets.begin();
    auto target = relations.targets.find(sheet->relation);
    if (target == relations.targets.end())
      return fail(ErrorCode::corrupt, fmt::format("the sheet '{}' is not in the workbook", sheet->name));
    const std::string& path = target->second;
    return path.starts_with('/') ? path.substr(1) : fmt::format("xl/{}", path);
  }

  // A workbook without styles or shared strings is whole.
  Status read_optional(const std::string& name, std::size_t bytes_max) {
    StylesWalk styles;
    const bool is_styles = name == "xl/styles.xml";
    XmlWalk& walk = is_styles ? static_cast<XmlWalk&>(styles) : book_.strings;
    Status status = walk_part(zip_.get(), name, walk, bytes_max);
    if (!status && status.error().code != ErrorCode::not_found) return status;
    if (is_styles) book_.styles = std::move(styles.styles);
    return {};
  }

  std::string bytes_;
  std::string buffer_;
  Zip zip_;
  Book book_;
  RowQueue queue_;
  std::unique_ptr<ZipEntry> entry_;
  std::unique_ptr<SheetWalk> walk_;
  bool ended_ = false;
};

Result<std::unique_ptr<TableReader>> open_reader(const std::string& path, std::string bytes) {
  auto reader = std::make_unique<WorkbookReader>(std::move(bytes));
  RF_TRY(reader->open(path));
  return std::unique_ptr<TableReader>(std::move(reader));
}

}  // namespace

Result<std::unique_ptr<TableReader>> open_workbook(const std::string& path) {
  return open_reader(path, "");
}

Result<std::unique_ptr<TableReader>> open_workbook_bytes(std::string bytes) {
  return open_reader("", std::move(bytes));
}

}  // namespace rf::imports
