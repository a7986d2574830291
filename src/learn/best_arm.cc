#include "learn/best_arm.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "base/check.h"
#include "learn/quadrature.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr std::size_t kNodes = kPanelNodes;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// A density is dead where it has fallen by e^-34 = 2e-15 from its peak.
constexpr double kDeadNats = 34;

// Panel widths, chosen so that the interpolant errs by less than 1e-10 of the peak: in deviations,
// in units of u (the poles of a logistic lie pi away), and in nats along an exponential tail.
constexpr double kPanelDeviations = 2;
constexpr double kPanelUnits = 1.25;
constexpr double kPanelNats = 6;

// ---- a belief on the u line ----

// Where u is on the line, with what the densities need of it, worked out once for all arms.
struct Place {
  double u = 0;
  double log_x = 0;    // ln x.
  double second = 0;   // ln(1 - x) for beta, -x for gamma: what the second parameter multiplies.
  double x = 0;        // The value itself.
  double stretch = 0;  // dx/du.
};

struct BetaLine {
  static Place at(double u) {
    const double e = std::exp(-std::abs(u));
    const double log_small = -std::log1p(e);
    const double x = u < 0 ? e / (1 + e) : 1 / (1 + e);
    return {.u = u,
            .log_x = u < 0 ? u + log_small : log_small,
            .second = u < 0 ? log_small : log_small - u,
            .x = x,
            .stretch = e / ((1 + e) * (1 + e))};
  }
};

struct GammaLine {
  static Place at(double u) {
    const double x = std::exp(u);
    return {.u = u, .log_x = u, .second = -x, .x = x, .stretch = x};
  }
};

// One belief: ln density in u = a * log_x + b * second, up to its peak value.
struct Arm {
  double a = 0;
  double b = 0;
  double mean = 0;
  Place peak{};
  double log_height = 0;  // ln density in u at the peak.
  double deviation = 0;   // Of the normal that has the peak's curvature.
  double left_rate = 0;   // How fast, in nats per unit of u, the far tails fall.
  double right_rate = 0;
  double low = 0;  // Where the density is dead.
  double high = 0;
  bool large = false;  // Too large for the plain form of log_fall.
  bool is_beta = false;
};

// Beyond this size a * log_x + b * second loses more than 1e-9 to rounding.
constexpr double kPlainMax = 1e6;

// ln(peak density / density at `place`), >= 0.
double log_fall(const Arm& arm, const Place& place) {
  if (!arm.large) {
    return arm.a * (arm.peak.log_x - place.log_x) + arm.b * (arm.peak.second - place.second);
  }
  const double d = place.u - arm.peak.u;
  if (!arm.is_beta) return arm.a * (std::expm1(d) - d);
  return (arm.a + arm.b) * std::log1p(arm.peak.x * std::expm1(d)) - arm.a * d;
}

// Derivative of log_fall by u.
double fall_slope(const Arm& arm, const Place& place) {
  if (arm.is_beta) return (arm.a + arm.b) * place.x - arm.a;
  return arm.b * place.x - arm.a;
}

// Where log_fall reaches kDeadNats on the side that `start` is on. log_fall is convex, so Newton
// comes down from outside without overshooting.
template <typename Line>
double dead_point(const Arm& arm, double start) {
  double u = start;
  for (int round = 0; round < 60; ++round) {
    const Place place = Line::at(u);
    const double miss = log_fall(arm, place) - kDeadNats;
    if (std::abs(miss) < 0.5) break;
    const double step = miss / fall_slope(arm, place);
    // From inside, near the flat peak, a step could fly far out and an exponential overflow.
    u -= std::clamp(step, -8 * arm.deviation - 4, 8 * arm.deviation + 400);
  }
  return u;
}

template <typename Line>
void finish(Arm& arm) {
  arm.large = arm.a * std::abs(arm.peak.log_x) + arm.b * std::abs(arm.peak.second) > kPlainMax;
  arm.low = dead_point<Line>(arm, arm.peak.u - 8 * arm.deviation);
  arm.high = dead_point<Line>(arm, arm.peak.u + std::min(8 * arm.deviation, 40.0));
}

Arm line_arm(const BetaPosterior& belief, BetaLine) {
  RF_CHECK(belief.a > 0 && belief.b > 0);
  const double a = belief.a;
  const double b = belief.b;
  Arm arm{.a = a, .b = b, .mean = mean(belief), .is_beta = true};
  arm.peak = BetaLine::at(std::log(a / b));
  arm.log_height = 0.5 * std::log(a / (a + b) * b / (2 * kPi)) + stirling_error(a + b) -
                   stirling_error(a) - stirling_error(b);
  arm.deviation = std::sqrt(1 / a + 1 / b);
  arm.left_rate = a;
  arm.right_rate = b;
  finish<BetaLine>(arm);
  return arm;
}

