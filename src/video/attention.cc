#include "video/attention.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "video/face_motion.h"

namespace rf::video {
namespace {

constexpr double kEveryS = 0.25;
constexpr double kValuesMax = 2000;
constexpr double kSmoothS = 0.5;
constexpr double kNewS = 2.0;
constexpr double kFaceFull = 0.1;

double value_of(const MotionFrame& frame, double since_s) {
  const double energy = weighted_energy(frame);
  return 0.3 + 0.25 * energy / (energy + kSmoothBelow) +
         0.25 * std::min(1.0, frame.face_share / kFaceFull) + 0.2 * std::exp(-since_s / kNewS);
}

// Each step's own value.
std::vector<double> values_of(const std::vector<Step>& steps, const std::vector<Shot>& shots) {
  std::vector<double> values;
  values.reserve(steps.size());
  std::size_t shot = 0;
  for (const Step& step : steps) {
    while (shot + 1 < shots.size() && shots[shot + 1].start_s <= step.frame.t_s) ++shot;
    const double began_s = shots.empty() ? 0 : shots[shot].start_s;
    values.push_back(value_of(step.frame, std::max(0.0, step.frame.t_s - began_s)));
  }
  return values;
}

}  // namespace

Attention attention_of(const std::vector<Step>& steps, const std::vector<Shot>& shots,
                       double end_s) {
  Attention attention;
  if (steps.empty()) return attention;
  const std::vector<double> values = values_of(steps, shots);
  const double every_s = std::max(kEveryS, end_s / kValuesMax);
  const double reach_s = 3 * std::max(kSmoothS, every_s);
  std::size_t oldest = 0;
  for (std::size_t k = 0; static_cast<double>(k) * every_s < end_s; ++k) {
    const double t_s = static_cast<double>(k) * every_s;
    while (oldest + 1 < steps.size() && steps[oldest].frame.t_s < t_s - reach_s) ++oldest;
    double sum = 0;
    double total = 0;
    for (std::size_t i = oldest; i < steps.size() && steps[i].frame.t_s <= t_s + reach_s; ++i) {
      const double off = (steps[i].frame.t_s - t_s) / kSmoothS;
      const double weight = std::exp(-off * off / 2) + 1e-12;
      sum += weight * values[i];
      total += weight;
    }
    attention.t_s.push_back(t_s);
    const double value = total > 0 ? sum / total : values[oldest];
    attention.value.push_back(std::round(value * 1000) / 1000);
  }
  return attention;
}

}  // namespace rf::video
