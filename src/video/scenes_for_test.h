// Small made-up films: textured pictures that move as told, with known cuts, fades and dissolves.

#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/rng.h"
#include "media/frame.h"

namespace rf::video {

inline constexpr int kWide = 320;
inline constexpr int kHigh = 180;
using Picture = std::vector<std::uint8_t>;

// A texture that is smooth below a few pixels and has no period: a sum of waves of one seed.
class Texture {
 public:
  explicit Texture(std::uint64_t seed) {
    Rng rng(seed);
    for (Wave& wave : waves_) {
      const double length_px = 8 + 30 * rng.uniform();
      const double angle = 6.283 * rng.uniform();
      wave = {std::cos(angle) * 6.283 / length_px, std::sin(angle) * 6.283 / length_px,
              6.283 * rng.uniform()};
    }
    base_ = 90 + 70 * rng.uniform();
  }

  double at(double x, double y) const {
    double sum = 0;
    for (const Wave& wave : waves_) sum += std::sin(wave.x * x + wave.y * y + wave.phase);
    return base_ + 16 * sum;
  }

 private:
  struct Wave {
    double x = 0;
    double y = 0;
    double phase = 0;
  };
  std::array<Wave, 10> waves_{};
  double base_ = 0;
};

inline std::uint8_t grey(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
}

// The picture in which what was at (x, y) of the texture stands at back(x, y)'s argument.
template <typename Back>
Picture draw(const Texture& texture, Back back) {
  Picture picture;
  picture.reserve(std::size_t{kWide} * kHigh);
  for (int y = 0; y < kHigh; ++y) {
    for (int x = 0; x < kWide; ++x) {
      const auto [tx, ty] = back(static_cast<double>(x), static_cast<double>(y));
      picture.push_back(grey(texture.at(tx, ty)));
    }
  }
  return picture;
}

inline Picture shifted(const Texture& texture, double dx, double dy) {
  return draw(texture, [=](double x, double y) { return std::pair{x - dx, y - dy}; });
}

inline Picture mixed(const Picture& from, const Picture& to, double share) {
  Picture picture;
  for (std::size_t i = 0; i < from.size(); ++i) {
    picture.push_back(grey((1 - share) * from[i] + share * to[i]));
  }
  return picture;
}

inline media::Frame frame_of(const Picture& picture, std::int64_t index) {
  return {.t_s = static_cast<double>(index) / 30,
          .index = index,
          .width = kWide,
          .height = kHigh,
          .pixels = media::Pixels::grey,
          .data = picture};
}

}  // namespace rf::video
