#include "video/look.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "base/check.h"

namespace rf::video {
namespace {

constexpr int kShortSide = 360;
constexpr double kRateHz = 2;
constexpr std::size_t kColours = 6;

// Every third pixel each way is enough for means over a whole film.
constexpr int kStep = 3;

// Chosen, in 8-bit luma: what a telephone in daylight shows as black and as white.
constexpr int kDark = 40;
constexpr int kBright = 235;
// A sample is dark when its mean is below, overexposed when so much of it is burnt out.
constexpr double kDarkMean = 50;
constexpr double kBurntShare = 0.2;

// Log10 of the Laplacian's variance below which a sample is blurred. Chosen between what our
// clips give at this tap: 1.6 to 3.6 as they are, 0.3 to 1.3 blurred by a box of five pixels; for
// no clip does anybody's word say whether it is blurred.
constexpr double kBlurred = 1.4;

// Of bars: compression leaves black at 16 to 24, and specks of noise.
constexpr int kBarLuma = 28;
constexpr double kBarShare = 0.98;

constexpr int kCompositionSide = 48;
// How near a thirds' crossing weight must be to count, in widths of the picture; chosen, half of
// the way to the next crossing.
constexpr double kThirdsReach = 1.0 / 6;

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

bool is_dark(int dark, int all) { return dark >= kBarShare * all; }

bool dark_row(const Grey& picture, int y) {
  int dark = 0;
  for (int x = 0; x < picture.width; ++x) dark += picture.at(x, y) <= kBarLuma ? 1 : 0;
  return is_dark(dark, picture.width);
}

// Between the bars above and below.
bool dark_column(const Grey& picture, const Bars& bars, int x) {
  int dark = 0;
  for (int y = bars.top; y < picture.height - bars.bottom; ++y)
    dark += picture.at(x, y) <= kBarLuma ? 1 : 0;
  return is_dark(dark, picture.height - bars.top - bars.bottom);
}

struct Light {
  double count = 0;
  double luma = 0;
  double squares = 0;
  double saturation = 0;
  double red = 0;
  double blue = 0;
  double burnt = 0;
  double dark = 0;

