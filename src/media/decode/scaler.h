// From a decoded picture of any format to the small upright one that a tap wants.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "media/decode/av.h"
#include "media/decode/orientation.h"
#include "media/decode/shrink.h"
#include "media/decode/tone.h"

namespace rf::media {

// One for each distinct size and kind of pixels.
// Thread: one at a time.
class Scaler {
 public:
  // `target` is the size as shown.
  Scaler(PictureSize target, Orientation orientation);

  const PictureSize& target() const { return target_; }
  std::size_t bytes() const;

  // REQUIRES: `to` holds bytes().
  // Errors: unsupported, when the format cannot be converted; over_limit, without memory.
  Status scale(const AVFrame& frame, std::span<std::uint8_t> to);

 private:
  struct Key {
    int format = -1;
    int width = 0;
    int height = 0;
    int out_format = -1;
    int space = 0;
    bool full_range = false;
    bool operator==(const Key&) const = default;
  };

  Status scale_stored(const AVFrame& frame, std::span<std::uint8_t> to);
  Status scale_luma(const AVFrame& frame, std::span<std::uint8_t> to);
  Status scale_colour(const AVFrame& frame, std::span<std::uint8_t> to);
  Status scale_light(const AVFrame& frame, Light light, std::span<std::uint8_t> to);
  Result<const AVFrame*> shrunk(const AVFrame& frame);
  Result<const AVFrame*> converted(const AVFrame& from, AVPixelFormat format);
  Status prepare(const Key& key);
  int factor_for(const AVFrame& frame) const;

  PictureSize target_;
  PictureSize stored_;  // The same before it is turned.
  Orientation orientation_;
  Shrinker shrinker_;
  Av<AVFrame> small_;      // The picture after shrinking.
  Av<AVFrame> converted_;  // After conversion, at the target's size.
  Av<SwsContext> sws_;
  Key key_;
  std::optional<ToneMap> tone_;
  Light tone_light_ = Light::sdr;
  std::vector<std::uint8_t> unturned_;
  std::vector<std::uint16_t> wide_;
};

}  // namespace rf::media
