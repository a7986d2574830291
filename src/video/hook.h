// The first seconds of a film: what they work with, how strong they are by rule, what would make
// them stronger.

#pragma once

#include <cstdint>

#include "model/features.h"

namespace rf::video {

// The weights sum to 100. They are priors: chosen from what the field holds to matter, to be
// overruled by results. What was not measured is left out and the rest scaled up to 100.
struct HookRules {
  double hook_s = 3;       // The project's constant.
  double fast_energy = 5;  // Where motion counts as a peak: the end of smooth. Pixels a step.
  double face = 25;
  double motion = 20;
  double text = 20;
  double sound = 10;
  double pattern = 15;
  double first_cut = 10;
};

// REQUIRES: nothing of the features' story (timing, hook, cta); the rest as far as measured.
Hook hook(const Features& features, const HookRules& rules = {});

// A score by rule drawn to what was seen: the mean of `prior`, counted as `prior_n` ads, and of
// `observed`, the mean over `n` ads, both on the scale of 0 to 100.
// REQUIRES: prior_n > 0, n >= 0.
double updated_score(double prior, double prior_n, double observed, std::int64_t n);

}  // namespace rf::video
