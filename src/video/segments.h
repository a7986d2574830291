// Stretches of one kind of motion, and what an editor might change about them.

#pragma once

#include <vector>

#include "model/features_motion.h"
#include "video/steps.h"

namespace rf::video {

// A stretch shorter than this belongs to the one before it. Chosen: nobody sees a third of a second
// as a part of its own, and types near a threshold would flicker.
inline constexpr double kSegmentMinS = 0.3;

// Shape: in order, without gap, from the first step to the last.
std::vector<MotionSegment> segments_of(const std::vector<Step>& steps);

// Advice by rule, with its reason: a still start, a long still stretch, an end that moves too much
// to be read, one kind of motion all the way. Rules of thumb of editing, not measured effects.
// REQUIRES: motion's segments and distribution are filled.
std::vector<Advice> advise(const Motion& motion, double end_s);

}  // namespace rf::video
