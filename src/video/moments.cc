#include "video/moments.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "video/face_motion.h"

namespace rf::video {
namespace {

constexpr double kHookS = 3.0;
constexpr double kCtaS = 5.0;
constexpr double kCtaShare = 0.2;
constexpr double kRise = 1.5;

struct Window {
  double start_s = 0, end_s = 0, sum = 0, peak = 0, peak_s = 0;
  int steps = 0;
  bool face = false;
  bool boundary = false;

  double mean() const { return steps > 0 ? sum / steps : 0; }
};

void mark_boundaries(std::vector<Window>& windows, const std::vector<Shot>& shots) {
  for (const Shot& shot : shots) {
    if (shot.transition == Transition::start) continue;
    for (Window& window : windows) {
      if (shot.start_s > window.start_s && shot.start_s <= window.end_s) window.boundary = true;
    }
  }
}

std::vector<Window> windows_of(const std::vector<Step>& steps, const std::vector<Shot>& shots) {
  std::vector<Window> windows;
  for (const Step& step : steps) {
    if (windows.empty() || step.from_s - windows.back().start_s >= kWindowS - 1e-9) {
      windows.push_back({.start_s = step.from_s, .peak = -1});
    }
    Window& window = windows.back();
    const double energy = weighted_energy(step.frame);
    window.end_s = step.frame.t_s;
    window.sum += energy;
    ++window.steps;
    window.face = window.face || step.frame.face > 0;
    if (energy <= window.peak) continue;
    window.peak = energy;
    window.peak_s = step.frame.t_s;
  }
  mark_boundaries(windows, shots);
  return windows;
}

double median_mean(const std::vector<Window>& windows) {
  std::vector<double> means;
  means.reserve(windows.size());
  for (const Window& window : windows) means.push_back(window.mean());
  std::sort(means.begin(), means.end());
  return means.empty() ? 0 : means[means.size() / 2];
}

// The liveliest of those in [from_s, to_s] by `time`, none if nothing moves.
template <typename Time>
std::optional<std::size_t> liveliest(const std::vector<Window>& windows, double from_s, double to_s,
                                     Time time) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const double t_s = time(windows[i]);
    if (t_s < from_s || t_s > to_s || windows[i].peak < kStaticBelow) continue;
    if (!best || windows[i].mean() > windows[*best].mean()) best = i;
  }
  return best;
}

}  // namespace

std::vector<MotionMoment> moments_of(const std::vector<Step>& steps, const std::vector<Shot>& shots,
                                     double end_s) {
  const std::vector<Window> windows = windows_of(steps, shots);
  const double median = median_mean(windows);
  const auto hook = liveliest(windows, 0, kHookS, [](const Window& w) { return w.start_s; });
  const double last_s = std::min(kCtaS, kCtaShare * end_s);
  const auto cta =
      liveliest(windows, end_s - last_s, end_s, [](const Window& w) { return w.end_s; });
  std::vector<MotionMoment> moments;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const Window& window = windows[i];
    const double before = i > 0 ? windows[i - 1].mean() : window.mean();
    const bool rises = window.mean() > kRise * before && window.peak >= kStaticBelow;
    MomentType type = MomentType::emotional;
    if (hook == i) {
      type = MomentType::hook;
    } else if (cta == i) {
      type = MomentType::cta;
    } else if (window.boundary || rises) {
      type = MomentType::transition;
    } else if (!window.face || window.mean() <= median) {
      continue;
    }
    moments.push_back({.start_s = window.start_s,
                       .end_s = window.end_s,
                       .peak_s = window.peak_s,
                       .energy = window.peak,
                       .type = type,
                       .face_present = window.face,
                       .face_weight = window.face ? kFaceWeight : 1});
  }
  return moments;
}

}  // namespace rf::video
