#include "media/fourier.h"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::media {
namespace {

// Against the sum that defines it.
TEST(PowerSpectra, IsTheDefinitionsOfEveryRow) {
  constexpr std::size_t kSize = 32;
  constexpr std::size_t kRows = 3;
  Rng rng(3);
  std::vector<float> rows(kRows * kSize);
  for (float& value : rows) value = static_cast<float>(rng.normal());
  const std::vector<float> kept = rows;
  std::vector<float> power(kRows * (kSize / 2 + 1));
  power_spectra(rows, kSize, power);
  for (std::size_t row = 0; row < kRows; ++row) {
    for (std::size_t k = 0; k <= kSize / 2; ++k) {
      double re = 0;
      double im = 0;
      for (std::size_t n = 0; n < kSize; ++n) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(k * n) / kSize;
        re += static_cast<double>(kept[row * kSize + n]) * std::cos(angle);
        im -= static_cast<double>(kept[row * kSize + n]) * std::sin(angle);
      }
      EXPECT_NEAR(static_cast<double>(power[row * (kSize / 2 + 1) + k]), re * re + im * im, 1e-3);
    }
  }
}

}  // namespace
}  // namespace rf::media
