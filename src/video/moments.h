// Where attention is likely to peak: windows of a second whose motion, faces counted more, stands
// out.

#pragma once

#include <vector>

#include "model/features_motion.h"
#include "video/steps.h"

namespace rf::video {

// The notes' 30 pictures at 30 a second, in seconds so that it fits every rate.
inline constexpr double kWindowS = 1.0;

// One moment a window at most, by the first rule that fits:
//   hook        the liveliest window that begins in the first 3 s, if it moves at all;
//   cta         the liveliest window that ends in the last 5 s or fifth, whichever is shorter, if
//   it
//               moves at all;
//   transition  a shot begins in it, or its weighted energy is half as much again as before;
//   emotional   a face takes part in the motion, and the window is livelier than the film's median.
// Other windows are no moments. Rules, not measurements: they say where to look.
// REQUIRES: the faces' share is in the steps (look_at_faces).
// Shape: in order of time, not overlapping.
std::vector<MotionMoment> moments_of(const std::vector<Step>& steps, const std::vector<Shot>& shots,
                                     double end_s);

}  // namespace rf::video
