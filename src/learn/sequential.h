// When a test that is looked at on a schedule may stop: group-sequential boundaries.
//
// A turn of the loop is a look. Stopping at the first look with p < 0.05 is wrong one time in five
// after 14 looks; these boundaries are crossed with chance alpha over all looks together. All are
// two-sided, on Z = difference / standard error.
//
// The chance to cross is computed by carrying the density of the part of S = Z sqrt(information)
// that has not crossed from look to look: f_l(s) = Int f_{l-1}(r) phi((s - r)/sd)/sd dr over the
// inside of the boundary, by Gauss-Legendre panels no wider than four deviations of the step.
// Source: Armitage, McPherson & Rowe 1969, doi:10.2307/2343787; Jennison & Turnbull 2000, ch. 19.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace rf::learn {

struct LookPlan {
  double alpha = 0.05;
  // Reject at the l-th look (from 0) if |Z| > boundary[l]; infinite where no look may reject yet.
  std::vector<double> boundary;
};

// Looks at equal steps of information, boundary c / sqrt(l / looks): almost the power of a single
// test at the end. c is 2.105, 2.164 and 2.199 for 14, 50 and 200 looks at 5 %.
// REQUIRES: 1 <= looks <= 2000, 0 < alpha < 1.
// Cost: about 0.4 s for 200 looks, 10 ms for 14; make a plan once and keep it.
// Source: O'Brien & Fleming 1979, doi:10.2307/2530245.
LookPlan plan_obrien_fleming(std::size_t looks, double alpha);

// Looks whenever they happen: information[l] is the share of the planned sample seen at look l,
// ascending; at 1 all of alpha is spent. Spends alpha(t) = 2 - 2 Phi(z_{alpha/2} / sqrt(t)), both
// sides together. A look
// that adds less than 1e-4 spends nothing and may not reject. To go on, append a look and plan
// again: earlier boundaries do not change.
// REQUIRES: 0 < information, ascending; 0 < alpha < 1.
// Source: Lan & DeMets 1983, doi:10.1093/biomet/70.3.659.
LookPlan plan_lan_demets(std::span<const double> information, double alpha);

// The chance that a difference of `drift` crosses at some look: alpha for drift 0, power otherwise.
// Units: drift is the expected Z at information 1.
// REQUIRES: spans of one length, information ascending and > 0.
double crossing_chance(std::span<const double> information, std::span<const double> boundary,
                       double drift);

}  // namespace rf::learn
