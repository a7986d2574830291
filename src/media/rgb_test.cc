#include "media/rgb.h"

#include <gtest/gtest.h>

namespace rf::media {
namespace {

TEST(Rgb, IsSixHexadecimalDigitsAfterAHash) {
  EXPECT_EQ(parse_rgb("#12aBff"), (Rgb{0x12, 0xab, 0xff}));
  for (const char* other : {"", "#12aBf", "#12aBff0", "12aBff0", "#12aBfg", "#-2aBff", "#+2aBff",
                            "# 2aBff", "red", "#0x12ff"}) {
    EXPECT_FALSE(parse_rgb(other).has_value()) << other;
  }
}

}  // namespace
}  // namespace rf::media
