#include "video/pixels.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/check.h"
#include "media/decode/shrink.h"

namespace rf::video {
namespace {

int clamped(double value, int most) {
  return static_cast<int>(std::lround(std::clamp(value, 0.0, static_cast<double>(most))));
}

// Each of its pixels is the mean of a square of so many pixels each way.
Grey shrunk_evenly(const Grey& picture, const Patch& patch, int width, int height, int factor) {
  Grey small{width, height, {}};
  small.data.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  const std::size_t first =
      static_cast<std::size_t>(patch.top) * static_cast<std::size_t>(picture.width) +
      static_cast<std::size_t>(patch.left);
  media::Shrinker().shrink(
      media::Plane<const std::uint8_t>{.samples = picture.data.data() + first,
                                       .stride = picture.width,
                                       .width = patch.width(),
                                       .height = patch.height()},
      factor,
      media::Plane<std::uint8_t>{
          .samples = small.data.data(), .stride = width, .width = width, .height = height});
  return small;
}

}  // namespace

Patch pixels_of(const Box& box, const media::Frame& frame) {
  return {clamped(box.x * frame.width, frame.width), clamped(box.y * frame.height, frame.height),
          clamped((box.x + box.width) * frame.width, frame.width),
          clamped((box.y + box.height) * frame.height, frame.height)};
}

Grey luma(const media::Frame& frame, const Patch& patch) {
  RF_CHECK(patch.left >= 0 && patch.top >= 0 && patch.right <= frame.width &&
           patch.bottom <= frame.height);
  Grey grey{std::max(0, patch.width()), std::max(0, patch.height()), {}};
  grey.data.resize(static_cast<std::size_t>(grey.width) * static_cast<std::size_t>(grey.height));
  std::uint8_t* out = grey.data.data();
  const auto channels = static_cast<std::size_t>(media::channels_of(frame.pixels));
  const auto row_bytes = static_cast<std::size_t>(frame.width) * channels;
  for (int y = patch.top; y < patch.bottom; ++y) {
    const std::uint8_t* in = frame.data.data() + static_cast<std::size_t>(y) * row_bytes +
                             static_cast<std::size_t>(patch.left) * channels;
    if (channels == 1) {
      out = std::copy_n(in, grey.width, out);
      continue;
    }
    for (int x = 0; x < grey.width; ++x, in += 3)
      *out++ = static_cast<std::uint8_t>((29U * in[0] + 150U * in[1] + 77U * in[2] + 128U) >> 8U);
  }
  return grey;
}

Grey shrunk(const Grey& picture, const Patch& patch, int width, int height) {
  RF_CHECK(patch.width() > 0 && patch.height() > 0 && width > 0 && height > 0);
  const int factor = patch.width() / width;
  if (factor >= 1 && factor <= media::kFactorMax && patch.width() == factor * width &&
      patch.height() == factor * height) {
    return shrunk_evenly(picture, patch, width, height, factor);
  }
  Grey small{width, height, {}};
  small.data.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y) {
    const int top = patch.top + y * patch.height() / height;
    const int bottom = std::max(top + 1, patch.top + (y + 1) * patch.height() / height);
    for (int x = 0; x < width; ++x) {
      const int left = patch.left + x * patch.width() / width;
      const int right = std::max(left + 1, patch.left + (x + 1) * patch.width() / width);
      std::uint32_t sum = 0;
      for (int row = top; row < bottom; ++row) {
        const std::uint8_t* in =
            &picture.data[static_cast<std::size_t>(row) * static_cast<std::size_t>(picture.width)];
        for (int column = left; column < right; ++column) sum += in[column];
      }
      const auto count = static_cast<std::uint32_t>((bottom - top) * (right - left));
      small.data.push_back(static_cast<std::uint8_t>((sum + count / 2) / count));
    }
  }
  return small;
}

double laplacian_variance(const Grey& picture) {
  if (picture.width < 3 || picture.height < 3) return 0;
  std::int64_t sum = 0;
  std::int64_t squares = 0;
  const auto width = static_cast<std::size_t>(picture.width);
  for (int y = 1; y + 1 < picture.height; ++y) {
    const std::uint8_t* row = &picture.data[static_cast<std::size_t>(y) * width];
    const std::uint8_t* above = row - width;
    const std::uint8_t* below = row + width;
    std::int32_t row_sum = 0;
    std::int64_t row_squares = 0;
    for (std::size_t x = 1; x + 1 < width; ++x) {
      const std::int32_t value = above[x] + below[x] + row[x - 1] + row[x + 1] - 4 * row[x];
      row_sum += value;
      row_squares += std::int64_t{value} * value;
    }
    sum += row_sum;
    squares += row_squares;
  }
  const double count = static_cast<double>(picture.width - 2) * (picture.height - 2);
  const double mean = static_cast<double>(sum) / count;
  return static_cast<double>(squares) / count - mean * mean;
}

double laplacian_variance(const media::Frame& frame, const Patch& patch) {
  return laplacian_variance(luma(frame, patch));
}

}  // namespace rf::video
