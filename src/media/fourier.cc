#include "media/fourier.h"

#include <bit>
#include <cstddef>

#include <opencv2/core.hpp>

#include "base/check.h"

namespace rf::media {

void power_spectra(std::span<float> rows, int size, std::span<float> power) {
  RF_CHECK(size >= 4 && std::has_single_bit(static_cast<unsigned>(size)));
  const auto width = static_cast<std::size_t>(size);
  const std::size_t count = rows.size() / width;
  const std::size_t half = width / 2;
  RF_CHECK(rows.size() == count * width && power.size() == count * (half + 1));
  if (count == 0) return;
  cv::Mat windows(static_cast<int>(count), size, CV_32F, rows.data());
  cv::dft(windows, windows, cv::DFT_ROWS);
  for (std::size_t row = 0; row < count; ++row) {
    // Packed: Re 0, Re 1, Im 1, ..., Re half.
    const float* packed = rows.data() + row * width;
    float* out = power.data() + row * (half + 1);
    out[0] = packed[0] * packed[0];
    for (std::size_t k = 1; k < half; ++k) {
      const float re = packed[2 * k - 1];
      const float im = packed[2 * k];
      out[k] = re * re + im * im;
    }
    out[half] = packed[width - 1] * packed[width - 1];
  }
}

}  // namespace rf::media
