// Priors from the account's own history: what an ad is likely to do before it has done anything.
//
// Each ad's true value is a draw from a population whose two parameters are fitted by maximising
// the likelihood of all counts together (empirical Bayes). The prior then says both where ads lie
// and how much alike they are, so that a belief is
//   (c + s mean)/(n + s),  s the fitted strength in trials:
// few own trials lean on the parent, many on themselves.
//
// A weak hyperprior keeps few ads from claiming that all ads are equal: ln(s mean), the log of how
// many successes the prior is worth, is Normal(ln 10, 2). Chosen:
// it lets 1 to 500 successes stand almost freely.
// Source: Robbins 1956; Beta-binomial, Skellam 1948; gamma-Poisson, Greenwood & Yule 1920;
// hierarchical use in advertising, Coey & Cunningham 2019, doi:10.1145/3308558.3313417.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "learn/posterior.h"

namespace rf::learn {

// From this many ads with trials a fit is made; below it the prior is the pooled rate, worth one
// success. Chosen: with four ads the fitted strength is a guess.
constexpr std::size_t kPoolArmsMin = 5;

// A fit looks at this many ads at most, taken at even strides: chosen to keep it near 20 ms.
constexpr std::size_t kPoolArmsMax = 5000;

struct RateFit {
  BetaPrior prior;
  std::size_t arms = 0;  // With trials.
  bool fitted = false;   // False: too little history, the weak prior.
};

struct SpendFit {
  GammaPrior prior;
  std::size_t arms = 0;
  bool fitted = false;
};

struct OrderValueFit {
  OrderValuePrior prior;
  std::size_t arms = 0;  // With orders.
  bool fitted = false;
};

// Maximises Sum ln[B(a + c, b + n - c)/B(a, b)] over a, b; phi scales the counts first.
// REQUIRES: 0 <= successes <= trials, phi >= 1.
// Cost: about 100 passes over at most kPoolArmsMax counts.
RateFit fit_rates(std::span<const RateCount> arms, double phi);

// Maximises Sum ln[G(k + c) r^k s^c/(G(k) (r + s)^(k + c))] over shape k, rate r.
// REQUIRES: conversions and spend >= 0, phi >= 1.
SpendFit fit_spend(std::span<const SpendCount> arms, double phi);

struct OrderTotal {
  double orders = 0;
  double value = 0;
};

// The gamma-gamma model of learn/posterior.h: mean by the pooled mean, shape and worth of the prior
// by maximising Sum ln of the density of each total V given its n orders,
//   V^(kn - 1) B^A/[B(kn, A) (B + V)^(A + kn)],  A = 1 + k n0, B = n0 m0.
// Without history: shape 1 (order values as exponential), worth one order; mean 1 without any
// order.
// REQUIRES: orders and value >= 0.
// Source: Fader & Hardie 2013, "The Gamma-Gamma Model of Monetary Value".
OrderValueFit fit_order_values(std::span<const OrderTotal> arms);

// The strength s for which the arms' rates scatter around given means as they do: maximises
// Sum ln[B(s m + c, s (1 - m) + n - c)/B(s m, s (1 - m))] over s alone.
// REQUIRES: spans of one length, 0 < mean < 1.
double fit_strength(std::span<const RateCount> arms, std::span<const double> parent_means,
                    double phi);

// An ad and the group (platform x objective) it belongs to, numbered from 0.
struct GroupedCount {
  RateCount count;
  std::uint32_t group = 0;
};

struct RateHierarchy {
  RateFit account;               // Over groups.
  std::vector<BetaPrior> group;  // For an ad of that group; for one without ads, the account's.
  double strength = 0;           // a + b of every group's prior.
};

// Account, then group, then ad: a group's mean is drawn to the account's by the scatter of groups,
// an ad's prior is the group's mean with the strength at which ads scatter inside groups.
// REQUIRES: group < groups; counts as fit_rates.
RateHierarchy fit_hierarchy(std::span<const GroupedCount> arms, std::size_t groups, double phi);

}  // namespace rf::learn
