// Evidence that stays valid however often one looks, and whenever one stops: confidence sequences,
// p-values and e-values.
//
// An e-value is what a fair bet against the null has grown to; over all time it exceeds 1/alpha
// with chance at most alpha. It needs no schedule, and pays with some power against
// learn/sequential.h. Source: Ville 1939; Ramdas et al. 2023, doi:10.1214/23-STS894.

#pragma once

#include "learn/posterior.h"

namespace rf::learn {

struct AnytimeRule {
  double alpha = 0.05;
  // The sample (trials of both arms together) at which the sequence is tightest; any choice is
  // valid. Source of 5000: the default of GrowthBook's sequential engine.
  double tightest_at = 5000;
};

// |Z| beyond which the null may be rejected after n trials in all:
//   sqrt(2 (n rho^2 + 1)/(n rho^2) ln(sqrt(n rho^2 + 1)/alpha)),
//   rho^2 = [-2 ln alpha + ln(-2 ln alpha + 1)]/tightest_at.
// Valid as n grows (normal approximation), not for a handful of clicks.
// REQUIRES: n > 0, 0 < alpha < 1, tightest_at > 0.
// Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, arXiv 2103.06476, eq. 9 and the tuning of
// rho; normal mixture, Robbins 1970; Howard et al. 2021, doi:10.1214/20-AOS1991.
double anytime_boundary(double n, const AnytimeRule& rule);

// The same as ln e: z^2 n rho^2 / [2 (n rho^2 + 1)] - ln(n rho^2 + 1)/2.
double anytime_log_e(double z, double n, const AnytimeRule& rule);

// min(1, 1/e): a p-value at any time. The smallest seen so far is one too.
double anytime_p_value(double log_e);

// The rate of `arm` less that of `control`, inside the interval at all times with chance 1 - alpha.
// Variances from (c + 1)/(n + 2), so that none is zero before the first click.
// REQUIRES: trials > 0 on both sides, successes <= trials, phi >= 1.
// Source: as anytime_boundary; the added counts, Agresti & Caffo 2000,
// doi:10.1080/00031305.2000.10474560.
Interval difference_sequence(RateCount arm, RateCount control, double phi, const AnytimeRule& rule);

// ln e that successes do not fall to the two arms as their trials do, exact for rare successes of
// any number: a Beta mixture over the share of successes that are the arm's,
//   e = B(2 k s + x, 2 k (1 - s) + y) / B(2 k s, 2 k (1 - s)) s^-x (1 - s)^-y,  k = 30.
// REQUIRES: x, y >= 0 successes; 0 < share < 1, the arm's share of all trials, fixed over time.
// Source: Robbins 1970's mixture with a beta, as in Howard et al. 2021, 4.
double label_log_e(double x, double y, double share);

// ln e that conversions cost more than `cpa` (respectively less). Conversions are Poisson with mean
// M = spend/cpa under the null; the mixture is Gamma(1, 1) on the ratio r = actual/null rate, cut
// to r < 1 (r > 1), so that it is an e-process for every rate on the null's side:
//   e = e^M G(1 + S) P(1 + S, 1 + M) / [(1 + M)^(1+S) P(1, 1)]   (Q for P where less is asked).
// REQUIRES: cpa > 0, conversions and spend >= 0, phi >= 1.
// Source: gamma-Poisson mixture, Howard et al. 2021, 4; the cut worked out here.
double cost_above_log_e(SpendCount count, double cpa, double phi);
double cost_below_log_e(SpendCount count, double cpa, double phi);

}  // namespace rf::learn
