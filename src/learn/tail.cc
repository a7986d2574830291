#include "learn/tail.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "learn/special.h"

namespace rf::learn {
namespace {

// The domain on which kTailErrorMax was measured.
constexpr double kFirstMin = 0.01;
constexpr double kFirstMax = 1e7;
constexpr double kSecondMin = 2;
constexpr double kSecondMax = 1e9;

// Below this the recurrence raises the first parameter before the normal deviate is taken.
constexpr double kRaiseBelow = 2;

// A chance as a deviate and what is added to its Phi; `added` is 0 for all but small first
// parameters.
struct Near {
  double z = 0;
  double added = 0;
};

// Nearer than a hundredth of a deviation the quotient is taken at its limit.
constexpr double kNear = 1e-4;

// d/|e| sqrt(2 G), through the point where e and G vanish together and the quotient is 1/sd.
double deviate(double d, double e, double g, double variance) {
  if (e * e < kNear * variance) return d / std::sqrt(variance);
  return d * std::sqrt(2 * std::max(g, 0.0)) / std::abs(e);
}

double gamma_deviate(double shape, double y) {
  const double s = shape - 0.5;
  const double e = y - s;
  return deviate(y - shape + 1.0 / 3 - 0.02 / shape, e, s * std::log(s / y) + e, s);
}

double beta_deviate(double a, double b, double x) {
  const double p = a - 0.5;
  const double q = b - 0.5;
  const double n = a + b - 1;
  const double rest = 1 - x;
  const double d =
      b - 1.0 / 3 - (n + 1.0 / 3) * rest + 0.02 * (x / b - rest / a + (x - 0.5) / (a + b));
  const double g = p * std::log(p / (n * x)) + q * std::log(q / (n * rest));
  const double correction = 1 + 1 / (6 * n);
  return deviate(d, q - n * rest, g / correction, p * q / n * correction);
}

// G(1 + a) for 0 <= a < 2, relative error 5e-5.
// Source: Abramowitz & Stegun 6.1.35 (Hastings), and the recurrence.
double gamma_of_next(double a) {
  const double t = a < 1 ? a : a - 1;
  const double poly =
      1 + t * (-0.5748646 + t * (0.9512363 + t * (-0.6998588 + t * (0.4245549 - t * 0.1010678))));
  return a < 1 ? poly : a * poly;
}

Near near_gamma(double shape, double y) {
  if (shape >= kRaiseBelow) return {.z = gamma_deviate(shape, y), .added = 0};
  const double first = std::exp(shape * std::log(y) - y) / gamma_of_next(shape);
  return {.z = gamma_deviate(shape + 2, y), .added = first * (1 + y / (shape + 1))};
}

Near near_beta(double a, double b, double x) {
  if (a >= kRaiseBelow) return {.z = beta_deviate(a, b, x), .added = 0};
  // G(a + b)/G(b) by Frame's mean: [(b + (a-1)/2)^2 + (1 - a^2)/12]^(a/2).
  const double middle = b + (a - 1) / 2;
  const double square = middle * middle + (1 - a * a) / 12;
  const double first =
      std::exp(a * std::log(std::sqrt(square) * x) + b * std::log1p(-x)) / gamma_of_next(a);
  return {.z = beta_deviate(a + 2, b, x), .added = first * (1 + x * (a + b) / (a + 1))};
}

bool in_domain(double a, double b) {
  return a >= kFirstMin && a <= kFirstMax && b >= kSecondMin && b <= kSecondMax;
}

double chance_of(const Near& near) { return std::min(1.0, normal_below(near.z) + near.added); }

// A level with its band of doubt, on both scales.
struct Level {
  double level;
  double low;
  double high;
  double z_low;
  double z_high;
};

Level level_of(double level) {
  RF_CHECK(level > 0 && level < 1);
  const double low = level - kTailErrorMax;
  const double high = level + kTailErrorMax;
  return {.level = level,
          .low = low,
          .high = high,
          .z_low = low > 0 ? normal_quantile(low) : -HUGE_VAL,
          .z_high = high < 1 ? normal_quantile(high) : HUGE_VAL};
}

// yes or no where the approximation can tell, else unknown.
Answer judge(const Near& near, const Level& level) {
  if (near.added == 0) {
    if (near.z > level.z_high) return Answer::yes;
    return near.z < level.z_low ? Answer::no : Answer::unknown;
  }
  const double chance = normal_below(near.z) + near.added;
  if (chance > level.high) return Answer::yes;
  return chance < level.low ? Answer::no : Answer::unknown;
}

Answer exactly(double chance, const Level& level) {
  return chance > level.level ? Answer::yes : Answer::no;
}

// One row of a beta: the answer, and whether it took the exact function.
Answer judge_beta(double a, double b, double x, const Level& level, std::size_t& exact) {
  if (!(a > 0) || !(b > 0) || std::isnan(x)) return Answer::unknown;
  if (x <= 0 || x >= 1) return x <= 0 ? Answer::no : Answer::yes;
  if (in_domain(a, b)) {
    const Answer answer = judge(near_beta(a, b, x), level);
    if (answer != Answer::unknown) return answer;
  }
  ++exact;
  return exactly(beta_lower(a, b, x), level);
}

// The bound of a row: bounds may be one for all.
std::size_t bound_step(std::span<const double> bounds, std::size_t rows) {
  RF_CHECK(bounds.size() == rows || bounds.size() == 1);
  return bounds.size() == 1 ? 0 : 1;
}

}  // namespace

double chance_below_near(const BetaPosterior& belief, double bound) {
  if (bound <= 0 || bound >= 1 || !in_domain(belief.a, belief.b)) {
    return chance_below(belief, bound);
  }
  return chance_of(near_beta(belief.a, belief.b, bound));
}

double chance_below_near(const GammaPosterior& belief, double bound) {
  if (bound <= 0 || !in_domain(belief.shape, kSecondMin)) return chance_below(belief, bound);
  return chance_of(near_gamma(belief.shape, bound * belief.rate));
}

double chance_below_near(const RoasPosterior& belief, double bound) {
  if (bound <= 0) return 0;
  return chance_below_near(BetaPosterior{.a = belief.a, .b = belief.b},
                           bound / (bound + belief.scale));
}

std::size_t judge_below(const BetaColumns& beliefs, std::span<const double> bounds, double level,
                        std::span<Answer> answers) {
  RF_CHECK(beliefs.a.size() == answers.size() && beliefs.b.size() == answers.size());
  const std::size_t step = bound_step(bounds, answers.size());
  const Level asked = level_of(level);
  std::size_t exact = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    answers[i] = judge_beta(beliefs.a[i], beliefs.b[i], bounds[i * step], asked, exact);
  }
  return exact;
}

