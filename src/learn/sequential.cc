#include "learn/sequential.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "learn/quadrature.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kRootTwoPi = 2.50662827463100050242;

// Beyond this many deviations a normal has less mass than a double resolves.
constexpr double kFar = 8.5;

// Chosen: with panels of this width 200 looks spend their alpha to nine digits.
constexpr double kPanelDeviations = 4;

constexpr double kStepMin = 1e-4;
constexpr std::size_t kLooksMax = 2000;

// What has not crossed yet: masses at points of S, and the information at which they stand.
struct Walk {
  double information = 0;
  std::vector<double> point{0};
  std::vector<double> mass{1};
};

// The chance that the next step ends outside [-bound, bound].
double chance_outside(const Walk& walk, double step, double drift, double bound) {
  if (bound == kInfinity) return 0;
  const double sd = std::sqrt(step);
  double outside = 0;
  for (std::size_t i = 0; i < walk.point.size(); ++i) {
    const double from = walk.point[i] + drift * step;
    outside +=
        walk.mass[i] * (normal_above((bound - from) / sd) + normal_above((bound + from) / sd));
  }
  return outside;
}

// Density of the walk after a step, at `to`.
double density_at(const Walk& walk, double to, double sd, double shift) {
  // Points ascend, so those within reach of `to` are one stretch of them.
  const double reach = kFar * sd;
  auto first = std::lower_bound(walk.point.begin(), walk.point.end(), to - shift - reach);
  double density = 0;
  for (auto i = static_cast<std::size_t>(first - walk.point.begin());
       i < walk.point.size() && walk.point[i] <= to - shift + reach; ++i) {
    const double z = (to - walk.point[i] - shift) / sd;
    density += walk.mass[i] * std::exp(-0.5 * z * z);
  }
  return density / (sd * kRootTwoPi);
}

// The walk one step on, kept inside [-bound, bound].
Walk stepped(const Walk& walk, double step, double drift, double bound) {
  const double sd = std::sqrt(step);
  const double now = walk.information + step;
  const double far = kFar * std::sqrt(now);
  const double low = std::max(-bound, drift * now - far);
  const double high = std::min(bound, drift * now + far);
  Walk next;
  next.information = now;
  next.point.clear();
  next.mass.clear();
  if (low >= high) return next;
  const PanelRule& rule = panel_rule();
  const double panels = std::ceil((high - low) / (kPanelDeviations * sd));
  const double half = (high - low) / panels / 2;
  for (double panel = 0; panel < panels; ++panel) {
    for (std::size_t k = 0; k < kPanelNodes; ++k) {
      const double to = low + half * (2 * panel + 1 + rule.x[k]);
      next.point.push_back(to);
      next.mass.push_back(half * rule.w[k] * density_at(walk, to, sd, drift * step));
    }
  }
  return next;
}

constexpr int kHalvings = 60;

// The bound that the next step crosses with chance `spend`.
double bound_for(const Walk& walk, double step, double spend) {
  double low = 0;
  double high = kFar * std::sqrt(walk.information + step) + kFar;
  if (chance_outside(walk, step, 0, high) >= spend) return kInfinity;
  for (int i = 0; i < kHalvings && high - low > 1e-12 * high; ++i) {
    const double middle = (low + high) / 2;
    (chance_outside(walk, step, 0, middle) > spend ? low : high) = middle;
  }
  return (low + high) / 2;
}

// alpha that equal looks with boundary c / sqrt(l / looks) spend; steps of information 1 / looks.
double spent_by_constant(std::size_t looks, double c) {
  const double step = 1 / static_cast<double>(looks);
  Walk walk;
  double spent = 0;
  for (std::size_t look = 0; look < looks; ++look) {
    spent += chance_outside(walk, step, 0, c);
    walk = stepped(walk, step, 0, c);
  }
  return spent;
}

}  // namespace

LookPlan plan_obrien_fleming(std::size_t looks, double alpha) {
  RF_CHECK(looks >= 1 && looks <= kLooksMax && alpha > 0 && alpha < 1);
  // c lies between the single test's and that of endless looks, where crossing is twice as likely
  // as ending beyond (reflection): z at alpha/2 and at alpha/4.
  double low = normal_quantile(1 - alpha / 2);
  double high = normal_quantile(1 - alpha / 4);
  double at_low = spent_by_constant(looks, low) - alpha;
  double at_high = spent_by_constant(looks, high) - alpha;
  // Regula falsi with the Illinois halving.
  double c = low;
  for (int round = 0; round < 30 && at_low > 1e-12; ++round) {
    c = low + (high - low) * at_low / (at_low - at_high);
    const double at_c = spent_by_constant(looks, c) - alpha;
    if (std::abs(at_c) < 1e-7) break;
    if (at_c > 0) {
      low = c;
      at_low = at_c;
      at_high /= 2;
    } else {
      high = c;
      at_high = at_c;
      at_low /= 2;
    }
  }
  LookPlan plan{.alpha = alpha, .boundary = {}};
  for (std::size_t look = 1; look <= looks; ++look) {
    plan.boundary.push_back(c * std::sqrt(static_cast<double>(looks) / static_cast<double>(look)));
  }
  return plan;
}

LookPlan plan_lan_demets(std::span<const double> information, double alpha) {
  RF_CHECK(alpha > 0 && alpha < 1);
  const double z = normal_quantile(1 - alpha / 2);
  LookPlan plan{.alpha = alpha, .boundary = {}};
  Walk walk;
  double spent = 0;
  double before = 0;
  for (double now : information) {
    RF_CHECK(now > 0 && now >= before);
    before = now;
    const double step = now - walk.information;
    if (step < kStepMin) {
      plan.boundary.push_back(kInfinity);
      continue;
    }
    const double due = now >= 1 ? alpha : 2 * normal_above(z / std::sqrt(now));
    const double spend = due - spent;
    const double bound = spend > 0 ? bound_for(walk, step, spend) : kInfinity;
    if (bound < kInfinity) spent = due;
    plan.boundary.push_back(bound / std::sqrt(now));
    walk = stepped(walk, step, 0, bound);
  }
  return plan;
}

double crossing_chance(std::span<const double> information, std::span<const double> boundary,
                       double drift) {
  RF_CHECK(information.size() == boundary.size());
  Walk walk;
  double crossed = 0;
  for (std::size_t look = 0; look < information.size(); ++look) {
    const double step = information[look] - walk.information;
    RF_CHECK(step >= 0);
    if (step < kStepMin) continue;
    const double bound = boundary[look] * std::sqrt(information[look]);
    crossed += chance_outside(walk, step, drift, bound);
    walk = stepped(walk, step, drift, bound);
  }
  return crossed;
}

}  // namespace rf::learn
