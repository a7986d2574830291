#include "media/rgb.h"

#include <charconv>

namespace rf::media {

std::optional<Rgb> parse_rgb(std::string_view text) {
  if (text.size() != 7 || text.front() != '#') return std::nullopt;
  unsigned value = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data() + 1, end, value, 16);
  if (error != std::errc() || at != end) return std::nullopt;
  return Rgb{static_cast<std::uint8_t>(value >> 16 & 255),
             static_cast<std::uint8_t>(value >> 8 & 255), static_cast<std::uint8_t>(value & 255)};
}

}  // namespace rf::media
