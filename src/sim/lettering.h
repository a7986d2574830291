// Capital letters as dots, five wide and seven high: enough to write in a made-up film.

#pragma once

#include <string_view>
#include <vector>

namespace rf::sim {

struct Dot {
  int x = 0;
  int y = 0;
};

inline constexpr int kLetterWidth = 6;  // With the gap to the next.
inline constexpr int kLetterHeight = 7;

// The dots of a line of words. A character that has no dots is a space.
std::vector<Dot> lettering(std::string_view text);

// Units: dots, without the gap behind the last letter.
int lettering_width(std::string_view text);

}  // namespace rf::sim
