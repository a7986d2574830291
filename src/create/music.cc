#include "create/music.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/check.h"
#include "base/rng.h"
#include "media/loudness.h"

namespace rf::create {
namespace {

// At the end, so that nothing is cut off. Chosen.
constexpr double kFadeSeconds = 0.3;

constexpr double kTarget = -14;
constexpr double kPeakMax = -1;
// Samples are held this far below it, because what lies between them may be higher.
constexpr double kCeiling = 0.84;  // -1.5 dB.

// Triads over four bars, semitones from A2; progressions that end where they began.
using Chord = std::array<int, 3>;
constexpr auto kProgressions = std::to_array<std::array<Chord, 4>>({
    {{{0, 3, 7}, {-4, 0, 3}, {3, 7, 10}, {-2, 2, 5}}},
    {{{3, 7, 10}, {-2, 2, 5}, {0, 3, 7}, {-4, 0, 3}}},
    {{{0, 4, 7}, {-3, 0, 4}, {-7, -3, 0}, {-5, -1, 2}}},
});

void add(std::vector<float>& to, std::size_t at, double value) {
  if (at < to.size()) to[at] += static_cast<float>(value);
}

std::size_t sample_at(double t_s) {
  return static_cast<std::size_t>(std::lround(t_s * kMusicRateHz));
}

// A drum that falls from 150 to 45 Hz and dies in a fifth of a second.
void kick(std::vector<float>& to, double t_s) {
  const std::size_t first = sample_at(t_s);
  double phase = 0;
  for (std::size_t i = 0; i < kMusicRateHz / 4; ++i) {
    const double t = static_cast<double>(i) / kMusicRateHz;
    phase += 2 * std::numbers::pi * (45 + 105 * std::exp(-t * 30)) / kMusicRateHz;
    add(to, first + i, 0.9 * std::exp(-t * 14) * std::sin(phase));
  }
}

void hat(std::vector<float>& to, double t_s, Rng& rng) {
  const std::size_t first = sample_at(t_s);
  double last = 0;
  for (std::size_t i = 0; i < kMusicRateHz / 16; ++i) {
    const double t = static_cast<double>(i) / kMusicRateHz;
    const double noise = 2 * rng.uniform() - 1;
    add(to, first + i, 0.12 * std::exp(-t * 70) * (noise - last));
    last = noise;
  }
}

void chord(std::vector<float>& to, double t_s, double length_s, const Chord& notes) {
  const std::size_t first = sample_at(t_s);
  const std::size_t count = sample_at(length_s);
  for (const int note : notes) {
    const double hz = 110 * std::pow(2.0, note / 12.0);
    for (std::size_t i = 0; i < count; ++i) {
      const double t = static_cast<double>(i) / kMusicRateHz;
      const double swell = std::min({1.0, t / 0.08, (length_s - t) / 0.08});
      const double angle = 2 * std::numbers::pi * hz * t;
      add(to, first + i, 0.07 * swell * (std::sin(2 * angle) + 0.4 * std::sin(4 * angle)));
    }
    for (std::size_t i = 0; note == notes[0] && i < count; ++i) {
      const double t = static_cast<double>(i) / kMusicRateHz;
      add(to, first + i, 0.16 * std::min(1.0, t / 0.02) * std::sin(2 * std::numbers::pi * hz * t));
    }
  }
}

Result<Mastered> measured(const std::vector<float>& mono) {
  // As the film holds it: the same sound on both sides, which is 3 LU louder than one.
  std::vector<float> both;
  both.reserve(mono.size() * 2);
  for (const float sample : mono) both.insert(both.end(), 2, sample);
  media::Loudness meter = RF_TRY(media::Loudness::open(2, kMusicRateHz));
  meter.on_samples(both);
  const media::LoudnessReading reading = meter.finish();
  return Mastered{reading.integrated_lufs, reading.true_peak_dbtp};
}

// Linear up to two thirds of the ceiling, and bent below it from there on.
float bent(double value) {
  const double knee = kCeiling * 2 / 3;
  const double size = std::abs(value);
  if (size <= knee) return static_cast<float>(value);
  const double over = (size - knee) / (kCeiling - knee);
  return static_cast<float>(std::copysign(knee + (kCeiling - knee) * std::tanh(over), value));
}

void scale(std::vector<float>& mono, double decibels, bool bend) {
  const double gain = std::pow(10.0, decibels / 20);
  for (float& sample : mono) {
    const double louder = static_cast<double>(sample) * gain;
    sample = bend ? bent(louder) : static_cast<float>(louder);
  }
}

}  // namespace

std::vector<float> compose(double duration_s, double bpm, std::uint64_t seed) {
  RF_CHECK(duration_s > 0 && duration_s <= 600 && bpm >= 40 && bpm <= 200);
  Rng rng(seed);
  std::vector<float> sound(sample_at(duration_s), 0.0F);
  const auto& progression = kProgressions[seed % kProgressions.size()];
  const double beat = 60 / bpm;
  const auto beats = static_cast<std::int64_t>(std::ceil(duration_s / beat));
  for (std::int64_t i = 0; i < beats; ++i) {
    const double t = static_cast<double>(i) * beat;
    kick(sound, t);
    hat(sound, t + beat / 2, rng);
    if (i % 4 == 0) {
      chord(sound, t, 4 * beat, progression[static_cast<std::size_t>(i / 4) % progression.size()]);
    }
  }
  const std::size_t fade = std::min(sound.size(), sample_at(kFadeSeconds));
  for (std::size_t i = 0; i < fade; ++i) {
    sound[sound.size() - 1 - i] *= static_cast<float>(i) / static_cast<float>(fade);
  }
  return sound;
}

Result<Mastered> master(std::vector<float>& mono) {
  Mastered now = RF_TRY(measured(mono));
  // Bending takes loudness away, so it is asked for again; four times come within .1 LU.
  for (int i = 0; i < 4 && now.loudness_lufs && std::abs(kTarget - *now.loudness_lufs) > 0.1; ++i) {
    scale(mono, kTarget - *now.loudness_lufs, true);
    now = RF_TRY(measured(mono));
  }
  if (now.true_peak_dbtp && *now.true_peak_dbtp > kPeakMax) {
    scale(mono, kPeakMax - *now.true_peak_dbtp, false);
    now = RF_TRY(measured(mono));
  }
  return now;
}

}  // namespace rf::create
