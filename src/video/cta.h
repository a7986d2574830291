// The call to action: where one would be taken in best, and how good the one that is there is.

#pragma once

#include <string_view>

#include "model/features.h"

namespace rf::video {

// A call to action that is written in the picture.
struct SeenCta {
  double start_s = 0;
  double end_s = 0;
  std::string text;
  Box box;
  bool in_safe_zone = true;
};

// The last one that was recognised by its words (cta_templates.h); none without one. Sightings of
// the same words that follow each other within a second are one.
std::optional<SeenCta> find_cta(const Features& features);

// [0, 100], by rule: how long it stands, how late, how large, how quiet the picture is around it,
// and whether an app's own buttons cover it. The parts that were not measured are left out.
double cta_score(const Features& features, const SeenCta& seen);

// REQUIRES: features.timing, where there is one, is of the same film.
CallToAction cta(const Features& features);

}  // namespace rf::video
