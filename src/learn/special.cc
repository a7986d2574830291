#include "learn/special.h"

#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

#include "base/check.h"

namespace rf::learn {
namespace {

namespace math = boost::math;

// Boost.Math reports by its policy; with this one it returns the limit value instead of throwing.
// Doubles stay doubles: the 64-bit mantissa of long double costs three times as much and its last
// digits decide nothing.
using Quiet =
    math::policies::policy<math::policies::domain_error<math::policies::ignore_error>,
                           math::policies::pole_error<math::policies::ignore_error>,
                           math::policies::overflow_error<math::policies::ignore_error>,
                           math::policies::underflow_error<math::policies::ignore_error>,
                           math::policies::denorm_error<math::policies::ignore_error>,
                           math::policies::evaluation_error<math::policies::ignore_error>,
                           math::policies::rounding_error<math::policies::ignore_error>,
                           math::policies::indeterminate_result_error<math::policies::ignore_error>,
                           math::policies::promote_double<false>>;

constexpr double kRootHalf = 0.70710678118654752440;
constexpr double kLogRootTwoPi = 0.91893853320467274178;

// From here the asymptotic series below is exact to the last digit of a double.
constexpr double kStirlingFrom = 16;

double stirling_series(double x) {
  const double s = 1 / (x * x);
  return (1.0 / 12 -
          s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188 - s / 527))))) /
         x;
}

}  // namespace

double beta_lower(double a, double b, double x) {
  RF_CHECK(a > 0 && b > 0);
  return math::ibeta(a, b, std::clamp(x, 0.0, 1.0), Quiet());
}

double beta_upper(double a, double b, double x) {
  RF_CHECK(a > 0 && b > 0);
  return math::ibetac(a, b, std::clamp(x, 0.0, 1.0), Quiet());
}

double beta_quantile(double a, double b, double p) {
  RF_CHECK(a > 0 && b > 0 && p >= 0 && p <= 1);
  return math::ibeta_inv(a, b, p, Quiet());
}

double gamma_lower(double shape, double x) {
  RF_CHECK(shape > 0);
  if (std::isinf(x)) return x > 0 ? 1 : 0;
  return math::gamma_p(shape, std::max(x, 0.0), Quiet());
}

double gamma_upper(double shape, double x) {
  RF_CHECK(shape > 0);
  if (std::isinf(x)) return x > 0 ? 0 : 1;
  return math::gamma_q(shape, std::max(x, 0.0), Quiet());
}

double gamma_quantile(double shape, double p) {
  RF_CHECK(shape > 0 && p >= 0 && p < 1);
  return math::gamma_p_inv(shape, p, Quiet());
}

double normal_below(double z) { return 0.5 * std::erfc(-z * kRootHalf); }
double normal_above(double z) { return 0.5 * std::erfc(z * kRootHalf); }

double normal_quantile(double p) {
  RF_CHECK(p > 0 && p < 1);
  return -math::erfc_inv(2 * p, Quiet()) / kRootHalf;
}

double log_gamma(double x) {
  RF_CHECK(x > 0);
  return math::lgamma(x, Quiet());
}

double digamma(double x) {
  RF_CHECK(x > 0);
  return math::digamma(x, Quiet());
}

double trigamma(double x) {
  RF_CHECK(x > 0);
  return math::trigamma(x, Quiet());
}

double stirling_error(double x) {
  RF_CHECK(x > 0);
  if (x >= kStirlingFrom) return stirling_series(x);
  return log_gamma(x) - ((x - 0.5) * std::log(x) - x + kLogRootTwoPi);
}

double log_rising(double x, double k) {
  RF_CHECK(x > 0 && k >= 0);
  if (k == 0) return 0;
  // G(x+k)/G(x) = [G(x+k+1)/G(x+1)] x/(x+k): climb until the series is exact, one logarithm in all.
  double climb = 1;
  while (x < kStirlingFrom) {
    climb *= x / (x + k);
    x += 1;
  }
  return (x + k - 0.5) * std::log1p(k / x) + k * std::log(x) - k + stirling_series(x + k) -
         stirling_series(x) + (climb == 1 ? 0 : std::log(climb));
}

}  // namespace rf::learn
