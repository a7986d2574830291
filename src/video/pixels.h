// Plain arithmetic over small pictures that several analysers need.

#pragma once

#include <cstdint>
#include <vector>

#include "media/frame.h"
#include "model/features_sights.h"

namespace rf::video {

// Whole pixels: columns [left, right), rows [top, bottom).
struct Patch {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;

  int width() const { return right - left; }
  int height() const { return bottom - top; }
  bool operator==(const Patch&) const = default;
};

inline Patch whole(const media::Frame& frame) { return {0, 0, frame.width, frame.height}; }

// The pixels of a box, cut to the frame.
Patch pixels_of(const Box& box, const media::Frame& frame);

// A grey picture of its own.
// Shape: height x width, row-major, 8-bit.
struct Grey {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> data;

  std::uint8_t at(int x, int y) const {
    return data[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                static_cast<std::size_t>(x)];
  }
  media::Frame frame(double t_s = 0) const {
    return {t_s, 0, width, height, media::Pixels::grey, data};
  }
};

// Luma of a patch.
// Source: ITU-R BT.601 weights, in 1/256.
Grey luma(const media::Frame& frame, const Patch& patch);

// A picture of that size by averaging areas; exact where the sizes divide.
// REQUIRES: the patch has pixels; width and height are positive.
Grey shrunk(const Grey& picture, const Patch& patch, int width, int height);

// Variance of the Laplacian of the luma; 0 where the patch is smaller than 3 x 3.
// Source: Pech-Pacheco et al. 2000, doi:10.1109/ICPR.2000.903548.
double laplacian_variance(const media::Frame& frame, const Patch& patch);
double laplacian_variance(const Grey& picture);

}  // namespace rf::video