  // Shape: `pixel` is blue, green, red.
  void add(const std::uint8_t* pixel) {
    const int value = (29 * pixel[0] + 150 * pixel[1] + 77 * pixel[2] + 128) >> 8;
    const int high = std::max({pixel[0], pixel[1], pixel[2]});
    const int low = std::min({pixel[0], pixel[1], pixel[2]});
    ++count;
    luma += value;
    squares += value * value;
    // The saturation of HSV.
    if (high > 0) saturation += static_cast<double>(high - low) / high;
    red += pixel[2];
    blue += pixel[0];
    burnt += value >= kBright ? 1 : 0;
    dark += value <= kDark ? 1 : 0;
  }
};

// Where the eye is drawn: strong edges. Its weight at each cell.
// Shape: as `small`.
std::vector<double> edges_of(const Grey& small) {
  std::vector<double> weights(small.data.size(), 0);
  for (int y = 1; y + 1 < small.height; ++y) {
    for (int x = 1; x + 1 < small.width; ++x) {
      const int across = small.at(x + 1, y) - small.at(x - 1, y);
      const int down = small.at(x, y + 1) - small.at(x, y - 1);
      weights[static_cast<std::size_t>(y) * static_cast<std::size_t>(small.width) +
              static_cast<std::size_t>(x)] = std::hypot(across, down);
    }
  }
  return weights;
}

// Mean over the picture of how near its weight is to the nearest crossing: 1 on it, 0 beyond reach.
double near_thirds(const Grey& small, const std::vector<double>& weights) {
  double sum = 0;
  double total = 0;
  for (int y = 0; y < small.height; ++y) {
    for (int x = 0; x < small.width; ++x) {
      const double weight =
          weights[static_cast<std::size_t>(y) * static_cast<std::size_t>(small.width) +
                  static_cast<std::size_t>(x)];
      const double u = (x + 0.5) / small.width;
      const double v = (y + 0.5) / small.height;
      const double du = std::min(std::abs(u - 1.0 / 3), std::abs(u - 2.0 / 3));
      const double dv = std::min(std::abs(v - 1.0 / 3), std::abs(v - 2.0 / 3));
      sum += weight * std::max(0.0, 1 - std::hypot(du, dv) / kThirdsReach);
      total += weight;
    }
  }
  return total > 0 ? sum / total : 0;
}

// Correlation of the left half with the mirrored right, [0, 1]; a picture of one tone is symmetric.
double symmetry_of(const Grey& small) {
  double mean = 0;
  for (const std::uint8_t each : small.data) mean += each;
  mean /= static_cast<double>(small.data.size());
  double shared = 0;
  double total = 0;
  for (int y = 0; y < small.height; ++y) {
    for (int x = 0; x < small.width; ++x) {
      const double here = small.at(x, y) - mean;
      shared += here * (small.at(small.width - 1 - x, y) - mean);
      total += here * here;
    }
  }
  return total > 0 ? std::clamp(shared / total, 0.0, 1.0) : 1;
}

}  // namespace

Bars bars_of(const Grey& picture) {
  Bars bars;
  while (bars.top < picture.height && dark_row(picture, bars.top)) ++bars.top;
  if (bars.top == picture.height) return {};
  while (dark_row(picture, picture.height - 1 - bars.bottom)) ++bars.bottom;
  while (bars.left < picture.width && dark_column(picture, bars, bars.left)) ++bars.left;
  if (bars.left == picture.width) return {};
  while (dark_column(picture, bars, picture.width - 1 - bars.right)) ++bars.right;
  return bars;
}

media::Tap LookAnalyser::tap() const { return {media::Pixels::bgr, kShortSide, kRateHz}; }

void LookAnalyser::add_light(const media::Frame& frame, const Patch& patch) {
  Light light;
  for (int y = patch.top; y < patch.bottom; y += kStep) {
    const std::uint8_t* row =
        frame.data.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(frame.width) * 3;
    for (int x = patch.left; x < patch.right; x += kStep) {
      const std::uint8_t* pixel = row + static_cast<std::size_t>(x) * 3;
      light.add(pixel);
      palette_.add(pixel[2], pixel[1], pixel[0]);
    }
  }
  if (light.count == 0) return;
  const double mean = light.luma / light.count;
  sums_.brightness += mean / 255;
  sums_.contrast += std::sqrt(std::max(0.0, light.squares / light.count - mean * mean)) / 255;
  sums_.saturation += light.saturation / light.count;
  sums_.warmth += (light.red - light.blue) / std::max(1.0, light.red + light.blue);
  dark_ += mean < kDarkMean && light.dark / light.count > 0.5 ? 1 : 0;
  over_ += light.burnt / light.count > kBurntShare ? 1 : 0;
}

void LookAnalyser::add_composition(const Grey& small) {
  sums_.thirds += near_thirds(small, edges_of(small));
  sums_.symmetry += symmetry_of(small);
}

void LookAnalyser::on_frame(const media::Frame& frame) {
  RF_CHECK(frame.pixels == media::Pixels::bgr && frame.width > 0 && frame.height > 0);
  const Grey grey = luma(frame, whole(frame));
  const Bars bars = bars_of(grey);
  const Patch inside{bars.left, bars.top, frame.width - bars.right, frame.height - bars.bottom};
  ++samples_;
  letterbox_.push_back(static_cast<double>(bars.top + bars.bottom) / frame.height);
  pillarbox_.push_back(static_cast<double>(bars.left + bars.right) / frame.width);
  add_light(frame, inside);
  const double sharpness = std::log10(1 + laplacian_variance(grey));
  sharpness_.push_back(sharpness);
  blurred_ += sharpness < kBlurred ? 1 : 0;
  const double aspect = static_cast<double>(inside.width()) / inside.height();
  const int width = std::clamp(static_cast<int>(std::lround(kCompositionSide * std::sqrt(aspect))),
                               1, inside.width());
  const int height = std::clamp(static_cast<int>(std::lround(kCompositionSide / std::sqrt(aspect))),
                                1, inside.height());
  add_composition(shrunk(grey, inside, width, height));
}

Look LookAnalyser::finish() {
  Look look = sums_;
  const double samples = std::max(1.0, samples_);
  for (double* each : {&look.brightness, &look.contrast, &look.saturation, &look.warmth,
                       &look.thirds, &look.symmetry})
    *each /= samples;
  look.palette = palette_.colours(kColours);
  look.sharpness = median(sharpness_);
  look.blurred_share = blurred_ / samples;
  look.dark_share = dark_ / samples;
  look.overexposed_share = over_ / samples;
  // Bars are there all the time or are none: the median is not moved by a dark scene.
  look.letterbox = median(letterbox_);
  look.pillarbox = median(pillarbox_);
  return look;
}

}  // namespace rf::video