std::size_t judge_below(const GammaColumns& beliefs, std::span<const double> bounds, double level,
                        std::span<Answer> answers) {
  RF_CHECK(beliefs.shape.size() == answers.size() && beliefs.rate.size() == answers.size());
  const std::size_t step = bound_step(bounds, answers.size());
  const Level asked = level_of(level);
  std::size_t exact = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const double shape = beliefs.shape[i];
    const double y = bounds[i * step] * beliefs.rate[i];
    answers[i] = Answer::unknown;
    if (!(shape > 0) || std::isnan(y)) continue;
    if (y > 0 && in_domain(shape, kSecondMin)) answers[i] = judge(near_gamma(shape, y), asked);
    if (answers[i] != Answer::unknown) continue;
    ++exact;
    answers[i] = exactly(gamma_lower(shape, y), asked);
  }
  return exact;
}

std::size_t judge_below(const RoasColumns& beliefs, std::span<const double> bounds, double level,
                        std::span<Answer> answers) {
  RF_CHECK(beliefs.a.size() == answers.size() && beliefs.b.size() == answers.size());
  RF_CHECK(beliefs.scale.size() == answers.size());
  const std::size_t step = bound_step(bounds, answers.size());
  const Level asked = level_of(level);
  std::size_t exact = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const double bound = bounds[i * step];
    const double share = bound <= 0 ? 0 : bound / (bound + beliefs.scale[i]);
    answers[i] = judge_beta(beliefs.a[i], beliefs.b[i], share, asked, exact);
  }
  return exact;
}

}  // namespace rf::learn
