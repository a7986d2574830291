// HDR pictures as SDR ones: PQ or HLG light, wide colours, to what an ordinary screen shows.
//
// Light is brought to a scale where 1 is the white of text and paper (203 cd/m2), colours are
// moved from BT.2020 to BT.709, and what is brighter than four fifths of white is bent so that the
// brightest of lights still fits. Below the bend nothing changes, so skin and mid-tones stay what
// they are; hue is kept, as all three channels shrink alike.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace rf::media {

enum class Light : std::uint8_t { sdr, pq, hlg };

// Thread: one at a time.
class ToneMap {
 public:
  // REQUIRES: light is not sdr.
  explicit ToneMap(Light light);

  // Shape: `rgb` is 16 bits a channel, three to a pixel, non-linear as the film has it; `bgr` gets
  // 8 bits, three to a pixel.
  void to_bgr(std::span<const std::uint16_t> rgb, std::span<std::uint8_t> bgr) const;
  // Luma only.
  void to_grey(std::span<const std::uint16_t> rgb, std::span<std::uint8_t> grey) const;

 private:
  struct Colour {
    float red, green, blue;
  };
  Colour mapped(const std::uint16_t* rgb) const;
  std::uint8_t shown(float light) const;

  Light light_;
  std::vector<float> linear_;          // By the upper 12 bits of a channel: 1 is reference white.
  std::vector<std::uint8_t> display_;  // By 4095 times linear light in [0, 1].
};

}  // namespace rf::media
