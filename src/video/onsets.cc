#include "video/onsets.h"

#include <algorithm>
#include <cmath>

namespace rf::video {
namespace {

// All measured on 124 excerpts of real recordings and rendered scores; the beat's F moves by less
// than .01 when one of them is halved or doubled.
constexpr std::size_t kMeanHops = 40;    // Half of .8 s: a local mean that spans a beat.
constexpr std::size_t kScaleHops = 400;  // Half of 8 s: a region's own usual strength.
constexpr std::size_t kStartHops = 8;    // As long as the first windows reach before the beginning.
constexpr double kLevelling = 0.8;       // 1 would count a region of mere hiss as much as a drum.
// A hundredth of a usual rise: below it a region is still, and is not blown up.
constexpr float kStill = 0.01F;

// An onset stands out from what is around it by this much of the strength's own deviation.
constexpr float kStandOut = 1.0F;
constexpr std::size_t kOnsetGapHops = 6;  // 60 ms: nearer ones are one to the ear.
constexpr std::size_t kAroundHops = 10;   // For the local threshold.
// Nothing that is softer than this (mean square; -60 dB) sets in.
constexpr float kSilence = 1e-6F;

// A sound track that begins in the middle of its sound begins with a rise from nothing, larger than
// any that follows. It may be an onset, but no louder than those of the next seconds.
void tame_start(std::vector<float>& band) {
  const std::size_t end = std::min(band.size(), kScaleHops);
  float most = 0;
  for (std::size_t k = kStartHops; k < end; ++k) most = std::max(most, band[k]);
  for (std::size_t k = 0; k < std::min(end, kStartHops); ++k) band[k] = std::min(band[k], most);
}

}  // namespace

std::vector<float> moving_mean(std::span<const float> values, std::size_t half) {
  std::vector<double> sums(values.size() + 1, 0.0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    sums[i + 1] = sums[i] + static_cast<double>(values[i]);
  }
  std::vector<float> means(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t from = i > half ? i - half : 0;
    const std::size_t to = std::min(values.size(), i + half + 1);
    means[i] = static_cast<float>((sums[to] - sums[from]) / static_cast<double>(to - from));
  }
  return means;
}

std::vector<float> levelled(std::span<const float> values) {
  const std::vector<float> local = moving_mean(values, kMeanHops);
  std::vector<float> rise(values.size());
  std::vector<float> squares(values.size());
  for (std::size_t k = 0; k < values.size(); ++k) {
    rise[k] = std::max(0.0F, values[k] - local[k]);
    squares[k] = rise[k] * rise[k];
  }
  const std::vector<float> scale = moving_mean(squares, kScaleHops);
  constexpr auto kPower = static_cast<float>(-0.5 * kLevelling);
  for (std::size_t k = 0; k < values.size(); ++k) rise[k] *= std::pow(scale[k] + kStill, kPower);
  return rise;
}

std::vector<float> onset_strength(const SoundFrames& frames) {
  std::vector<float> strength(frames.size(), 0.0F);
  std::vector<float> band(frames.size());
  for (std::size_t b = 0; b < kFluxBands; ++b) {
    for (std::size_t k = 0; k < band.size(); ++k) band[k] = frames.flux[k][b];
    tame_start(band);
    const std::vector<float> rise = levelled(band);
    for (std::size_t k = 0; k < band.size(); ++k) strength[k] += rise[k] / kFluxBands;
  }
  return strength;
}

double peak_place(std::span<const float> curve, std::size_t hop) {
  if (hop == 0 || hop + 1 >= curve.size()) return static_cast<double>(hop);
  const auto left = static_cast<double>(curve[hop - 1]);
  const auto middle = static_cast<double>(curve[hop]);
  const auto right = static_cast<double>(curve[hop + 1]);
  const double bend = left - 2 * middle + right;
  const bool top = middle >= left && middle >= right && bend < 0;
  return static_cast<double>(hop) + (top ? 0.5 * (left - right) / bend : 0.0);
}

std::vector<double> find_onsets(const SoundFrames& frames) {
  const std::vector<float> strength = onset_strength(frames);
  const std::vector<float> around = moving_mean(strength, kAroundHops);
  double square = 0;
  for (const float value : strength)
    square += static_cast<double>(value) * static_cast<double>(value);
  const double count = std::max<double>(1, static_cast<double>(strength.size()));
  const auto usual = static_cast<float>(std::sqrt(square / count));

  std::vector<double> onsets;
  std::size_t last = 0;
  for (std::size_t k = 0; k < strength.size(); ++k) {
    const std::size_t from = k > kOnsetGapHops / 2 ? k - kOnsetGapHops / 2 : 0;
    const std::size_t to = std::min(strength.size(), k + kOnsetGapHops / 2 + 1);
    const auto first = strength.begin();
    const auto top = std::max_element(first + static_cast<std::ptrdiff_t>(from),
                                      first + static_cast<std::ptrdiff_t>(to));
    const auto after = frames.power.begin() + static_cast<std::ptrdiff_t>(k);
    const auto soon = std::min<std::ptrdiff_t>(4, frames.power.end() - after);
    const float loud = *std::max_element(after, after + soon);
    if (static_cast<std::size_t>(top - first) != k || loud < kSilence) continue;
    if (strength[k] < around[k] + kStandOut * usual) continue;
    if (!onsets.empty() && k - last < kOnsetGapHops) continue;
    last = k;
    onsets.push_back(std::max(0.0, peak_place(strength, k) * kSoundHopS + kOnsetDelayS));
  }
  return onsets;
}

}  // namespace rf::video
