// A bed of music with a known beat, made from a seed: drums and chords that are nobody's.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"

namespace rf::create {

inline constexpr int kMusicRateHz = 48'000;

// Units: [-1, 1], one channel. The first beat is at 0.
// REQUIRES: 0 < duration_s <= 600, 40 <= bpm <= 200.
std::vector<float> compose(double duration_s, double bpm, std::uint64_t seed);

struct Mastered {
  std::optional<double> loudness_lufs;
  std::optional<double> true_peak_dbtp;
};

// Brings the sound to -14 LUFS, or as near as a true peak of -1 dBTP lets it.
// Source: what YouTube, TikTok and Meta play back at (-14); EBU R 128 s2 for the peak.
Result<Mastered> master(std::vector<float>& mono);

}  // namespace rf::create
