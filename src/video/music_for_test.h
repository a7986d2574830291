// Made-up music whose beats are known, of kinds that lead beat trackers astray.

#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "video/sound_frames.h"

namespace rf::video {

enum class Piece : std::uint8_t {
  four_on_the_floor,
  loud_off_beats,  // Hats between the beats are louder than the drums on them.
  swing,
  waltz,
  soft_strings,  // No drums; chords change on beats, slowly and with vibrato.
  drifting,      // The tempo wanders by a tenth.
  broken_drums,  // A kick is often missing, and fills are played.
  noisy_room,    // Reverberation, and hiss 10 dB below the music.
};
inline constexpr std::array<std::string_view, 8> kPieceNames = {
    "four_on_the_floor", "loud_off_beats", "swing",        "waltz",
    "soft_strings",      "drifting",       "broken_drums", "noisy_room"};

struct PieceOfMusic {
  std::vector<float> samples;
  std::vector<double> beats_s;
};

class Band {
 public:
  Band(double seconds, std::uint64_t seed)
      : rng_(seed), samples_(static_cast<std::size_t>(seconds * kSoundRateHz), 0.0F) {}

  void kick(double t, double loud) {
    play(t, 0.25, [&](double s) {
      const double phase = 2 * std::numbers::pi * (50 * s + 4 * (1 - std::exp(-s * 30)));
      return loud * std::sin(phase) * std::exp(-s * 14);
    });
  }
  void hit(double t, double loud, double decay) {  // Snare or hat.
    double last = 0;
    play(t, 6 / decay, [&](double s) {
      const double noise = rng_.normal();
      const double high = noise - last;
      last = noise;
      return 0.3 * loud * high * std::exp(-s * decay);
    });
  }
  void tone(double t, double length, double hz, double loud, double attack, double vibrato) {
    play(t, length, [&](double s) {
      const double rise = std::min({1.0, s / attack, (length - s) / 0.05});
      const double turns = hz * (s + vibrato * std::sin(2 * std::numbers::pi * 5.5 * s) / 35);
      double sum = 0;
      for (int h = 1; h <= 5; ++h) sum += std::sin(2 * std::numbers::pi * h * turns) / h;
      return loud * rise * sum;
    });
  }
  void room(double hiss) {
    std::array<std::size_t, 4> delays = {613, 1427, 2311, 3571};
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      for (const std::size_t d : delays) {
        if (i >= d) samples_[i] += 0.17F * samples_[i - d];
      }
    }
    double square = 0;
    for (const float v : samples_) square += static_cast<double>(v) * static_cast<double>(v);
    const double level = hiss * std::sqrt(square / static_cast<double>(samples_.size()));
    for (float& v : samples_) v += static_cast<float>(level * rng_.normal());
  }
  std::vector<float> mixed() {
    float most = 1e-6F;
    for (const float v : samples_) most = std::max(most, std::abs(v));
    for (float& v : samples_) v *= 0.7F / most;
    return samples_;
  }
  Rng& rng() { return rng_; }

 private:
  template <typename Voice>
  void play(double t, double length, const Voice& voice) {
    const auto from = static_cast<std::size_t>(t * kSoundRateHz);
    const auto count = static_cast<std::size_t>(length * kSoundRateHz);
    for (std::size_t i = 0; i < count && from + i < samples_.size(); ++i) {
      samples_[from + i] += static_cast<float>(voice(static_cast<double>(i) / kSoundRateHz));
    }
  }

  Rng rng_;
  std::vector<float> samples_;
};

// One beat of a piece: its number in a bar of so many, and the lowest note of its chord.
struct Beat {
  double t_s = 0;
  double length_s = 0;
  int place = 0;
  int bar = 4;
  double root_hz = 0;

  bool has_kick() const { return place == 0 || (bar == 4 && place == 2); }
  bool has_snare() const { return bar == 4 ? place % 2 == 1 : place != 0; }
};

inline void play_strings(Band& band, const Beat& beat) {
  for (const double up : {1.0, 1.26, 1.5}) {
    const double wheel = beat.place % 2 == 0 ? 1.0 : 1.335;
    band.tone(beat.t_s, beat.length_s, 2 * beat.root_hz * up * wheel, 0.2, 0.06, 0.03);
  }
}

// `half_s` after the beat comes the off-beat.
inline void play_drums(Band& band, Piece kind, const Beat& beat, double half_s) {
  const bool played = kind != Piece::broken_drums || band.rng().uniform() < 0.6;
  if (played && beat.has_kick()) band.kick(beat.t_s, 0.9);
  if (played && beat.has_snare()) band.hit(beat.t_s, 0.6, 25);
  band.hit(beat.t_s + half_s, kind == Piece::loud_off_beats ? 0.8 : 0.3, 60);
  if (kind == Piece::broken_drums && band.rng().uniform() < 0.3) {
    band.hit(beat.t_s + 0.75 * beat.length_s, 0.5, 25);
  }
}

inline void play_melody(Band& band, const Beat& beat, double half_s) {
  Rng& rng = band.rng();
  if (rng.uniform() < 0.7) {
    band.tone(beat.t_s, beat.length_s * 0.9, beat.root_hz, 0.15, 0.01, 0);
  }
  if (rng.uniform() < 0.5) {
    const double late_s = rng.uniform() < 0.4 ? half_s : 0.0;
    band.tone(beat.t_s + late_s, beat.length_s / 2, beat.root_hz * 4, 0.08, 0.02, 0.02);
  }
}

inline PieceOfMusic make_music(Piece kind, double bpm, double seconds, std::uint64_t seed) {
  Band band(seconds, seed);
  PieceOfMusic piece;
  const std::array<double, 4> roots = {110, 87.3, 130.8, 98};
  const int bar = kind == Piece::waltz ? 3 : 4;
  const double half = kind == Piece::swing ? 0.66 : 0.5;
  double t = 0.1 + 0.4 * band.rng().uniform();
  for (int n = 0; t < seconds - 0.05; ++n) {
    const double wander = kind == Piece::drifting ? 0.1 * std::sin(n * 0.13) : 0.0;
    const Beat beat{.t_s = t,
                    .length_s = 60 / bpm * (1 + wander),
                    .place = n % bar,
                    .bar = bar,
                    .root_hz = roots[static_cast<std::size_t>(n / bar) % roots.size()]};
    piece.beats_s.push_back(t);
    if (kind == Piece::soft_strings) {
      play_strings(band, beat);
    } else {
      play_drums(band, kind, beat, half * beat.length_s);
      play_melody(band, beat, half * beat.length_s);
    }
    t += beat.length_s * (1 + 0.004 * band.rng().normal());
  }
  if (kind == Piece::noisy_room) band.room(0.3);
  piece.samples = band.mixed();
  return piece;
}

}  // namespace rf::video
