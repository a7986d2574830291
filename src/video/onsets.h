// Where something sounds anew: the strength of onsets over time, and the onsets themselves.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "video/sound_frames.h"

namespace rf::video {

// An attack is seen this much before it happens, because half of the window lies ahead of it.
// Measured: 5 ms on the strokes of a drum machine (video/beats_test.cc).
inline constexpr double kOnsetDelayS = 0.005;

// How strongly something sets in at each hop, >= 0. Each region of the spectrum is set against its
// own last seconds, so that a quiet bass counts beside a loud hi-hat.
// Source: log spectral flux with vibrato suppression, Boeck & Widmer 2013; the levelling is ours.
std::vector<float> onset_strength(const SoundFrames& frames);

// The same curve-making for any value per hop: its rise above the local mean, levelled.
std::vector<float> levelled(std::span<const float> values);

// Times of onsets, in order, at least 60 ms apart.
// Units: seconds.
std::vector<double> find_onsets(const SoundFrames& frames);

// Means of values over [i - half, i + half], cut off at the ends.
std::vector<float> moving_mean(std::span<const float> values, std::size_t half);

// Where between two hops the curve around its maximum at `hop` is highest, in hops.
double peak_place(std::span<const float> curve, std::size_t hop);

}  // namespace rf::video
