#include "video/hue_cuts.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <utility>

namespace rf::video {
namespace {

// Chosen: a factor of usual heights that is cheap to scale by, and five pictures of thirty a
// second.
constexpr int kShortSide = 36;
constexpr double kRateHz = 6;

// In 8-bit levels, means over the picture. Chosen: cards of two hues differ by 60 and more, a tint
// that is switched by 20; what moves in a coloured scene stays below 12 while luma is still.
constexpr double kColourMin = 16;
constexpr double kLumaMax = 8;
// The step against the ones around it, and against what comes back.
constexpr double kAgainstUsual = 3;
constexpr double kComesBack = 0.5;

double mean_gap(const std::vector<std::int16_t>& a, const std::vector<std::int16_t>& b) {
  std::int32_t sum = 0;  // At most 2^16 values of 2^9.
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return static_cast<double>(sum) / static_cast<double>(a.size());
}

}  // namespace

media::Tap HueCuts::tap() {
  return {.pixels = media::Pixels::bgr, .short_side_px = kShortSide, .rate_hz = kRateHz};
}

void HueCuts::on_colours(const media::Frame& frame) {
  Sample sample;
  sample.t_s = frame.t_s;
  const std::size_t pixels = frame.data.size() / 3;
  sample.luma.reserve(pixels);
  sample.colours.reserve(2 * pixels);
  for (std::size_t i = 0; i < pixels; ++i) {
    const int blue = frame.data[3 * i];
    const int green = frame.data[3 * i + 1];
    const int red = frame.data[3 * i + 2];
    // Source: ITU-R BT.601 weights, in 1/256.
    const int luma = (29 * blue + 150 * green + 77 * red) / 256;
    sample.luma.push_back(static_cast<std::int16_t>(luma));
    sample.colours.push_back(static_cast<std::int16_t>((blue - luma) * 144 / 256));
    sample.colours.push_back(static_cast<std::int16_t>((red - luma) * 183 / 256));
  }
  if (pixels == 0) return;
  if (!samples_.empty() && samples_.back().luma.size() != pixels) samples_.clear();
  samples_.push_back(std::move(sample));
  if (samples_.size() > 4) samples_.pop_front();
  while (!steps_.empty() && steps_.front().t_s <= samples_.front().t_s) steps_.pop_front();
  // Each pair is judged when the sample after it is there.
  if (samples_.size() >= 3) judge(samples_.size() - 2);
}

void HueCuts::on_step(double t_s, double change) { steps_.push_back({t_s, change}); }

// Whether sample `number` is on the other side of a cut from the one before it.
void HueCuts::judge(std::size_t number) {
  const Sample& before = samples_[number - 1];
  const Sample& after = samples_[number];
  const double step = mean_gap(before.colours, after.colours);
  if (step < kColourMin || mean_gap(before.luma, after.luma) > kLumaMax) return;
  if (number >= 2) {
    const Sample& earlier = samples_[number - 2];
    if (kAgainstUsual * mean_gap(earlier.colours, before.colours) > step) return;
    if (mean_gap(earlier.colours, after.colours) < kComesBack * step) return;
  }
  if (number + 1 < samples_.size()) {
    const Sample& later = samples_[number + 1];
    if (kAgainstUsual * mean_gap(after.colours, later.colours) > step) return;
    if (mean_gap(before.colours, later.colours) < kComesBack * step) return;
  }
  cuts_.push_back(place_between(before.t_s, after.t_s));
}

double HueCuts::place_between(double from_s, double to_s) const {
  Step most{.t_s = to_s, .change = -1};
  for (const Step& step : steps_) {
    if (step.t_s > from_s && step.t_s <= to_s && step.change > most.change) most = step;
  }
  return most.t_s;
}

std::vector<double> HueCuts::finish() {
  if (samples_.size() >= 2) judge(samples_.size() - 1);
  return std::move(cuts_);
}

}  // namespace rf::video
