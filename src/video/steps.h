// The steps of a film, each with a coarse picture of where it moved, in bounded memory.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/features_motion.h"
#include "video/cells.h"

namespace rf::video {

// Places of a picture, each way. Chosen: a face in a portrait covers some of them.
inline constexpr std::size_t kPlaces = 16;

// Energies of the places at reference scale as 8-bit logarithms: round(20 log2(1 + 16 e)), right to
// 2 %, up to 440 pixels.
using PlaceMap = std::array<std::uint8_t, kPlaces * kPlaces>;

double place_energy(std::uint8_t code);
std::uint8_t place_code(double energy);

struct Step {
  MotionFrame frame;
  PlaceMap places{};
  double from_s = 0;  // Where it begins.
  std::int64_t pictures = 1;
};

// Thresholds of the notes, pixels per step at reference scale.
inline constexpr double kStaticBelow = 1.0;
inline constexpr double kSmoothBelow = 5.0;
inline constexpr double kFastBelow = 15.0;

MotionType type_of(double energy);

// What a step's cells say, at reference scale. `pictures` is how many pictures the step spans (more
// than one where some were skipped): lengths are divided by it, so that a skipped picture does not
// look like speed. Time stamps are not used: a step is from one picture shown to the next, whatever
// its duration.
// REQUIRES: pictures >= 1, width and height are those of the pictures measured.
Step measure_step(const Cells& cells, const Camera& camera, int width, int height,
                  std::int64_t pictures);

// Direction, spread and type from the numbers.
void name_motion(MotionFrame& frame);

// Keeps at most kStepsMax steps: when it is full, each two neighbours become one with their mean,
// and from then on every new step spans twice as many. An ad of four and a half minutes at 30 a
// second is kept step by step.
class StepLog {
 public:
  static constexpr std::size_t kStepsMax = 8192;

  void add(const Step& step);
  const std::vector<Step>& steps() const { return steps_; }
  // All steps, with what is not yet a whole one.
  std::vector<Step> take();

 private:
  std::vector<Step> steps_;
  std::vector<Step> pending_;
  std::size_t span_ = 1;
};

}  // namespace rf::video
