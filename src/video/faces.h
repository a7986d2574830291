// Who is seen: faces at a few samples a second, followed from one to the next, and the moments in
// which they are seen best.

#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "media/face_detector.h"
#include "media/frame.h"
#include "media/watch.h"
#include "model/features_sights.h"
#include "video/face_tracks.h"

namespace rf::video {

class FaceAnalyser {
 public:
  // `detector` outlives the analyser.
  explicit FaceAnalyser(media::FaceDetector& detector);

  // Pictures it wants; as often as the detector can afford.
  media::Tap tap() const;

  // REQUIRES: the frame is bgr; times do not fall.
  // Errors: of the detector.
  Status on_frame(const media::Frame& frame);

  // The latest sample, for whoever weighs something by faces; null before the first.
  const FaceSample* latest() const;

  Faces finish();

 private:
  media::FaceDetector& detector_;
  FaceTracks tracks_;
  Faces faces_;
  std::vector<double> scores_;  // Of each sample's best face; 0 without.
};

// How well a face can be seen, [0, 1]: its size, sharpness, turn towards the camera and the
// detector's confidence.
// REQUIRES: the face lies within the frame, which is bgr.
double face_score(const media::Frame& frame, const Face& face);

// 1 for a face that looks into the camera, falling to 0 in profile; .7 where there are no landmarks
// to tell, because the cascade that has none finds hardly anything but frontal faces.
double frontality(const Face& face);

}  // namespace rf::video
