#include "video/cut_points.h"

#include <algorithm>
#include <cmath>

namespace rf::video {
namespace {

constexpr double kApartS = 1.0;
constexpr double kFromEdgeS = 0.5;
constexpr double kBeforeS = 0.5;
constexpr double kCalmShare = 0.6;

bool near_boundary(const std::vector<Shot>& shots, double t_s) {
  return std::any_of(shots.begin(), shots.end(),
                     [t_s](const Shot& shot) { return std::abs(shot.start_s - t_s) < kFromEdgeS; });
}

CutPoint point_at(const MotionFrame& frame, double before) {
  const double calm = 1 / (1 + frame.energy / kSmoothBelow);
  // Below the first threshold there is nothing that could settle.
  const double settling =
      before > kStaticBelow ? std::clamp((before - frame.energy) / before, 0.0, 1.0) : 0;
  return {frame.t_s, kCalmShare * calm + (1 - kCalmShare) * settling, frame.type,
          settling > 0.3 ? "a movement comes to rest" : "little moves"};
}

// Every step where a cut may stand.
std::vector<CutPoint> candidates(const std::vector<Step>& steps, const std::vector<Shot>& shots,
                                 double end_s) {
  std::vector<CutPoint> all;
  std::size_t oldest = 0;
  double sum = 0;  // Of the energies of steps[oldest] up to the one before this.
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const MotionFrame& frame = steps[i].frame;
    for (; oldest < i && steps[oldest].frame.t_s < frame.t_s - kBeforeS; ++oldest) {
      sum -= steps[oldest].frame.energy;
    }
    const double before = i > oldest ? sum / static_cast<double>(i - oldest) : 0;
    sum += frame.energy;
    if (frame.t_s < kFromEdgeS || frame.t_s > end_s - kFromEdgeS) continue;
    if (near_boundary(shots, frame.t_s)) continue;
    all.push_back(point_at(frame, before));
  }
  return all;
}

}  // namespace

std::vector<CutPoint> cut_points_of(const std::vector<Step>& steps, const std::vector<Shot>& shots,
                                    double end_s, std::size_t count) {
  std::vector<CutPoint> all = candidates(steps, shots, end_s);
  std::stable_sort(all.begin(), all.end(),
                   [](const CutPoint& a, const CutPoint& b) { return a.score > b.score; });
  std::vector<CutPoint> chosen;
  for (const CutPoint& point : all) {
    if (chosen.size() == count) break;
    const bool near = std::any_of(chosen.begin(), chosen.end(), [&](const CutPoint& other) {
      return std::abs(other.t_s - point.t_s) < kApartS;
    });
    if (!near) chosen.push_back(point);
  }
  return chosen;
}

}  // namespace rf::video
