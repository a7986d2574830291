// Where decoded pictures and sound go: into the shared ring, or in tests straight to the reader.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"
#include "media/frame.h"
#include "media/watch.h"

namespace rf::media {

// What the room that was asked for holds now.
struct PictureNote {
  std::uint32_t taps = 0;
  std::int64_t index = 0;
  double t_s = 0;
  int width = 0;
  int height = 0;
  int channels = 0;
};

// An error ends the decoding.
class Outlet {
 public:
  virtual ~Outlet() = default;
  virtual Status begin(const MediaFacts& facts) = 0;
  // Memory for the next picture, until put_picture(); blocks while the reader is behind.
  virtual Result<std::span<std::uint8_t>> room(std::size_t bytes) = 0;
  virtual Status put_picture(const PictureNote& note) = 0;
  virtual Status put_samples(std::int64_t first, std::span<const float> mono) = 0;
  virtual Status put_channels(const ChannelSamples& samples) = 0;
  virtual Status put_vectors(const MotionVectors& vectors) = 0;
};

}  // namespace rf::media
