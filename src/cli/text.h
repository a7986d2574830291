// Text for a terminal: widths as the eye counts them, colour, tables, sparklines.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rf::cli {

enum class Tone : std::uint8_t { plain, strong, dim, good, bad, warn };

// How the terminal wants it.
struct Style {
  bool color = false;
  std::size_t width = 100;  // Columns; tables do not grow beyond it.
};

// `text` without control characters: names come from files, and must not steer the terminal.
std::string printable(std::string_view text);

std::string paint(std::string_view text, Tone tone, const Style& style);

// Columns that `text` takes on a terminal; wide East Asian characters and emoji take two.
std::size_t width_of(std::string_view text);

// Cut to at most `width` columns, the last an ellipsis where something is missing.
std::string cut(std::string_view text, std::size_t width);

// "▁▂▅█▂"; a missing value is a space. Scaled to the largest value.
std::string sparkline(std::span<const std::optional<double>> values);

// 1234567 as "1,234,567".
std::string grouped(std::int64_t number);

// A share of one as "1.26 %", with `digits` decimals.
std::string percent(double fraction, int digits);

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
};

struct Column {
  std::string title;
  bool right = false;     // Numbers stand to the right.
  bool flexible = false;  // Gives way when the table is wider than the terminal.
};

// Aligned columns under a rule; every line ends in a newline.
std::string table(const std::vector<Column>& columns, const std::vector<std::vector<Cell>>& rows,
                  const Style& style);

}  // namespace rf::cli
