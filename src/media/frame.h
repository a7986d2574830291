// What a decoder hands out: pictures and sound with exact time stamps, as plain memory.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace rf::media {

enum class Pixels : std::uint8_t {
  grey,  // 8-bit luma, full range.
  bgr,   // 8-bit blue, green, red.
};

constexpr int channels_of(Pixels pixels) { return pixels == Pixels::grey ? 1 : 3; }

// One picture, upright (rotation applied) and with square pixels.
// Shape: height x width x channels, row-major, 8-bit, no padding between rows; borrowed for the
// length of the call it is an argument of.
struct Frame {
  double t_s = 0;          // Presentation time by the container, from the stream's first picture.
  std::int64_t index = 0;  // Its place among the decoded pictures; grows, with gaps where skipped.
  int width = 0;
  int height = 0;
  Pixels pixels = Pixels::grey;
  std::span<const std::uint8_t> data;
};

// A stretch of sound, mixed to one channel at the rate that was asked for.
// Shape: samples in [-1, 1], borrowed as above; stretches follow each other without gap or overlap
// (silence is put where the stream has a gap).
struct Samples {
  std::int64_t first = 0;  // Number of the first sample, counted from the video's time zero.
  int rate_hz = 0;
  std::span<const float> mono;
};

// Sound of more channels, or of another rate, is only given as a mix. Chosen: four times what any
// ad has, and what libebur128 is right for.
inline constexpr int kChannelsMax = 16;
inline constexpr int kChannelRateMin = 8000;
inline constexpr int kChannelRateMax = 192000;

// A piece of sound in the film's own channels and rate, which are the same in every piece.
// Shape: channels side by side, whole frames; borrowed as above. Full scale is 1, and a film may go
// beyond it. A bit of `surround` or `unheard` is a channel, the lowest the first.
struct ChannelSamples {
  int rate_hz = 0;
  int channels = 0;
  std::uint32_t surround = 0;  // Beside or behind the listener.
  std::uint32_t unheard = 0;   // Low frequency effects.
  std::span<const float> interleaved;
};

// Where a block of a picture came from, as the codec says; upright like the frames, in pixels of
// the full picture as shown.
struct MotionVector {
  float x = 0;  // Middle of the block.
  float y = 0;
  float dx =
      0;  // How far it moves, forward in time; the codec does not tell over how many pictures.
  float dy = 0;
  float area = 0;  // Of the block, in square pixels.
};

// The codec's motion vectors of one picture; none for a picture that refers to no other.
struct MotionVectors {
  double t_s = 0;
  std::int64_t index = 0;
  int width = 0;  // Of the picture as shown.
  int height = 0;
  std::span<const MotionVector> vectors;
};

}  // namespace rf::media
