// Tone mapping against values worked out by hand from the standards.

#include "media/decode/tone.h"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

namespace rf::media {
namespace {

std::uint8_t grey_of(Light light, double signal) {
  const auto code = static_cast<std::uint16_t>(std::lround(signal * 65535));
  const std::array<std::uint16_t, 3> rgb{code, code, code};
  std::array<std::uint8_t, 1> grey{};
  ToneMap(light).to_grey(rgb, grey);
  return grey[0];
}

TEST(ToneMap, KeepsMidTones) {
  // 100 cd/m2 is PQ 0.5081 (ST 2084) and .4926 of reference white: 1.099 * .4926^.45 - .099 = .700.
  EXPECT_NEAR(grey_of(Light::pq, 0.5081), 178, 2);
  EXPECT_EQ(grey_of(Light::pq, 0), 0);
  EXPECT_EQ(grey_of(Light::hlg, 0), 0);
}

TEST(ToneMap, ReferenceWhiteIsNearlyWhiteInBoth) {
  // BT.2408: 203 cd/m2 is 58 % PQ and 75 % HLG. Bent, it is .8 + .2 * (1 - 1/e) = .926.
  EXPECT_NEAR(grey_of(Light::pq, 0.58), 245, 2);
  EXPECT_NEAR(grey_of(Light::hlg, 0.75), 245, 2);
}

TEST(ToneMap, MoreLightIsNeverDarker) {
  for (const Light light : {Light::pq, Light::hlg}) {
    int last = 0;
    for (int i = 0; i <= 100; ++i) {
      const int grey = grey_of(light, i / 100.0);
      EXPECT_GE(grey, last);
      last = grey;
    }
    EXPECT_EQ(last, 255);
  }
}

TEST(ToneMap, KeepsTheOrderOfChannels) {
  const std::array<std::uint16_t, 3> red{38000, 10000, 10000};
  std::array<std::uint8_t, 3> bgr{};
  ToneMap(Light::pq).to_bgr(red, bgr);
  EXPECT_GT(bgr[2], bgr[0] + 50);
}

}  // namespace
}  // namespace rf::media
