// A film's main colours, from a histogram that grows no larger with its length.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/features_sights.h"

namespace rf::video {

class Palette {
 public:
  void add(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
    Cell& cell = cells_[(std::size_t{red} >> 4U) << 8U | (std::size_t{green} >> 4U) << 4U |
                        (std::size_t{blue} >> 4U)];
    ++cell.count;
    cell.red += red;
    cell.green += green;
    cell.blue += blue;
  }

  // At most `count` colours by share, which add to 1; no two nearly alike. Median cut, then a few
  // rounds of k-means over the histogram's cells; no chance, so the same every time.
  // Source: Heckbert 1982, doi:10.1145/965145.801294.
  std::vector<Colour> colours(std::size_t count) const;

 private:
  struct Cell {
    std::uint64_t count = 0;
    std::uint64_t red = 0;
    std::uint64_t green = 0;
    std::uint64_t blue = 0;
  };
  // 16 steps a channel: nearer colours are one to the eye across a whole film.
  std::array<Cell, 4096> cells_{};
};

}  // namespace rf::video
