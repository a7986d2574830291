// What kind of sound each stretch is, and where a voice sets in.

#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "model/features_sound.h"
#include "video/sound_frames.h"

namespace rf::video {

// What is measured of two seconds of sound.
inline constexpr std::size_t kSoundTraits = 10;
using SoundTraits = std::array<double, kSoundTraits>;

// Of the two seconds around a hop.
// REQUIRES: hop < frames.size().
SoundTraits sound_traits(const SoundFrames& frames, std::size_t hop);

// Silence, speech, music or noise from beginning to end, without gaps; neighbours differ.
// Units: borders are good to about half a second, those of silence to 20 ms.
std::vector<SoundSegment> sound_segments(const SoundFrames& frames);

// Where a voice sets in: each stretch of speech and each phrase after a pause of .3 s within it.
std::vector<double> vocal_onsets(const SoundFrames& frames,
                                 const std::vector<SoundSegment>& segments);

// Seconds of one kind by seconds of all; 0 where there are none.
double share_of(const std::vector<SoundSegment>& segments, SoundKind kind);

}  // namespace rf::video
