// How much more counts vary than binomial counts would: the factor phi on every variance.

#pragma once

#include <cstddef>
#include <span>

#include "learn/posterior.h"

namespace rf::learn {

struct Overdispersion {
  double phi = 1;           // At least 1: what varies less than chance is not credited.
  double raw = 1;           // As estimated, may be below 1.
  Interval likely;          // 95 % interval of the raw estimate.
  std::size_t freedom = 0;  // Comparisons it rests on; with 0 there is no estimate and phi is 1.
};

// Two arms that showed the same thing to the same audience (A/A).
struct TwinCount {
  RateCount first;
  RateCount second;
};

// phi = mean of z^2 over the pairs, z as in learn/rate_difference.h with phi 1: the mean of a
// chi-square with as many degrees of freedom as there are pairs, times phi. Pairs without variance
// are left out.
// Source: McCullagh & Nelder 1989, 4.5.2; the interval, mean/quantiles of chi-square.
Overdispersion overdispersion_from_twins(std::span<const TwinCount> pairs);

// Where there are no twins: Pearson's X^2/(n - 1) of counts that one rate should explain, such as
// the days of one ad. Real differences between them count as over-dispersion, so this is too large
// rather than too small.
// Source: McCullagh & Nelder 1989, 4.5.2.
Overdispersion overdispersion_pearson(std::span<const RateCount> counts);

}  // namespace rf::learn
