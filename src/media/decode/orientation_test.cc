// Turned pictures against turns done by hand.

#include "media/decode/orientation.h"

#include <array>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace rf::media {
namespace {

constexpr std::int32_t kOne = 1 << 16;

// A picture of 3 x 2:  1 2 3
//                      4 5 6
std::vector<std::uint8_t> turned(std::array<std::int32_t, 4> abcd) {
  const std::array<std::int32_t, 9> matrix{
      abcd[0] * kOne, abcd[1] * kOne, 0, abcd[2] * kOne, abcd[3] * kOne, 0, 0, 0, 1 << 30};
  std::vector<std::uint8_t> from(6);
  std::iota(from.begin(), from.end(), std::uint8_t{1});
  std::vector<std::uint8_t> to(6);
  turn_picture(from, {.width = 3, .height = 2}, orientation_of(matrix), to);
  return to;
}

using Bytes = std::vector<std::uint8_t>;

TEST(Orientation, TurnsAsTheMatrixSays) {
  EXPECT_EQ(turned({1, 0, 0, 1}), (Bytes{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(turned({0, 1, -1, 0}), (Bytes{4, 1, 5, 2, 6, 3}));   // A quarter clockwise.
  EXPECT_EQ(turned({-1, 0, 0, -1}), (Bytes{6, 5, 4, 3, 2, 1}));  // Half.
  EXPECT_EQ(turned({0, -1, 1, 0}), (Bytes{3, 6, 2, 5, 1, 4}));   // A quarter the other way.
  EXPECT_EQ(turned({-1, 0, 0, 1}), (Bytes{3, 2, 1, 6, 5, 4}));   // A mirror.
  EXPECT_EQ(turned({0, 1, 1, 0}), (Bytes{1, 4, 2, 5, 3, 6}));    // About the diagonal.
}

TEST(Orientation, NamesTheTurn) {
  EXPECT_EQ((Orientation{.transposed = true, .mirrored = true}).degrees(), 90);
  EXPECT_EQ((Orientation{.mirrored = true, .upended = true}).degrees(), 180);
  EXPECT_EQ((Orientation{.transposed = true, .upended = true}).degrees(), 270);
  EXPECT_EQ((Orientation{}).degrees(), 0);
}

TEST(Orientation, KeepsPixelsOfThreeChannelsTogether) {
  const std::vector<std::uint8_t> from{1, 2, 3, 4, 5, 6};
  std::vector<std::uint8_t> to(6);
  turn_picture(from, {.width = 2, .height = 1, .channels = 3}, {.mirrored = true}, to);
  EXPECT_EQ(to, (Bytes{4, 5, 6, 1, 2, 3}));
}

TEST(Orientation, AMatrixOfNothingTurnsNothing) {
  EXPECT_TRUE(orientation_of(std::array<std::int32_t, 9>{}).upright());
  // The most negative number has no positive twin.
  const std::int32_t least = INT32_MIN;
  const std::array<std::int32_t, 9> extreme{least, least, 0, least, least, 0, 0, 0, 0};
  EXPECT_FALSE(orientation_of(extreme).transposed);
}

}  // namespace
}  // namespace rf::media
