#include "sim/lettering.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace rf::sim {
namespace {

struct Letter {
  char character;
  std::array<std::uint8_t, 7> rows;  // Five bits each, the leftmost dot first.
};

// Only the letters that the films write.
constexpr std::array<Letter, 6> kLetters{{
    {'H', {0b10001, 0b10001, 0b10001, 0b11111, 0b10001, 0b10001, 0b10001}},
    {'N', {0b10001, 0b11001, 0b10101, 0b10101, 0b10011, 0b10001, 0b10001}},
    {'O', {0b01110, 0b10001, 0b10001, 0b10001, 0b10001, 0b10001, 0b01110}},
    {'P', {0b11110, 0b10001, 0b10001, 0b11110, 0b10000, 0b10000, 0b10000}},
    {'S', {0b01111, 0b10000, 0b10000, 0b01110, 0b00001, 0b00001, 0b11110}},
    {'W', {0b10001, 0b10001, 0b10001, 0b10101, 0b10101, 0b11011, 0b10001}},
}};

}  // namespace

std::vector<Dot> lettering(std::string_view text) {
  std::vector<Dot> dots;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto* letter = std::ranges::find(kLetters, text[i], &Letter::character);
    if (letter == kLetters.end()) continue;
    for (int y = 0; y < kLetterHeight; ++y) {
      for (int x = 0; x < kLetterWidth - 1; ++x) {
        const int bit = letter->rows.at(static_cast<std::size_t>(y)) >> (4 - x) & 1;
        if (bit != 0) dots.push_back({static_cast<int>(i) * kLetterWidth + x, y});
      }
    }
  }
  return dots;
}

int lettering_width(std::string_view text) {
  return std::max(0, static_cast<int>(text.size()) * kLetterWidth - 1);
}

}  // namespace rf::sim
