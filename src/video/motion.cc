#include "video/motion.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "video/attention.h"
#include "video/cut_points.h"
#include "video/face_motion.h"
#include "video/moments.h"
#include "video/segments.h"

namespace rf::video {
namespace {

std::string name_of(MotionMethod method) {
  switch (method) {
    case MotionMethod::hybrid:
      return "hybrid: dense inverse search at 180 px, weighed by texture and change, "
             "beside changes of slope";
    case MotionMethod::flow: return "flow: dense inverse search at 180 px, weighed by texture";
    case MotionMethod::difference: return "difference: change across texture at 180 px";
    case MotionMethod::blocks:
      return "blocks: 16 px block matching within 12 px at 180 px, weighed by texture and change";
  }
  return "";
}

void mark_cuts(std::vector<Step>& steps, const std::vector<Shot>& shots) {
  std::size_t next = 0;
  for (Step& step : steps) {
    for (; next < shots.size() && shots[next].start_s <= step.from_s; ++next) {
    }
    for (; next < shots.size() && shots[next].start_s <= step.frame.t_s; ++next) {
      if (shots[next].transition == Transition::cut) step.frame.cut = true;
    }
  }
}

// Steps across a cut take the numbers of the step after it, or before where that is across one too.
void bridge_cuts(std::vector<Step>& steps, const std::vector<Shot>& shots) {
  mark_cuts(steps, shots);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].frame.cut) continue;
    const double t_s = steps[i].frame.t_s;
    const std::size_t after = i + 1;
    if (after < steps.size() && !steps[after].frame.cut) {
      steps[i].frame = steps[after].frame;
      steps[i].places = steps[after].places;
    } else if (i > 0) {
      steps[i].frame = steps[i - 1].frame;
      steps[i].places = steps[i - 1].places;
    } else {
      steps[i].frame = MotionFrame{};
      steps[i].places = {};
    }
    steps[i].frame.t_s = t_s;
    steps[i].frame.cut = true;
  }
}

// Thousandths of a pixel: beyond it there is only noise, and the report stays small.
double rounded(double value) { return std::round(value * 1000) / 1000; }

void round_all(MotionFrame& frame) {
  for (double* value :
       {&frame.energy, &frame.max, &frame.total, &frame.horizontal, &frame.vertical, &frame.camera,
        &frame.object, &frame.center, &frame.edge, &frame.face, &frame.background}) {
    *value = rounded(*value);
  }
}

void sum_up(const std::vector<Step>& steps, Motion& motion) {
  for (const auto& [type, name] : EnumNames<MotionType>::names) {
    motion.distribution[std::string(name)] = 0;
  }
  double pictures = 0;
  for (const Step& step : steps) pictures += static_cast<double>(step.pictures);
  for (const Step& step : steps) {
    const double share = static_cast<double>(step.pictures) / pictures;
    motion.mean += step.frame.energy * share;
    motion.max = std::max(motion.max, step.frame.energy);
    for (const auto& [type, name] : EnumNames<MotionType>::names) {
      if (type == step.frame.type) motion.distribution[std::string(name)] += share;
    }
  }
}

}  // namespace

MotionAnalyser::MotionAnalyser(MotionMethod method)
    : method_(method), flow_(media::FlowMethod::inverse_search) {}

media::Tap MotionAnalyser::tap() {
  return {.pixels = media::Pixels::grey, .short_side_px = 180, .rate_hz = 0};
}

void MotionAnalyser::on_frame(const media::Frame& frame) {
  shots_.on_frame(frame);
  if (method_ == MotionMethod::hybrid) slopes_.next(frame.data, frame.width, frame.height);
  shrink(frame);
  if (frame.width == width_ && frame.height == height_) measure(frame);
  before_.assign(frame.data.begin(), frame.data.end());
  width_ = frame.width;
  height_ = frame.height;
  index_ = frame.index;
  t_s_ = frame.t_s;
}

void MotionAnalyser::shrink(const media::Frame& frame) {
  std::swap(small_before_, small_);
  const int columns = frame.width / kCellPx;
  const int rows = frame.height / kCellPx;
  small_.assign(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows), 0);
  if (small_.empty()) return;
  shrinker_.shrink(
      media::Plane<const std::uint8_t>{.samples = frame.data.data(),
                                       .stride = frame.width,
                                       .width = frame.width,
                                       .height = frame.height},
      kCellPx,
      media::Plane<std::uint8_t>{
          .samples = small_.data(), .stride = columns, .width = columns, .height = rows});
}

void MotionAnalyser::measure(const media::Frame& frame) {
  gather_evidence(before_, frame.data, width_, height_, evidence_);
  switch (method_) {
    case MotionMethod::hybrid:
    case MotionMethod::flow:
      weigh_flow(search(), evidence_, cells_);
      if (method_ == MotionMethod::flow) cells_.weight = cells_.texture;
      break;
    case MotionMethod::difference: weigh_difference(evidence_, cells_); break;
    case MotionMethod::blocks:
      match_blocks(before_, frame.data, width_, height_, evidence_, cells_);
      break;
  }
  // The camera is read from what the search found: slopes are short of fast movement.
  const Camera camera = fit_camera(cells_);
  if (method_ == MotionMethod::hybrid) blend(slopes_, evidence_, cells_);
  Step step = measure_step(cells_, camera, width_, height_,
                           std::max<std::int64_t>(1, frame.index - index_));
  if (method_ == MotionMethod::difference) {  // Knows how much, not where to.
    step.frame.horizontal = step.frame.vertical = 0;
    name_motion(step.frame);
  }
  step.from_s = t_s_;
  step.frame.t_s = frame.t_s;
  log_.add(step);
}

// REQUIRES: the evidence is of the same step.
const media::FlowField& MotionAnalyser::search() {
  if (small_.empty()) {  // Smaller than a cell: nowhere to move to.
    still_ = {.width = evidence_.columns, .height = evidence_.rows, .xy = {}};
    still_.xy.assign(2 * evidence_.gradient.size(), 0.0F);
    return still_;
  }
  return flow_.between(small_before_, small_, evidence_.columns, evidence_.rows);
}

Moving MotionAnalyser::finish(const Faces& faces, double end_s) {
  Moving moving;
  moving.shots = shots_.finish(end_s);
  std::vector<Step> steps = log_.take();
  bridge_cuts(steps, moving.shots);
  moving.face_motion = look_at_faces(faces, steps);
  Motion& motion = moving.motion;
  motion.method = name_of(method_);
  sum_up(steps, motion);
  motion.segments = segments_of(steps);
  motion.moments = moments_of(steps, moving.shots, end_s);
  motion.cut_points = cut_points_of(steps, moving.shots, end_s, kCutPoints);
  motion.recommendations = advise(motion, end_s);
  moving.attention = attention_of(steps, moving.shots, end_s);
  for (const Step& step : steps) {
    motion.timeline.push_back(step.frame);
    round_all(motion.timeline.back());
  }
  return moving;
}

}  // namespace rf::video
