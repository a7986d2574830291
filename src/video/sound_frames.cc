#include "video/sound_frames.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "base/check.h"
#include "media/fourier.h"

namespace rf::video {
namespace {

constexpr std::size_t kWindow = 1024;  // 46 ms: tells bass notes apart, still sharp in time.
constexpr std::size_t kBins = kWindow / 2 + 1;
constexpr std::size_t kHop = kSoundHop;
constexpr std::size_t kBatch = 64;
constexpr std::size_t kBandsEach = 8;  // Bands to a region of flux.
constexpr std::size_t kBands = kFluxBands * kBandsEach;
constexpr double kLowestHz = 30;
constexpr double kHighestHz = 10000;
// Rise is measured over two hops, half the window: less sees only a part of an attack.
constexpr std::size_t kFluxLag = 2;
constexpr std::size_t kSteadyLag = 10;  // 100 ms.
constexpr std::size_t kChangeHops = 12;
constexpr std::size_t kRing = 32;  // More than the longest look back, 2 kChangeHops.
// Bins whose steadiness is looked at: 100 to 5,500 Hz, where notes and voices have their partials.
constexpr std::size_t kRootFirst = 5;
constexpr std::size_t kRootLast = 256;
constexpr std::size_t kRoots = kRootLast - kRootFirst;
// A band below this magnitude (full scale is 1) counts as silent: -66 dB, the noise of most rooms.
constexpr float kQuiet = 5e-4F;

double mel_of(double hz) { return 1127 * std::log1p(hz / 700); }

std::size_t bin_of(double hz) {
  return static_cast<std::size_t>(std::lround(hz * static_cast<double>(kWindow) / kSoundRateHz));
}

// Sum of a Hann window's squares, by which a spectrum's power becomes a mean square.
constexpr float kPowerScale = 2.0F / (0.375F * static_cast<float>(kWindow * kWindow));

// Cosine of the angle between two spectra; 1 where one of them is silent, which is no change to
// anything that can be heard.
float likeness(std::span<const float> a, std::span<const float> b) {
  float both = 0;
  float mine = 0;
  float theirs = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    both += a[k] * b[k];
    mine += a[k] * a[k];
    theirs += b[k] * b[k];
  }
  const float norm = std::sqrt(mine * theirs);
  return norm > 1e-6F ? both / norm : 1.0F;
}

float sum_of(std::span<const float> power, std::size_t from, std::size_t to) {
  float sum = 0;
  for (std::size_t k = from; k < to; ++k) sum += power[k];
  return sum;
}

}  // namespace

SoundFramer::SoundFramer()
    : window_(kWindow),
      pending_(kWindow / 2, 0.0F),
      rows_(kBatch * kWindow),
      power_(kBatch * kBins),
      bands_(kRing * kBands, 0.0F),
      roots_(kRing * kRoots, 0.0F),
      after_(kRoots, 0.0F),
      before_(kRoots, 0.0F),
      filters_(kBins, 0.0F),
      edges_(kBins, kBands + 1) {  // Beyond all bands: nobody's.
  for (std::size_t n = 0; n < kWindow; ++n) {
    const double turn = 2 * std::numbers::pi * static_cast<double>(n) / kWindow;
    window_[n] = static_cast<float>(0.5 - 0.5 * std::cos(turn));
  }
  // Triangles evenly spaced in mel; each bin lies between the centres of two bands.
  const double low = mel_of(kLowestHz);
  const double step = (mel_of(kHighestHz) - low) / (kBands + 1);
  for (std::size_t k = 1; k < kBins; ++k) {
    const double hz = static_cast<double>(k) * kSoundRateHz / kWindow;
    const double place = (mel_of(hz) - low) / step - 1;  // Band centres at 0, 1, ...
    if (place < -1 || place >= kBands) continue;
    const double floor = std::floor(place);
    edges_[k] = static_cast<std::size_t>(floor + 1);  // One more than the lower band.
    filters_[k] = static_cast<float>(place - floor);
  }
}

void SoundFramer::on_samples(const media::Samples& samples) {
  RF_CHECK(samples.rate_hz == kSoundRateHz);
  pending_.insert(pending_.end(), samples.mono.begin(), samples.mono.end());
  // A file may hold anything in a float; one such sample would spoil a whole window.
  for (float& value : std::span(pending_).last(samples.mono.size())) {
    value = std::isfinite(value) ? std::clamp(value, -8.0F, 8.0F) : 0.0F;
  }
  frames_.samples += static_cast<std::int64_t>(samples.mono.size());
  std::size_t start = 0;
  for (; start + kWindow <= pending_.size(); start += kHop) hop_done(start);
  pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(start));
}

