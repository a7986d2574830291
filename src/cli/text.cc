#include "cli/text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/check.h"

namespace rf::cli {
namespace {

constexpr std::string_view kEllipsis = "…";
// Less of a name than this says nothing.
constexpr std::size_t kFlexibleMin = 28;

std::size_t columns_of(UChar32 c) {
  int type = u_charType(c);
  if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR) return 0;
  int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

struct Character {
  UChar32 code;  // Negative where the bytes are not UTF-8.
  std::string_view bytes;
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"  // Inside ICU's macro.
// Takes the first character off the front.
Character take(std::string_view& text) {
  std::int32_t at = 0;
  UChar32 code = 0;
  const auto length = static_cast<std::int32_t>(text.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  U8_NEXT(bytes, at, length, code);
  Character character{code, text.substr(0, static_cast<std::size_t>(at))};
  text.remove_prefix(character.bytes.size());
  return character;
}
#pragma GCC diagnostic pop

std::string_view code_of(Tone tone) {
  switch (tone) {
    case Tone::plain: return "";
    case Tone::strong: return "\x1b[1m";
    case Tone::dim: return "\x1b[2m";
    case Tone::good: return "\x1b[32m";
    case Tone::bad: return "\x1b[31m";
    case Tone::warn: return "\x1b[33m";
  }
  check_failed(__FILE__, __LINE__, "Tone in range");
}

std::string padded(const Cell& cell, std::size_t width, bool right, const Style& style) {
  std::string text = cut(cell.text, width);
  std::string space(width - std::min(width, width_of(text)), ' ');
  std::string painted = paint(text, cell.tone, style);
  return right ? space + painted : painted + space;
}

std::vector<std::size_t> widths_for(const std::vector<Column>& columns,
                                    const std::vector<std::vector<Cell>>& rows,
                                    std::size_t width_max) {
  std::vector<std::size_t> widths;
  std::size_t total = 0;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    std::size_t width = width_of(columns[c].title);
    for (const auto& row : rows) width = std::max(width, width_of(row[c].text));
    widths.push_back(width);
    total += width + (c == 0 ? 0 : 2);
  }
  for (std::size_t c = 0; c < columns.size() && total > width_max; ++c) {
    if (!columns[c].flexible) continue;
    std::size_t spare = widths[c] - std::min(widths[c], kFlexibleMin);
    std::size_t taken = std::min(spare, total - width_max);
    widths[c] -= taken;
    total -= taken;
  }
  return widths;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    Character character = take(text);
    int type = character.code < 0 ? 0 : u_charType(character.code);
    if (character.code < 0 || type == U_CONTROL_CHAR || type == U_LINE_SEPARATOR ||
        type == U_PARAGRAPH_SEPARATOR || u_hasBinaryProperty(character.code, UCHAR_BIDI_CONTROL)) {
      clean += "\xef\xbf\xbd";  // U+FFFD.
    } else {
      clean += character.bytes;
    }
  }
  return clean;
}

std::string paint(std::string_view text, Tone tone, const Style& style) {
  std::string_view code = code_of(tone);
  if (!style.color || code.empty() || text.empty()) return std::string(text);
  return fmt::format("{}{}\x1b[0m", code, text);
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    Character character = take(text);
    width += character.code < 0 ? 1 : columns_of(character.code);
  }
  return width;
}

std::string cut(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return std::string(text);
  std::string kept;
  std::size_t used = 1;  // For the ellipsis.
  while (!text.empty()) {
    Character character = take(text);
    std::size_t columns = character.code < 0 ? 1 : columns_of(character.code);
    if (used + columns > width) break;
    kept += character.bytes;
    used += columns;
  }
  return kept += kEllipsis;
}

std::string sparkline(std::span<const std::optional<double>> values) {
  constexpr std::array<std::string_view, 8> kBars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double top = 0;
  for (const auto& value : values) top = std::max(top, value.value_or(0));
  std::string line;
  for (const auto& value : values) {
    if (!value) {
      line += ' ';
    } else {
      double share = top > 0 ? std::clamp(*value / top, 0.0, 1.0) : 0;
      line += kBars.at(static_cast<std::size_t>(std::lround(share * 7)));
    }
  }
  return line;
}

std::string grouped(std::int64_t number) {
  std::string digits = fmt::format("{}", number);
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string percent(double fraction, int digits) {
  return fmt::format("{:.{}f} %", fraction * 100, digits);
}

std::string table(const std::vector<Column>& columns, const std::vector<std::vector<Cell>>& rows,
                  const Style& style) {
  std::vector<std::size_t> widths = widths_for(columns, rows, style.width);
  std::string out;
  auto add_line = [&](const std::vector<Cell>& cells) {
    RF_CHECK(cells.size() == columns.size());
    std::string line;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (c > 0) line += "  ";
      line += padded(cells[c], widths[c], columns[c].right, style);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  };
  std::vector<Cell> titles;
  std::vector<Cell> rules;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    titles.push_back({columns[c].title, Tone::strong});
    std::string rule;
    for (std::size_t i = 0; i < widths[c]; ++i) rule += "─";
    rules.push_back({rule, Tone::dim});
  }
  add_line(titles);
  add_line(rules);
  for (const auto& row : rows) add_line(row);
  return out;
}

}  // namespace rf::cli
