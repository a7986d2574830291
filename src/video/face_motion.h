// How much of the motion is in faces.

#pragma once

#include <vector>

#include "model/features_motion.h"
#include "model/features_sights.h"
#include "video/steps.h"

namespace rf::video {

// The notes' default. They name eye tracking but no study, so it is a prior and not a finding.
inline constexpr double kFaceWeight = 3.2;

// A face is taken to be where it was seen for this long, when no later sample of its track says
// where it went. Chosen: two samples at five a second.
inline constexpr double kFaceHeldS = 0.4;

// Where faces are at a time: the boxes of a track are interpolated between two samples.
std::vector<Box> boxes_at(const Faces& faces, double t_s);

// Fills face (weighted), face_share and background of every step from its places, and sums them up.
// A step's share of motion in faces and outside add up to its energy; the totals are sums of those
// shares over all pictures. Peaks: the five steps with most weighted motion in faces, a second
// apart.
FaceMotion look_at_faces(const Faces& faces, std::vector<Step>& steps);

// The step's energy with what is in faces weighted.
double weighted_energy(const MotionFrame& frame);

}  // namespace rf::video