Arm line_arm(const GammaPosterior& belief, GammaLine) {
  RF_CHECK(belief.shape > 0 && belief.rate > 0);
  const double k = belief.shape;
  Arm arm{.a = k, .b = belief.rate, .mean = mean(belief), .is_beta = false};
  arm.peak = GammaLine::at(std::log(k / belief.rate));
  arm.log_height = 0.5 * std::log(k / (2 * kPi)) - stirling_error(k);
  arm.deviation = 1 / std::sqrt(k);
  arm.left_rate = k;
  // Falls as exp(-e^u): there is no exponential tail to stride along.
  arm.right_rate = kInfinity;
  finish<GammaLine>(arm);
  return arm;
}

double share_below(const Arm& arm, const Place& place) {
  if (arm.high <= place.u) return 1;
  // Where x itself is too small for a double, the share (a power of x) may still be large.
  constexpr double kTiny = -650;
  if (place.u < kTiny) return std::exp(arm.log_height - log_fall(arm, place)) / arm.a;
  return arm.is_beta ? beta_lower(arm.a, arm.b, place.x) : gamma_lower(arm.a, arm.b * place.x);
}

// ---- panels ----

// How far a panel that starts at u may reach for the sake of one arm.
double reach(const Arm& arm, double u) {
  if (u >= arm.high) return kInfinity;
  if (u < arm.low) return arm.low - u;
  const double base = std::min(kPanelDeviations * arm.deviation, kPanelUnits);
  // Far from the peak the density is small and its structure is wider: stride with the distance.
  const double stride = u < arm.peak.u ? arm.peak.u - u : u - arm.peak.u;
  const double rate = u < arm.peak.u ? arm.left_rate : arm.right_rate;
  const double most = std::max(kPanelDeviations * 1.75 * arm.deviation, kPanelNats / rate);
  return std::max(base, std::min(stride / 2, most));
}

struct Panels {
  std::vector<double> edge;  // Ascending; one more than there are panels.
};

Panels cut(std::span<const Arm> arms, double shrink) {
  double low = -kInfinity;
  double high = -kInfinity;
  for (const Arm& arm : arms) {
    low = std::max(low, arm.low);
    high = std::max(high, arm.high);
  }
  Panels panels;
  panels.edge.push_back(low);
  while (panels.edge.back() < high) {
    const double u = panels.edge.back();
    double width = high - u;
    for (const Arm& arm : arms) width = std::min(width, std::max(reach(arm, u) * shrink, 0.0));
    // A sliver left by an edge that falls just short is not worth a panel, and must not be none.
    const double least = 1e-9 * (1 + std::abs(u));
    panels.edge.push_back(u + std::max(width, least));
  }
  return panels;
}

// Sums over one panel, and the distribution functions as they stand at its left edge.
struct Sweep {
  std::vector<ArmChance> chance;
  std::vector<double> below;                        // F_j at the left edge.
  std::vector<std::array<double, kNodes>> density;  // f_j at the nodes, in u.
  std::vector<std::array<double, kNodes>> share;    // F_j at the nodes.
  std::vector<double> product_before;               // Prod of F over the arms before j, per node.
};

template <typename Line>
void fill_panel(std::span<const Arm> arms, double left, double right, Sweep& sweep,
                std::array<Place, kNodes>& places) {
  const PanelRule& rule = panel_rule();
  const double half = (right - left) / 2;
  for (std::size_t k = 0; k < kNodes; ++k) places[k] = Line::at(left + half * (1 + rule.x[k]));
  for (std::size_t j = 0; j < arms.size(); ++j) {
    const Arm& arm = arms[j];
    std::array<double, kNodes>& f = sweep.density[j];
    std::array<double, kNodes>& share = sweep.share[j];
    if (left >= arm.high) {
      f.fill(0);
      share.fill(sweep.below[j]);
      continue;
    }
    double total = 0;
    for (std::size_t k = 0; k < kNodes; ++k) {
      f[k] = half * std::exp(arm.log_height - log_fall(arm, places[k]));
      total += rule.w[k] * f[k];
    }
    for (std::size_t k = 0; k < kNodes; ++k) {
      double sum = sweep.below[j];
      for (std::size_t l = 0; l < kNodes; ++l) sum += rule.upto[k][l] * f[l];
      share[k] = std::clamp(sum, 0.0, 1.0);
    }
    sweep.below[j] = std::min(1.0, sweep.below[j] + total);
  }
}

