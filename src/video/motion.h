// How much a film moves, step by step, and what follows from it: segments, moments, cut points,
// attention, motion in faces, and the shots, all from one stream of small grey pictures.
//
// A step that crosses a cut has no motion; it is marked and takes its neighbour's numbers.

#pragma once

#include <cstdint>
#include <vector>

#include "media/decode/shrink.h"
#include "media/flow.h"
#include "media/frame.h"
#include "media/watch.h"
#include "model/features_motion.h"
#include "model/features_sights.h"
#include "video/cells.h"
#include "video/hue_cuts.h"
#include "video/shots.h"
#include "video/slope_flow.h"
#include "video/steps.h"

namespace rf::video {

enum class MotionMethod : std::uint8_t {
  hybrid,      // Flow by as much as changed, for the rest what slopes tell.
  flow,        // Flow, each part weighed by its texture alone.
  difference,  // Change across texture, no direction: a thirtieth of the cost.
  blocks,      // Block matching, without OpenCV.
};

struct Moving {
  Motion motion;
  std::vector<Shot> shots;
  Attention attention;
  FaceMotion face_motion;
};

// How many cut points finish() gives at most.
inline constexpr std::size_t kCutPoints = 5;

class MotionAnalyser {
 public:
  explicit MotionAnalyser(MotionMethod method = MotionMethod::hybrid);

  // What it wants to see: every picture, grey, 180 pixels on the short side.
  static media::Tap tap();

  // Pictures in order of time. One of another size than the one before begins anew: that step has
  // no motion. Where Frame::index leaves some out, lengths are divided by the gap.
  // Cost: about 1 ms for 180 x 320 pixels; memory is bounded whatever the film's length.
  void on_frame(const media::Frame& frame);

  // Small coloured pictures of the same film, for cuts that change nothing but hue.
  static media::Tap colour_tap() { return HueCuts::tap(); }
  void on_colours(const media::Frame& frame) { shots_.on_colours(frame); }

  // Everything, with the faces that were found in the same film (none will do); once, at the end.
  // Units: end_s is the end of the last picture.
  Moving finish(const Faces& faces, double end_s);

 private:
  void measure(const media::Frame& frame);
  void shrink(const media::Frame& frame);
  const media::FlowField& search();

  MotionMethod method_;
  media::DenseFlow flow_;
  SlopeFlow slopes_;
  ShotDetector shots_;
  StepLog log_;
  Evidence evidence_;
  Cells cells_;
  media::Shrinker shrinker_;
  std::vector<std::uint8_t> before_;
  // A pixel to a cell.
  std::vector<std::uint8_t> small_before_;
  std::vector<std::uint8_t> small_;
  media::FlowField still_;
  int width_ = 0;
  int height_ = 0;
  std::int64_t index_ = 0;
  double t_s_ = 0;
};

}  // namespace rf::video
