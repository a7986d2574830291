#include "video/drops.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "video/onsets.h"

namespace rf::video {
namespace {

constexpr std::size_t kHalf = 100;     // Means over two seconds, on both sides.
constexpr std::size_t kApart = 400;    // 4 s.
constexpr std::size_t kOntoBeat = 12;  // A drop this near a beat is that beat.
// Chosen: twice the amplitude is what mixers do at a drop; less is a louder bar.
constexpr double kRiseDb = 6;
// Bass louder than this share of all power after a drop; a shout has less.
constexpr float kBassShare = 0.1F;
// Below this (mean square, -46 dB) nothing comes at full force.
constexpr float kHeard = 2.5e-5F;

double decibels(float after, float before) {
  return 10 *
         std::log10((static_cast<double>(after) + 1e-9) / (static_cast<double>(before) + 1e-9));
}

// The hop within `reach` of `middle` at which power rises most from 50 ms to 50 ms.
std::size_t steepest(const std::vector<float>& power, std::size_t middle, std::size_t reach) {
  const std::vector<float> near = moving_mean(power, 2);
  std::size_t best = middle;
  float rise = 0;
  for (std::size_t k = middle > reach ? middle - reach : 3; k < middle + reach; ++k) {
    if (k < 3 || k + 3 >= near.size() || near[k + 3] - near[k - 3] <= rise) continue;
    rise = near[k + 3] - near[k - 3];
    best = k;
  }
  return best;
}

}  // namespace

std::vector<double> find_drops(const SoundFrames& frames, const std::vector<double>& beats_s) {
  std::vector<double> drops;
  const std::size_t size = frames.size();
  if (size < 4 * kHalf) return drops;
  const std::vector<float> power = moving_mean(frames.power, kHalf);
  const std::vector<float> bass = moving_mean(frames.bass, kHalf);
  std::vector<double> rise(size, 0.0);
  // A rise just at an end has no two seconds to be set against.
  for (std::size_t k = kHalf; k + kHalf < size; ++k) {
    const float after = power[k + kHalf];
    if (after < kHeard || bass[k + kHalf] < kBassShare * after) continue;
    const double all = decibels(after, power[k - kHalf]);
    const double low = decibels(bass[k + kHalf], bass[k - kHalf]);
    if (all >= kRiseDb && low >= kRiseDb) rise[k] = all + low;
  }
  for (std::size_t k = kHalf; k + kHalf < size;) {
    const auto from = rise.begin() + static_cast<std::ptrdiff_t>(k);
    const auto to = rise.begin() + static_cast<std::ptrdiff_t>(std::min(size, k + kApart));
    if (rise[k] <= 0) {
      ++k;
      continue;
    }
    const auto top = static_cast<std::size_t>(std::max_element(from, to) - rise.begin());
    double t = static_cast<double>(steepest(frames.power, top, kHalf / 2)) * kSoundHopS;
    for (const double beat : beats_s) {
      if (std::abs(beat - t) <= kOntoBeat * kSoundHopS) {
        t = beat;
        break;
      }
    }
    drops.push_back(t);
    k = top + kApart;
  }
  return drops;
}

}  // namespace rf::video