// Adds one panel to both integrals of every arm.
void add_panel(const std::array<Place, kNodes>& places, double half, Sweep& sweep) {
  const PanelRule& rule = panel_rule();
  const std::size_t arms = sweep.chance.size();
  for (std::size_t k = 0; k < kNodes; ++k) {
    double product = 1;
    for (std::size_t j = 0; j < arms; ++j) {
      sweep.product_before[j] = product;
      product *= sweep.share[j][k];
    }
    double after = 1;
    for (std::size_t j = arms; j-- > 0;) {
      const double others = sweep.product_before[j] * after;
      after *= sweep.share[j][k];
      sweep.chance[j].best += rule.w[k] * sweep.density[j][k] * others;
      sweep.chance[j].expected_loss +=
          rule.w[k] * half * places[k].stretch * sweep.share[j][k] * (1 - others);
    }
  }
}

// E[(x - value of arm)+] where share = P(value of arm < x): the loss against a rival surely at x.
// By parts, x F(x) - Int_0^x t f(t) dt; the integral is mean * [F(x) - (density in u)/a], for both
// families, by the recurrence of the incomplete beta and gamma in their first parameter.
// Source: NIST DLMF 8.17.20 and 8.8.5.
double certain_loss(const Arm& arm, const Place& place, double share) {
  const double density = std::exp(arm.log_height - log_fall(arm, place));
  return std::max(0.0, place.x * share - arm.mean * (share - density / arm.a));
}

template <typename Line>
std::vector<ArmChance> sweep_panels(std::span<const Arm> arms, const Panels& panels) {
  Sweep sweep;
  sweep.chance.resize(arms.size());
  sweep.below.resize(arms.size());
  sweep.density.resize(arms.size());
  sweep.share.resize(arms.size());
  sweep.product_before.resize(arms.size());
  const Place start = Line::at(panels.edge.front());
  for (std::size_t j = 0; j < arms.size(); ++j) {
    sweep.below[j] = share_below(arms[j], start);
    sweep.chance[j].expected_loss = certain_loss(arms[j], start, sweep.below[j]);
  }
  std::array<Place, kNodes> places{};
  for (std::size_t i = 0; i + 1 < panels.edge.size(); ++i) {
    fill_panel<Line>(arms, panels.edge[i], panels.edge[i + 1], sweep, places);
    add_panel(places, (panels.edge[i + 1] - panels.edge[i]) / 2, sweep);
  }
  return sweep.chance;
}

double sum_error(std::span<const ArmChance> chances) {
  double sum = 0;
  for (const ArmChance& chance : chances) sum += chance.best;
  return std::abs(sum - 1);
}

template <typename Line, typename Posterior>
std::vector<ArmChance> compare(std::span<const Posterior> beliefs) {
  RF_CHECK(!beliefs.empty());
  if (beliefs.size() == 1) return {{.best = 1, .expected_loss = 0}};
  std::vector<Arm> arms;
  arms.reserve(beliefs.size());
  for (const Posterior& belief : beliefs) arms.push_back(line_arm(belief, Line()));
  std::vector<ArmChance> chances = sweep_panels<Line>(arms, cut(arms, 1));
  // The sum of the integrals is Prod F from end to end, so its distance from 1 measures the rule.
  // Not met by any belief tried; finer panels are the answer if one comes.
  constexpr double kSumErrorMax = 2e-9;
  for (double shrink = 0.5; sum_error(chances) > kSumErrorMax && shrink > 0.1; shrink /= 2) {
    chances = sweep_panels<Line>(arms, cut(arms, shrink));
  }
  for (ArmChance& chance : chances) chance.best = std::min(chance.best, 1.0);
  return chances;
}

// ---- one arm against a control ----

// Int of density(`outer`) times the other's share on the far side of a multiple of x, over the u
// line of `outer`. The integrand is analytic and falls off on both sides, where the trapezoidal
// rule converges geometrically; halving the step shows when it has.
// Source: Trefethen & Weideman 2014, doi:10.1137/130932132.
struct Crossing {
  Arm outer;
  const BetaPosterior* other = nullptr;
  double ratio = 1;  // The other's bound is ratio * x.
  bool upper = false;

  double value(double u) const {
    const Place place = BetaLine::at(u);
    const double share = upper ? beta_upper(other->a, other->b, ratio * place.x)
                               : beta_lower(other->a, other->b, ratio * place.x);
    return std::exp(outer.log_height - log_fall(outer, place)) * share;
  }
  double log_value(double u) const {
    const Place place = BetaLine::at(u);
    const double share = upper ? beta_upper(other->a, other->b, ratio * place.x)
                               : beta_lower(other->a, other->b, ratio * place.x);
    return share > 0 ? outer.log_height - log_fall(outer, place) + std::log(share) : -kInfinity;
  }
};

