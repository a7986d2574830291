// Where music comes in at full force: a lasting jump in level and bass after something softer.

#pragma once

#include <vector>

#include "video/sound_frames.h"

namespace rf::video {

// Times of drops, in order, at least 4 s apart: the two seconds after are at least 6 dB above the
// two before, with 6 dB more bass and bass that is heard, and stay so. `beats_s` sets a drop on the
// beat next to it; may be empty.
// Units: seconds.
std::vector<double> find_drops(const SoundFrames& frames, const std::vector<double>& beats_s);

}  // namespace rf::video
