// The beat: when a listener would tap, how fast, and whether there is a beat at all.
//
// Two things are asked of a beat: that something sounds anew on it, and that it comes again. The
// strength of onsets answers the first. The second is answered, around each second, by how alike
// the strength is to itself one, two, three and four beats later, and by a wide prior around 120 a
// minute that settles which of two octaves people tap. Then the one chain of beats is found that
// gathers most of both: a dynamic programme over (time of a beat, interval before it), in which the
// interval may drift a little from beat to beat. Knowing the interval in the state is what lets it
// follow a tempo that changes and cross a break in the drums.
// Source: the chain after Ellis 2007, doi:10.1080/09298210701653344; interval in the state after
// Whiteley, Cemgil & Godsill 2006; numbers are our own (bench and tests beside this file).
//
// Measured (F at +-70 ms, 30 s excerpts): .71 on 127 excerpts of eight metal recordings and of
// scores of three games rendered with two sound fonts, where aubio 0.4.9 has .49.

#pragma once

#include <optional>
#include <vector>

#include "video/sound_frames.h"

namespace rf::video {

struct Beats {
  std::vector<double> times_s;      // None without confidence.
  std::optional<double> tempo_bpm;  // Null without confidence.
  double confidence = 0;            // [0, 1]; at least kBeatConfidenceMin where times are given.
  double periodicity = 0;           // Likeness of the onsets to themselves a beat later, [0, 1].
};

// Below this there is taken to be no beat.
inline constexpr double kBeatConfidenceMin = 0.5;

// Cost: about .15 ms of CPU for a second of sound; 10 kB of memory for a second while it runs.
Beats find_beats(const SoundFrames& frames);

// The chain of beats whether one can rely on it or not.
Beats likeliest_beats(const SoundFrames& frames);

}  // namespace rf::video
