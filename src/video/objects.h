// What is seen: everyday objects once a second, in the words of ads; what kind of scene that makes,
// how well a product is seen, and what a brand may not want to stand beside.

#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "media/frame.h"
#include "media/object_detector.h"
#include "media/watch.h"
#include "model/features_sights.h"

namespace rf::video {

class ObjectAnalyser {
 public:
  // `detector` outlives the analyser; null: no model was given, nothing is looked for, and
  // Objects::detector stays empty to say so.
  explicit ObjectAnalyser(media::ObjectDetector* detector);

  bool wants_frames() const { return detector_ != nullptr; }
  media::Tap tap() const;

  // REQUIRES: the frame is bgr; times do not fall.
  // Errors: of the detector.
  Status on_frame(const media::Frame& frame);

  Objects finish();

 private:
  media::ObjectDetector* detector_;
  Objects objects_;
};

// The rest of Objects from its samples: counts, categories, what is most common, scene, product
// visibility, flags.
//
// most_common lists things: people, and the furniture and street furniture that only set a scene,
// have their counts but are not what a film is about; they follow only where there are no things.
void sum_up(Objects& objects);

}  // namespace rf::video
