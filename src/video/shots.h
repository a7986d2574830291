// Where one shot ends and the next begins: cuts, fades through black or white, dissolves.
//
// Everything is read from a thumbnail of some 24 x 43 block means, small enough to forget what
// moves a little and to remember what is where.
// - Cut: one step changes far more than the steps around it, the pictures do not resemble each
//   other once brightness and contrast are set aside (so no lamp), and what was before does not
//   come back (so no flash).
// - Dissolve: within a window every picture is a mixture of the first and the last, the share of
// the
//   last growing from 0 to 1; a camera's movement between two views leaves a large remainder, and a
//   change of light ends in a picture that resembles the first.
// - Cut of hue alone: see hue_cuts.h.
// - Fade: a blank stretch that the picture sinks into and rises from. Cut into or out of, it is a
// cut. The measured F1 on composed and real films stands in shots_test.cc.
// Source: twin comparison, Zhang et al. 1993, doi:10.1007/BF01210504; mixtures as the model of
// dissolves, Alattar 1993.

#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "media/frame.h"
#include "model/features_motion.h"
#include "video/hue_cuts.h"

namespace rf::video {

// One picture, made small. Units: grey levels.
struct Thumbnail {
  double t_s = 0;
  std::vector<float> block;
  float mean = 0;
  float deviation = 0;
  float change = 0;    // Mean absolute difference from the one before.
  float likeness = 1;  // Correlation with the one before; 1 where either is flat.
};

class ShotDetector {
 public:
  // Grey pictures in order of time; the first one's size is that of all.
  void on_frame(const media::Frame& frame);

  // Coloured pictures of the same film, as many as HueCuts::tap() asks for; without them cuts
  // between pictures of equal luma are not seen.
  void on_colours(const media::Frame& frame) { hues_.on_colours(frame); }

  // All shots; none without a picture.
  std::vector<Shot> finish(double end_s);

 private:
  struct Boundary {
    double t_s;
    double length_s;
    Transition transition;
  };
  // A mixture that was found, best of those that overlap it.
  struct Mixture {
    double quality;
    std::int64_t first, last;
    double half_s, length_s;
  };
  // A stretch of blank pictures that is not over yet.
  struct Blank {
    std::int64_t first, last;
    bool light;  // White, not black.
    bool after_picture;
    bool sank;  // The picture went into it little by little.
    double from_s;
  };

  const Thumbnail& at(std::int64_t number) const;
  bool has(std::int64_t number) const;
  void judge_cut(std::int64_t number);
  bool comes_back(std::int64_t number) const;
  double usual_change(std::int64_t number) const;
  void look_for_mixture();
  std::optional<Mixture> mixture(std::int64_t first, std::int64_t last) const;
  void settle_mixture();
  static bool apart(const std::vector<Boundary>& others, const Boundary& one);
  void add_hue_cuts();
  void follow_blank();
  void settle_blank(std::int64_t now);
  std::int64_t sunk_since(std::int64_t first) const;
  std::int64_t risen_until(std::int64_t last, std::int64_t now) const;

  std::deque<Thumbnail> recent_;  // The last kKept; the newest is number count_ - 1.
  std::int64_t count_ = 0;
  std::int64_t judged_ = 1;  // Steps before it are judged.
  bool picture_seen_ = false;
  std::optional<Blank> blank_;
  std::optional<Mixture> mixture_;
  std::vector<Boundary> cuts_, fades_, mixtures_;
  HueCuts hues_;
  double first_s_ = 0;
  int columns_ = 0;  // Of every thumbnail.
  int rows_ = 0;
};

}  // namespace rf::video
