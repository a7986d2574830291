#include "media/decode/orientation.h"

#include <cstddef>
#include <cstdlib>

#include "base/check.h"

namespace rf::media {
namespace {

// The place of a row or column, counted from the other end when that is where the picture begins.
std::size_t place_of(std::size_t at, std::size_t count, bool from_end) {
  return from_end ? count - 1 - at : at;
}

}  // namespace

int Orientation::degrees() const {
  // Without the mirror, what is left of the turn: transposing and mirroring is a quarter clockwise.
  if (transposed) return upended ? 270 : 90;
  return upended ? 180 : 0;
}

Orientation orientation_of(std::span<const std::int32_t, 9> matrix) {
  // Shown x = a * x + c * y, shown y = b * x + d * y; see the order of the numbers above.
  const std::int64_t a = matrix[0];
  const std::int64_t b = matrix[1];
  const std::int64_t c = matrix[3];
  const std::int64_t d = matrix[4];
  Orientation found;
  found.transposed = std::abs(b) + std::abs(c) > std::abs(a) + std::abs(d);
  found.mirrored = (found.transposed ? c : a) < 0;
  found.upended = (found.transposed ? b : d) < 0;
  return found;
}

void turn_picture(std::span<const std::uint8_t> from, PictureSize stored, Orientation orientation,
                  std::span<std::uint8_t> to) {
  const auto width = static_cast<std::size_t>(stored.width);
  const auto height = static_cast<std::size_t>(stored.height);
  const auto channels = static_cast<std::size_t>(stored.channels);
  RF_CHECK(from.size() >= width * height * channels && to.size() >= width * height * channels);
  const std::size_t shown_width = orientation.transposed ? height : width;
  const std::size_t shown_height = orientation.transposed ? width : height;
  std::uint8_t* out = to.data();
  for (std::size_t y = 0; y < shown_height; ++y) {
    const std::size_t v = place_of(y, shown_height, orientation.upended);
    for (std::size_t x = 0; x < shown_width; ++x) {
      const std::size_t u = place_of(x, shown_width, orientation.mirrored);
      const std::size_t pixel = orientation.transposed ? u * width + v : v * width + u;
      for (std::size_t channel = 0; channel < channels; ++channel) {
        *out++ = from[pixel * channels + channel];
      }
    }
  }
}

}  // namespace rf::media
