// A colour as people write it.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rf::media {

struct Rgb {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  bool operator==(const Rgb&) const = default;
};

// "#rrggbb", in either case; none for anything else.
std::optional<Rgb> parse_rgb(std::string_view text);

}  // namespace rf::media
