// A curve of how likely it is that people look, by rule: nothing here was measured on viewers, so
// it orders the moments of one film and promises nothing about another.

#pragma once

#include <vector>

#include "model/features_motion.h"
#include "video/steps.h"

namespace rf::video {

// attention = .3 + .25 motion + .25 face + .2 novelty, smoothed by a Gaussian of half a second,
// with
//   motion   e/(e + 5), e the weighted energy (5: where smooth motion ends),
//   face     the share of the picture that faces cover, up to a tenth,
//   novelty  exp(-t/2 s), t since the shot began.
// Chosen weights: they add to one, so that the value stays in [0, 1].
// Shape: four times a second; fewer for films beyond eight minutes, 2000 values at most.
Attention attention_of(const std::vector<Step>& steps, const std::vector<Shot>& shots,
                       double end_s);

}  // namespace rf::video
