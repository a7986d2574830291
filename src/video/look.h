// How a film looks as a whole: light, colour, sharpness, bars, composition.

#pragma once

#include <vector>

#include "media/frame.h"
#include "media/watch.h"
#include "model/features_sights.h"
#include "video/palette.h"
#include "video/pixels.h"

namespace rf::video {

// Black bars around a picture, in pixels.
struct Bars {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;

  bool operator==(const Bars&) const = default;
};

// Rows and columns at the edges that are uniformly dark. A picture that is dark all over has none:
// nothing says where it would begin.
Bars bars_of(const Grey& picture);

class LookAnalyser {
 public:
  // The same small pictures as for faces, twice a second.
  media::Tap tap() const;

  // REQUIRES: the frame is bgr.
  void on_frame(const media::Frame& frame);

  // Without the numbers on text, which TextAnalyser has.
  Look finish();

 private:
  void add_light(const media::Frame& frame, const Patch& patch);
  void add_composition(const Grey& small);

  Palette palette_;
  Look sums_;
  double samples_ = 0;
  double dark_ = 0;
  double over_ = 0;
  double blurred_ = 0;
  std::vector<double> sharpness_;
  std::vector<double> letterbox_;
  std::vector<double> pillarbox_;
};

}  // namespace rf::video
