// What is kept of a sound track while it goes by: a few numbers for each hundredth of a second,
// from which beats, drops, voices and kinds of sound are found at its end. No samples are kept.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "media/frame.h"

namespace rf::video {

// The rate at which sound is analysed: the notes' constant, enough for all that is looked for.
inline constexpr int kSoundRateHz = 22050;
// A hop of 10 ms: seven of them to the +-70 ms by which beats are judged.
inline constexpr int kSoundHop = 220;
inline constexpr double kSoundHopS = static_cast<double>(kSoundHop) / kSoundRateHz;

// Flux is kept apart for this many regions, from bass to treble, so that a loud hi-hat does not
// drown a kick.
inline constexpr std::size_t kFluxBands = 6;

// One entry a hop; hop k is centred at k * kSoundHopS.
struct SoundFrames {
  std::vector<std::array<float, kFluxBands>> flux;  // Rise of the log spectrum, >= 0.
  std::vector<float> power;                         // Mean square of the hop's samples.
  std::vector<float> bass;      // Power below 150 Hz, the scale of a mean square.
  std::vector<float> voice;     // Power from 300 to 3,400 Hz, the same scale.
  std::vector<float> flatness;  // Geometric by arithmetic mean of the bands, (0, 1].
  std::vector<float> centroid;  // Mean place of the bands, [0, 1].
  std::vector<float> crossing;  // Share of neighbouring samples with a change of sign.
  std::vector<float> steady;    // Likeness to the spectrum of 100 ms before, [0, 1].
  std::vector<float> change;    // Unlikeness of the 120 ms after to the 120 ms before, [0, 1].
  std::int64_t samples = 0;

  std::size_t size() const { return power.size(); }
  double duration_s() const { return static_cast<double>(samples) / kSoundRateHz; }
};

class SoundFramer {
 public:
  SoundFramer();

  // REQUIRES: kSoundRateHz; stretches in order, a gap already filled with silence.
  // Cost: about .8 ms of CPU for a second of sound (video/sound_bench.cc).
  void on_samples(const media::Samples& samples);

  // Everything so far; nothing may follow.
  SoundFrames finish();

 private:
  void hop_done(std::size_t start);
  void analyse();
  void keep(std::span<const float> power);
  void keep_likeness(std::span<const float> power);

  std::vector<float> window_;
  std::vector<float> pending_;      // Samples that later windows need, oldest first.
  std::vector<float> rows_;         // Windows that wait for their transform.
  std::vector<float> power_;        // Their spectra.
  std::vector<float> bands_;        // Log bands of the last hops, a ring.
  std::vector<float> roots_;        // Compressed spectra of the last hops, a ring.
  std::vector<float> after_;        // Sums of them over the 120 ms that ended now,
  std::vector<float> before_;       // and over the 120 ms before those.
  std::vector<float> filters_;      // Weight of each bin in its two bands.
  std::vector<std::size_t> edges_;  // Lower band of each bin.
  std::size_t waiting_ = 0;
  float last_sample_ = 0;
  SoundFrames frames_;
};

}  // namespace rf::video