// The highest point of a unimodal function, to about `tolerance`, by golden section.
double peak_of(const Crossing& crossing, double low, double high, double tolerance) {
  constexpr double kGolden = 0.61803398874989485;
  double left = high - kGolden * (high - low);
  double right = low + kGolden * (high - low);
  double at_left = crossing.log_value(left);
  double at_right = crossing.log_value(right);
  while (high - low > tolerance) {
    // Where both underflow, the values that still count are on the side of the other's mass.
    const bool go_right = at_left == at_right ? !crossing.upper : at_left < at_right;
    if (go_right) {
      low = left;
      left = right;
      at_left = at_right;
      right = low + kGolden * (high - low);
      at_right = crossing.log_value(right);
    } else {
      high = right;
      right = left;
      at_right = at_left;
      left = high - kGolden * (high - low);
      at_left = crossing.log_value(left);
    }
  }
  return (low + high) / 2;
}

// Sum of values at peak + offset + i * step, i of both signs, until they no longer count.
double lattice_sum(const Crossing& crossing, double origin, double step) {
  constexpr double kCounts = 1e-14;
  constexpr int kStepsMax = 100000;
  double sum = crossing.value(origin);
  double highest = sum;
  for (double direction : {-1.0, 1.0}) {
    for (int i = 1; i < kStepsMax; ++i) {
      const double value = crossing.value(origin + direction * i * step);
      sum += value;
      highest = std::max(highest, value);
      if (value <= kCounts * highest) break;
    }
  }
  return sum;
}

double integral(const Crossing& crossing, double peak, double step) {
  constexpr double kTolerance = 1e-9;
  constexpr int kHalvings = 8;
  double before = step * lattice_sum(crossing, peak, step);
  for (int round = 0; round < kHalvings; ++round) {
    // The midpoints of the lattice make it half as wide.
    const double now = before / 2 + step / 2 * lattice_sum(crossing, peak + step / 2, step);
    if (std::abs(now - before) <= kTolerance * now) return now;
    before = now;
    step /= 2;
  }
  return before;
}

bool stays_inside(const Crossing& crossing) {
  return crossing.ratio <= 1 || crossing.ratio * BetaLine::at(crossing.outer.high).x < 1;
}

double crossed(const Crossing& crossing, const Arm& inner) {
  const Arm& outer = crossing.outer;
  // The peak of the product lies between the outer peak and where the bound meets the inner one.
  const double meeting = inner.peak.x / crossing.ratio;
  const double toward = meeting < 1 ? std::log(meeting / (1 - meeting)) : outer.high;
  const double low = std::min(outer.peak.u, toward) - outer.deviation;
  const double high = std::max(outer.peak.u, toward) + outer.deviation;
  const double narrow = std::min(outer.deviation, inner.deviation);
  const double peak = peak_of(crossing, low, high, narrow / 2);
  return integral(crossing, peak, std::min(0.75 * narrow, 0.6));
}

}  // namespace

std::vector<ArmChance> compare_arms(std::span<const BetaPosterior> arms) {
  return compare<BetaLine>(arms);
}

std::vector<ArmChance> compare_arms(std::span<const GammaPosterior> arms) {
  return compare<GammaLine>(arms);
}

double chance_beats(const BetaPosterior& arm, const BetaPosterior& control, double lift) {
  RF_CHECK(lift > -1);
  const Arm first = line_arm(arm, BetaLine());
  const Arm second = line_arm(control, BetaLine());
  const Crossing over_arm{.outer = first, .other = &control, .ratio = 1 / (1 + lift)};
  const Crossing over_control{.outer = second, .other = &arm, .ratio = 1 + lift, .upper = true};
  // The sharper belief is the one to walk over, since the other's share then varies slowly; but its
  // bound has to stay inside (0, 1) all along.
  const bool arm_fits = stays_inside(over_arm);
  const bool by_arm =
      stays_inside(over_control) ? arm_fits && first.deviation <= second.deviation : arm_fits;
  return std::min(1.0, by_arm ? crossed(over_arm, second) : crossed(over_control, first));
}

double chance_beats(const GammaPosterior& arm, const GammaPosterior& control, double lift) {
  RF_CHECK(lift > -1);
  // G(a)/ra > (1 + lift) G(c)/rc.
  const double odds = (1 + lift) * arm.rate / control.rate;
  return beta_upper(arm.shape, control.shape, odds / (1 + odds));
}

}  // namespace rf::learn
