#include "sim/noise.h"

#include "base/check.h"

namespace rf::sim {

std::int64_t overdispersed_binomial(Rng& rng, std::int64_t trials, double rate, double phi) {
  RF_CHECK(phi >= 1);
  const auto n = static_cast<double>(trials);
  if (phi == 1 || n <= phi || rate <= 0 || rate >= 1) return rng.binomial(trials, rate);
  // Solves 1 + (n - 1) / (precision + 1) = phi.
  const double precision = (n - phi) / (phi - 1);
  double drawn = rng.beta(precision * rate, precision * (1 - rate));
  return rng.binomial(trials, drawn);
}

double gamma_factor(Rng& rng, double relative_sd) {
  RF_CHECK(relative_sd > 0);
  const double shape = 1 / (relative_sd * relative_sd);
  return rng.gamma(shape) / shape;
}

}  // namespace rf::sim
