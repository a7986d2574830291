// Which face is which, from one sample to the next.
//
// Samples are a fifth of a second to a second apart, so that a box moves little: a face goes on as
// the track whose last box it overlaps most, or whose middle is nearest where boxes jumped apart.

#pragma once

#include <cstdint>
#include <vector>

#include "model/features_sights.h"

namespace rf::video {

class FaceTracks {
 public:
  // Gives each face its track, a number from 0 in order of first appearance.
  // REQUIRES: t_s does not fall from call to call.
  void follow(double t_s, std::vector<Face>& faces);

  // Tracks that were seen in two samples at least, as a passing false find is not; where the whole
  // film has one sample only, all of it.
  std::int64_t count() const;

 private:
  struct Track {
    Box box;
    double last_s = 0;
    std::int64_t sightings = 0;
  };

  std::vector<Track> tracks_;
  std::int64_t samples_ = 0;
};

// Intersection over union, [0, 1].
double overlap(const Box& a, const Box& b);

}  // namespace rf::video
