// Chance with more spread than coin tosses have, as measured on real ads.

#pragma once

#include <cstdint>

#include "base/rng.h"

namespace rf::sim {

// Successes in `trials` draws whose probability is itself drawn around `rate`, so that the count
// has the mean of a binomial and `phi` times its variance, whatever the number of trials. With phi
// = 1, or too few trials to hold that spread, it is a plain binomial.
// REQUIRES: trials >= 0; rate in [0, 1]; phi >= 1.
// Source: the Beta-binomial's variance, Williams 1982, doi:10.2307/2347977. That real ads need a
// phi: 453 pairs of identical Upworthy packages have a Var(z) of 1.75
// (doi:10.1038/s41597-021-00934-7).
std::int64_t overdispersed_binomial(Rng& rng, std::int64_t trials, double rate, double phi);

// A positive factor with mean 1.
// REQUIRES: relative_sd > 0, the standard deviation as a share of the mean.
double gamma_factor(Rng& rng, double relative_sd);

}  // namespace rf::sim
