// A seeded source of chance whose draws are the same on every machine and with every compiler.
//
// The distributions of <random> are left to each library's author, so a seed would not travel.
// These are written out. Not for secrets.

#pragma once

#include <cstdint>

namespace rf {

class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(seed) {}

  // 64 random bits.
  // Source: SplitMix64, Steele, Lea & Flood 2014, doi:10.1145/2660193.2660195.
  std::uint64_t next();

  // A generator whose draws are unrelated to this one's, for a part of the work named by `stream`.
  // Does not move this one, so that a part may draw more without shifting the others.
  Rng split(std::uint64_t stream) const;

  // Uniform in [0, 1), 53 random bits.
  double uniform();

  // Uniform in [0, bound), without modulo bias.
  // REQUIRES: bound > 0.
  // Source: Lemire 2019, doi:10.1145/3230636.
  std::uint64_t below(std::uint64_t bound);

  // Standard normal.
  // Source: Marsaglia & Bray 1964, the polar method.
  double normal();

  // Gamma with mean `shape` and scale 1.
  // REQUIRES: shape > 0.
  // Source: Marsaglia & Tsang 2000, doi:10.1145/358407.358414.
  double gamma(double shape);

  // Beta(a, b), in [0, 1].
  // REQUIRES: a > 0, b > 0.
  double beta(double a, double b);

  // REQUIRES: mean >= 0 and finite.
  // Source: Knuth's product below 30; above, Hormann 1993 (PTRS), doi:10.1016/0167-6687(93)90997-4.
  std::int64_t poisson(double mean);

  // Successes in `trials` draws of probability `p`.
  // REQUIRES: trials >= 0, 0 <= p <= 1.
  // Cost: O(log trials). Source: Devroye 1986, X.4.3, recursion on the median order statistic.
  std::int64_t binomial(std::int64_t trials, double p);

 private:
  std::uint64_t state_;
};

}  // namespace rf
