#include "media/decode/tone.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/check.h"

namespace rf::media {
namespace {

constexpr std::size_t kSteps = 4096;

// Luminance of a diffuse white. Units: cd/m2. Source: ITU-R BT.2408-4, table 1.
constexpr double kWhite = 203;
// Nominal peak of an HLG screen. Units: cd/m2. Source: ITU-R BT.2100-2, table 5.
constexpr double kHlgPeak = 1000;

// Source: SMPTE ST 2084:2014, 5.1; gives cd/m2.
double pq_to_light(double signal) {
  constexpr double m1 = 2610.0 / 16384;
  constexpr double m2 = 2523.0 / 32;
  constexpr double c1 = 3424.0 / 4096;
  constexpr double c2 = 2413.0 / 128;
  constexpr double c3 = 2392.0 / 128;
  const double power = std::pow(signal, 1 / m2);
  return 10000 * std::pow(std::max(power - c1, 0.0) / (c2 - c3 * power), 1 / m1);
}

// Light of the scene in [0, 1]. Source: ITU-R BT.2100-2, table 5.
double hlg_to_scene(double signal) {
  constexpr double a = 0.17883277;
  constexpr double b = 1 - 4 * a;
  const double c = 0.5 - a * std::log(4 * a);
  return signal <= 0.5 ? signal * signal / 3 : (std::exp((signal - c) / a) + b) / 12;
}

// Source: ITU-R BT.709-6, 1.2.
double light_to_709(double light) {
  return light < 0.018 ? 4.5 * light : 1.099 * std::pow(light, 0.45) - 0.099;
}

// Where the bend begins. Chosen: high enough that faces in daylight are not touched.
constexpr float kBend = 0.8F;

// The identity up to the bend, then a curve of the same slope that comes to 1 far out.
float bent(float light) {
  if (light <= kBend) return light;
  return kBend + (1 - kBend) * (1 - std::exp((kBend - light) / (1 - kBend)));
}

}  // namespace

ToneMap::ToneMap(Light light) : light_(light), linear_(kSteps), display_(kSteps) {
  RF_CHECK(light != Light::sdr);
  for (std::size_t i = 0; i < kSteps; ++i) {
    const double step = static_cast<double>(i) / (kSteps - 1);
    linear_[i] =
        static_cast<float>(light == Light::pq ? pq_to_light(step) / kWhite : hlg_to_scene(step));
    display_[i] = static_cast<std::uint8_t>(std::lround(255 * light_to_709(step)));
  }
}

ToneMap::Colour ToneMap::mapped(const std::uint16_t* rgb) const {
  float red = linear_[rgb[0] >> 4];
  float green = linear_[rgb[1] >> 4];
  float blue = linear_[rgb[2] >> 4];
  if (light_ == Light::hlg) {
    // From the scene's light to the screen's: a system gamma of 1.2 on luminance.
    const float scene = 0.2627F * red + 0.6780F * green + 0.0593F * blue;
    const float gain = std::pow(scene, 0.2F) * static_cast<float>(kHlgPeak / kWhite);
    red *= gain;
    green *= gain;
    blue *= gain;
  }
  // Source: ITU-R BT.2087-0, table 1, inverted.
  Colour out{1.6605F * red - 0.5876F * green - 0.0728F * blue,
             -0.1246F * red + 1.1329F * green - 0.0083F * blue,
             -0.0182F * red - 0.1006F * green + 1.1187F * blue};
  const float peak = std::max({out.red, out.green, out.blue});
  if (peak > kBend) {
    const float scale = bent(peak) / peak;
    out = {out.red * scale, out.green * scale, out.blue * scale};
  }
  return out;
}

std::uint8_t ToneMap::shown(float light) const {
  const float step = std::clamp(light, 0.0F, 1.0F) * (kSteps - 1) + 0.5F;
  return display_[static_cast<std::size_t>(step)];
}

void ToneMap::to_bgr(std::span<const std::uint16_t> rgb, std::span<std::uint8_t> bgr) const {
  RF_CHECK(rgb.size() == bgr.size());
  for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) {
    const Colour colour = mapped(&rgb[i]);
    bgr[i] = shown(colour.blue);
    bgr[i + 1] = shown(colour.green);
    bgr[i + 2] = shown(colour.red);
  }
}

void ToneMap::to_grey(std::span<const std::uint16_t> rgb, std::span<std::uint8_t> grey) const {
  RF_CHECK(rgb.size() == 3 * grey.size());
  for (std::size_t i = 0; i < grey.size(); ++i) {
    const Colour colour = mapped(&rgb[3 * i]);
    // Luma is a mean of the non-linear channels. Source: ITU-R BT.709-6, 3.2.
    const float luma =
        0.2126F * shown(colour.red) + 0.7152F * shown(colour.green) + 0.0722F * shown(colour.blue);
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): right for all that is not negative.
    grey[i] = static_cast<std::uint8_t>(luma + 0.5F);
  }
}

}  // namespace rf::media