void SoundFramer::hop_done(std::size_t start) {
  const float* from = pending_.data() + start;
  float* row = rows_.data() + waiting_ * kWindow;
  for (std::size_t n = 0; n < kWindow; ++n) row[n] = from[n] * window_[n];
  // The hop's own samples lie around the window's middle.
  const float* hop = from + (kWindow - kHop) / 2;
  float square = 0;
  std::size_t changes = 0;
  float before = last_sample_;
  for (std::size_t n = 0; n < kHop; ++n) {
    square += hop[n] * hop[n];
    changes += (hop[n] >= 0) != (before >= 0) ? 1 : 0;
    before = hop[n];
  }
  last_sample_ = before;
  frames_.power.push_back(square / kHop);
  frames_.crossing.push_back(static_cast<float>(changes) / kHop);
  if (++waiting_ == kBatch) analyse();
}

void SoundFramer::analyse() {
  media::power_spectra(std::span(rows_).first(waiting_ * kWindow), kWindow,
                       std::span(power_).first(waiting_ * kBins));
  for (std::size_t row = 0; row < waiting_; ++row) {
    keep(std::span(power_).subspan(row * kBins, kBins));
  }
  waiting_ = 0;
}

void SoundFramer::keep(std::span<const float> power) {
  const std::size_t now = frames_.flux.size();
  float energies[kBands + 3] = {};  // Those at both ends are nobody's.
  for (std::size_t k = 1; k < kBins; ++k) {
    energies[edges_[k]] += power[k] * (1 - filters_[k]);
    energies[edges_[k] + 1] += power[k] * filters_[k];
  }
  float* bands = bands_.data() + now % kRing * kBands;
  float sum = 0;
  float log_sum = 0;
  float weighted = 0;
  for (std::size_t b = 0; b < kBands; ++b) {
    const float energy = energies[b + 1] * kPowerScale;
    bands[b] = std::log1p(std::sqrt(energy) / kQuiet);
    log_sum += std::log(energy + 1e-10F);
    sum += energy + 1e-10F;
    weighted += (energy + 1e-10F) * static_cast<float>(b);
  }
  frames_.flatness.push_back(std::exp(log_sum / kBands) / (sum / kBands));
  frames_.centroid.push_back(weighted / sum / kBands);

  // Against the loudest of three neighbours before: a vibrato moves between bands and is no onset.
  // Source: Boeck & Widmer 2013, "Maximum filter vibrato suppression for onset detection".
  std::array<float, kFluxBands> flux{};
  // Before the beginning there was silence.
  const float* old = bands_.data() + (now + kRing - kFluxLag) % kRing * kBands;
  for (std::size_t b = 0; b < kBands; ++b) {
    const float left = old[b > 0 ? b - 1 : b];
    const float right = old[b + 1 < kBands ? b + 1 : b];
    flux[b / kBandsEach] += std::max(0.0F, bands[b] - std::max({old[b], left, right}));
  }
  frames_.flux.push_back(flux);

  static const std::size_t bass_end = bin_of(150);
  static const std::size_t voice_first = bin_of(300);
  static const std::size_t voice_end = bin_of(3400);
  frames_.bass.push_back(sum_of(power, 1, bass_end) * kPowerScale);
  frames_.voice.push_back(sum_of(power, voice_first, voice_end) * kPowerScale);

  keep_likeness(power);
}

void SoundFramer::keep_likeness(std::span<const float> power) {
  const std::size_t now = frames_.steady.size();
  float* roots = roots_.data() + now % kRing * kRoots;
  const float* recent = roots_.data() + (now + kRing - kChangeHops) % kRing * kRoots;
  const float* oldest = roots_.data() + (now + kRing - 2 * kChangeHops) % kRing * kRoots;
  for (std::size_t k = 0; k < kRoots; ++k) {
    roots[k] = std::sqrt(std::sqrt(power[k + kRootFirst]));
    after_[k] += roots[k] - recent[k];
    before_[k] += recent[k] - oldest[k];
  }
  const float* old = roots_.data() + (now + kRing - kSteadyLag) % kRing * kRoots;
  frames_.steady.push_back(likeness({roots, kRoots}, {old, kRoots}));
  // What is known now is about the hop kChangeHops ago.
  frames_.change.push_back(0);
  if (now >= kChangeHops) frames_.change[now - kChangeHops] = 1 - likeness(after_, before_);
}

SoundFrames SoundFramer::finish() {
  const auto hops = static_cast<std::size_t>((frames_.samples + kSoundHop - 1) / kSoundHop);
  const std::vector<float> silence(kWindow, 0.0F);
  const std::int64_t heard = frames_.samples;
  while (frames_.power.size() < hops) {
    on_samples({.first = heard, .rate_hz = kSoundRateHz, .mono = std::span(silence).first(kHop)});
  }
  analyse();
  frames_.samples = heard;
  return std::exchange(frames_, {});
}

}  // namespace rf::video
