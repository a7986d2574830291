// Means of squares against the plain double loop.

#include "media/decode/shrink.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::media {
namespace {

// Of the square whose place among all squares is x, y.
template <typename Sample>
double mean_of_square(const Plane<const Sample>& from, int factor, int x, int y) {
  double total = 0;
  int count = 0;
  for (int v = y * factor; v < std::min(from.height, (y + 1) * factor); ++v) {
    for (int u = x * factor; u < std::min(from.width, (x + 1) * factor); ++u) {
      total += from.samples[v * from.stride + u];
      ++count;
    }
  }
  return total / count;
}

template <typename Sample>
void expect_means(std::uint64_t seed, std::uint64_t values) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Rng rng(seed);
  const int width = 1 + static_cast<int>(rng.below(90));
  const int height = 1 + static_cast<int>(rng.below(60));
  const int factor = 1 + static_cast<int>(rng.below(31));
  const int stride = width + static_cast<int>(rng.below(7));
  std::vector<Sample> from(static_cast<std::size_t>(stride) * static_cast<std::size_t>(height));
  for (Sample& each : from) each = static_cast<Sample>(rng.below(values));
  // With the squares that the edges cut, or whole ones only.
  const int rest = rng.below(2) == 0 || width < factor || height < factor ? factor - 1 : 0;
  const int out_width = (width + rest) / factor;
  const int out_height = (height + rest) / factor;
  std::vector<Sample> to(static_cast<std::size_t>(out_width) *
                         static_cast<std::size_t>(out_height));
  const Plane<const Sample> plane{from.data(), stride, width, height};
  Shrinker().shrink(plane, factor, Plane<Sample>{to.data(), out_width, out_width, out_height});
  std::size_t at = 0;
  for (int y = 0; y < out_height; ++y) {
    for (int x = 0; x < out_width; ++x) {
      ASSERT_NEAR(to[at++], mean_of_square(plane, factor, x, y), 0.51)
          << x << ", " << y << " of " << width << " x " << height << " by " << factor;
    }
  }
}

TEST(Shrinker, GivesTheMeanOfEachSquareAlsoAtTheEdges) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    expect_means<std::uint8_t>(seed, 256);
    expect_means<std::uint16_t>(seed, 1024);
  }
}

TEST(Shrinker, DoesNotOverflowOnTheBrightestPictures) {
  const std::vector<std::uint8_t> white(4096, 255);
  std::uint8_t mean = 0;
  Shrinker().shrink(Plane<const std::uint8_t>{white.data(), 64, 64, 64}, 64,
                    Plane<std::uint8_t>{&mean, 1, 1, 1});
  EXPECT_EQ(mean, 255);
  const std::vector<std::uint16_t> wide(4096, 65535);
  std::uint16_t wide_mean = 0;
  Shrinker().shrink(Plane<const std::uint16_t>{wide.data(), 64, 64, 64}, 64,
                    Plane<std::uint16_t>{&wide_mean, 1, 1, 1});
  EXPECT_NEAR(wide_mean, 65535, 8);  // A float holds 24 bits of the sum.
}

}  // namespace
}  // namespace rf::media
