// Cuts that change colours and leave light and shade alone, which a grey picture does not show: a
// red card after a green one, a scene whose tint is switched.
//
// Between two samples of small coloured pictures the colour differences change by much, before and
// after by little, and luma hardly at all. What comes back at once was a flash, what goes on a
// slow change of light. A cut stands at the step between the samples that changed grey most, as no
// coder keeps luma quite still over one; so it is known to a picture or two.

#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "media/frame.h"
#include "media/watch.h"

namespace rf::video {

// Thread: one at a time.
class HueCuts {
 public:
  static media::Tap tap();

  // Coloured pictures of one size in order of time; one of another size begins anew.
  void on_colours(const media::Frame& frame);
  // Every step of the film: when its picture begins, and by how many grey levels it changed.
  void on_step(double t_s, double change);

  // When the cuts are, in order.
  std::vector<double> finish();

 private:
  struct Sample {
    double t_s = 0;
    std::vector<std::int16_t> luma;
    std::vector<std::int16_t> colours;  // Cb and Cr of each pixel.
  };
  struct Step {
    double t_s = 0;
    double change = 0;
  };

  void judge(std::size_t number);
  double place_between(double from_s, double to_s) const;

  std::deque<Sample> samples_;  // The last four.
  std::deque<Step> steps_;      // Since the oldest of them.
  std::vector<double> cuts_;
};

}  // namespace rf::video
