// How a stored picture is turned to be shown: one of the eight ways to lay a rectangle on itself.

#pragma once

#include <cstdint>
#include <span>

namespace rf::media {

// Applied in this order: rows and columns exchanged, then mirrored left to right, then top to
// bottom.
struct Orientation {
  bool transposed = false;
  bool mirrored = false;
  bool upended = false;

  bool upright() const { return !transposed && !mirrored && !upended; }
  // Turn clockwise from stored to shown, mirroring aside. Units: degrees, a multiple of 90.
  int degrees() const;
};

// The nearest of the eight to a container's display matrix.
// Source: ISO/IEC 14496-12, 6.2.2; nine numbers in 16.16 and 2.30 fixed point, row by row, which
// map (x, y, 1) of the stored picture to the shown one.
Orientation orientation_of(std::span<const std::int32_t, 9> matrix);

// A picture of `channels` bytes a pixel, turned. `to` has the shown width and height.
// REQUIRES: both hold width * height * channels bytes; they do not overlap.
struct PictureSize {
  int width = 0;
  int height = 0;
  int channels = 1;
};
void turn_picture(std::span<const std::uint8_t> from, PictureSize stored, Orientation orientation,
                  std::span<std::uint8_t> to);

}  // namespace rf::media
