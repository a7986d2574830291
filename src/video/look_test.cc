#include "video/look.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "media/frames_for_test.h"

namespace rf::video {
namespace {

using media::OwnFrame;
using media::Pixels;

OwnFrame coloured(int width, int height, std::uint8_t blue, std::uint8_t green, std::uint8_t red) {
  OwnFrame frame = media::blank(width, height, Pixels::bgr, 0);
  for (std::size_t i = 0; i < frame.data.size(); i += 3) {
    frame.data[i] = blue;
    frame.data[i + 1] = green;
    frame.data[i + 2] = red;
  }
  return frame;
}

void paint(OwnFrame& frame, const Patch& patch, std::uint8_t value) {
  for (int y = patch.top; y < patch.bottom; ++y) {
    for (int x = patch.left; x < patch.right; ++x) {
      for (std::size_t channel = 0; channel < 3; ++channel)
        frame.data[(static_cast<std::size_t>(y) * static_cast<std::size_t>(frame.width) +
                    static_cast<std::size_t>(x)) *
                       3 +
                   channel] = value;
    }
  }
}

OwnFrame noise(int width, int height, std::uint64_t seed) {
  OwnFrame frame = media::blank(width, height, Pixels::bgr, 0);
  Rng rng(seed);
  for (std::uint8_t& each : frame.data) each = static_cast<std::uint8_t>(40 + rng.below(180));
  return frame;
}

Look look_of(const OwnFrame& frame) {
  LookAnalyser look;
  look.on_frame(frame.frame());
  return look.finish();
}

TEST(Look, OfOneColourIsThatColour) {
  const Look look = look_of(coloured(90, 160, 0, 0, 255));
  ASSERT_EQ(look.palette.size(), 1);
  EXPECT_EQ(look.palette[0].hex, "#ff0000");
  EXPECT_NEAR(look.palette[0].share, 1, 1e-9);
  EXPECT_NEAR(look.brightness, 77.0 / 255, 0.01);  // BT.601's weight of red.
  EXPECT_NEAR(look.saturation, 1, 1e-9);
  EXPECT_NEAR(look.warmth, 1, 1e-9);
  EXPECT_EQ(look.contrast, 0);
  EXPECT_EQ(look.blurred_share, 1);
  EXPECT_NEAR(look.symmetry, 1, 1e-9);
}

TEST(Look, OfColdIsTheOppositeOfWarm) {
  EXPECT_NEAR(look_of(coloured(90, 160, 255, 0, 0)).warmth, -1, 1e-9);
  EXPECT_NEAR(look_of(coloured(90, 160, 128, 128, 128)).warmth, 0, 1e-9);
}

TEST(Look, SaysWhenItIsTooDarkOrTooBright) {
  EXPECT_EQ(look_of(coloured(90, 160, 20, 20, 20)).dark_share, 1);
  EXPECT_EQ(look_of(coloured(90, 160, 250, 250, 250)).overexposed_share, 1);
  const Look middling = look_of(coloured(90, 160, 120, 120, 120));
  EXPECT_EQ(middling.dark_share, 0);
  EXPECT_EQ(middling.overexposed_share, 0);
}

TEST(Look, MeasuresBarsAndLooksInsideOfThem) {
  OwnFrame frame = noise(160, 90, 1);
  paint(frame, {0, 0, 160, 9}, 16);
  paint(frame, {0, 81, 160, 90}, 16);
  const Look letter = look_of(frame);
  EXPECT_NEAR(letter.letterbox, 0.2, 1e-9);
  EXPECT_NEAR(letter.pillarbox, 0, 1e-9);
  for (const Colour& colour : letter.palette) EXPECT_NE(colour.hex, "#101010");
  OwnFrame pillars = noise(160, 90, 2);
  paint(pillars, {0, 0, 40, 90}, 0);
  paint(pillars, {120, 0, 160, 90}, 0);
  EXPECT_NEAR(look_of(pillars).pillarbox, 0.5, 1e-9);
  EXPECT_NEAR(look_of(coloured(160, 90, 0, 0, 0)).letterbox, 0, 1e-9);
}

TEST(Look, GrowsSharperWithDetail) {
  EXPECT_GT(look_of(noise(160, 90, 3)).sharpness, look_of(coloured(160, 90, 9, 99, 99)).sharpness);
}

TEST(Look, FindsWeightAtTheThirds) {
  OwnFrame at_thirds = coloured(180, 180, 120, 120, 120);
  paint(at_thirds, {55, 55, 66, 66}, 250);
  OwnFrame in_the_middle = coloured(180, 180, 120, 120, 120);
  paint(in_the_middle, {85, 85, 96, 96}, 250);
  EXPECT_GT(look_of(at_thirds).thirds, 0.6);
  EXPECT_LT(look_of(in_the_middle).thirds, 0.1);
  EXPECT_GT(look_of(in_the_middle).symmetry, 0.9);
  EXPECT_LT(look_of(at_thirds).symmetry, 0.5);
}

TEST(Palette, SharesAddToOneAndFall) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Rng rng(seed);
    Palette palette;
    const std::uint64_t kinds = 1 + rng.below(20);
    for (std::uint64_t i = 0; i < 500; ++i) {
      Rng colour = rng.split(rng.below(kinds));
      rng.next();
      palette.add(static_cast<std::uint8_t>(colour.below(256)),
                  static_cast<std::uint8_t>(colour.below(256)),
                  static_cast<std::uint8_t>(colour.below(256)));
    }
    const std::vector<Colour> colours = palette.colours(6);
    ASSERT_FALSE(colours.empty());
    ASSERT_LE(colours.size(), 6);
    double sum = 0;
    for (std::size_t i = 0; i < colours.size(); ++i) {
      sum += colours[i].share;
      if (i > 0) {
        EXPECT_LE(colours[i].share, colours[i - 1].share + 1e-12);
      }
    }
    EXPECT_NEAR(sum, 1, 1e-9);
    EXPECT_EQ(colours, palette.colours(6));
  }
}

TEST(Palette, FindsThreeColoursByTheirShares) {
  Palette palette;
  for (int i = 0; i < 600; ++i) palette.add(200, 30, 30);
  for (int i = 0; i < 300; ++i) palette.add(30, 200, 30);
  for (int i = 0; i < 100; ++i) palette.add(30, 30, 200);
  const std::vector<Colour> colours = palette.colours(6);
  ASSERT_EQ(colours.size(), 3);
  EXPECT_EQ(colours[0], (Colour{"#c81e1e", 0.6}));
  EXPECT_EQ(colours[1], (Colour{"#1ec81e", 0.3}));
  EXPECT_EQ(colours[2], (Colour{"#1e1ec8", 0.1}));
}

TEST(Palette, OfNothingIsEmpty) {
  EXPECT_THAT(Palette().colours(6), testing::IsEmpty());
  EXPECT_THAT(LookAnalyser().finish().palette, testing::IsEmpty());
}

}  // namespace
}  // namespace rf::video
