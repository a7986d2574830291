// A finished arm as a bag of impressions, drawn from again in random order; and an endless arm.

#pragma once

#include <cstdint>
#include <vector>

#include "base/rng.h"
#include "learn/posterior.h"

namespace rf::learn {

// The bag is shuffled; where among its first `upto` impressions the successes then lie, ascending.
// REQUIRES: whole counts, 0 <= successes <= trials.
// Cost: near successes x ln(successes) where they are rare, else trials.
std::vector<std::int64_t> shuffled_places(const RateCount& bag, std::int64_t upto, Rng& rng);

// Where successes lie in `upto` trials that each succeed with chance `rate`.
// REQUIRES: 0 <= rate <= 1.
// Source: geometric gaps by inversion, Devroye 1986, X.2.
std::vector<std::int64_t> stream_places(double rate, std::int64_t upto, Rng& rng);

}  // namespace rf::learn
