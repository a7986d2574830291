#include "base/rng.h"

#include <cmath>

#include "base/check.h"

namespace rf {
namespace {

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;

std::uint64_t mixed(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

// ln k!, by the form of lgamma that shares no global.
double log_factorial(double k) {
  int sign = 0;
  return ::lgamma_r(k + 1, &sign);
}

// Below this mean, multiplying uniforms is quicker than rejection and exact all the same.
constexpr double kPoissonSmall = 30;

// Below this many trials each is simply drawn.
constexpr std::int64_t kBinomialSmall = 16;

}  // namespace

std::uint64_t Rng::next() { return mixed(state_ += kGolden); }

Rng Rng::split(std::uint64_t stream) const {
  return Rng(mixed(state_ ^ mixed(stream * kGolden + 1)));
}

double Rng::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::uint64_t Rng::below(std::uint64_t bound) {
  RF_CHECK(bound > 0);
  __extension__ using Wide = unsigned __int128;
  const std::uint64_t rejected = (0 - bound) % bound;
  while (true) {
    Wide product = static_cast<Wide>(next()) * bound;
    if (static_cast<std::uint64_t>(product) >= rejected) {
      return static_cast<std::uint64_t>(product >> 64);
    }
  }
}

double Rng::normal() {
  while (true) {
    double x = 2 * uniform() - 1;
    double y = 2 * uniform() - 1;
    double square = x * x + y * y;
    if (square > 0 && square < 1) return x * std::sqrt(-2 * std::log(square) / square);
  }
}

double Rng::gamma(double shape) {
  RF_CHECK(shape > 0);
  // A shape below one is drawn one higher and scaled back (their section 6).
  if (shape < 1) return gamma(shape + 1) * std::pow(1 - uniform(), 1 / shape);
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    double x = normal();
    double root = 1 + c * x;
    if (root <= 0) continue;
    double v = root * root * root;
    if (std::log(1 - uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

double Rng::beta(double a, double b) {
  double x = gamma(a);
  double y = gamma(b);
  // Both may underflow when a and b are tiny; then all the mass is at the ends.
  if (x + y == 0) return uniform() < a / (a + b) ? 1 : 0;
  return x / (x + y);
}

std::int64_t Rng::poisson(double mean) {
  RF_CHECK(mean >= 0 && std::isfinite(mean));
  if (mean < kPoissonSmall) {
    const double floor = std::exp(-mean);
    std::int64_t count = 0;
    for (double product = uniform(); product > floor; product *= uniform()) ++count;
    return count;
  }
  // Names and constants as in the paper.
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double v_r = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    double u = uniform() - 0.5;
    double v = 1 - uniform();
    double us = 0.5 - std::abs(u);
    double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= v_r) return static_cast<std::int64_t>(k);
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v * inverse_alpha / (a / (us * us) + b)) <=
        k * std::log(mean) - mean - log_factorial(k)) {
      return static_cast<std::int64_t>(k);
    }
  }
}

std::int64_t Rng::binomial(std::int64_t trials, double p) {
  RF_CHECK(trials >= 0 && p >= 0 && p <= 1);
  std::int64_t successes = 0;
  // The k-th smallest of n uniforms is Beta(k, n+1-k): it tells on which side of p half the trials
  // lie, and the other half is the same problem again.
  while (trials > kBinomialSmall && p > 0 && p < 1) {
    std::int64_t k = trials / 2 + 1;
    double pivot = beta(static_cast<double>(k), static_cast<double>(trials + 1 - k));
    if (pivot <= p) {
      successes += k;
      trials -= k;
      p = pivot < 1 ? (p - pivot) / (1 - pivot) : 0;
    } else {
      trials = k - 1;
      p /= pivot;
    }
  }
  for (std::int64_t i = 0; i < trials; ++i) successes += uniform() < p ? 1 : 0;
  return successes;
}

}  // namespace rf
