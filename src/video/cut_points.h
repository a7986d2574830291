// Places where an editor could cut with least disturbance.

#pragma once

#include <cstddef>
#include <vector>

#include "model/features_motion.h"
#include "video/steps.h"

namespace rf::video {

// At most `count` places, best first, a second apart, half a second from either end and from any
// cut that is there. A place scores
//   .6 calm + .4 settling,  calm = 1/(1 + energy/5),
//   settling = how far the energy has fallen below the mean of the half second before, in parts of
//   it:
// a movement that has come to rest is the classical place to cut. Chosen weights, not measured.
std::vector<CutPoint> cut_points_of(const std::vector<Step>& steps, const std::vector<Shot>& shots,
                                    double end_s, std::size_t count);

}  // namespace rf::video
