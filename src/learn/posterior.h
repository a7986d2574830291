// What a pair of counts lets us believe about the rate behind it: small values, closed forms.
//
// Three families cover the questions of an ad account:
//   a rate (CTR, CVR, hook rate)    successes | rate ~ Binomial(trials, rate), rate ~ Beta(a, b)
//   conversions per unit of spend   conversions | r  ~ Poisson(r * spend),     r ~ Gamma(shape,
//   rate) return on ad spend              r * (mean order value), both uncertain
// CPA is 1/r, so its bounds are those of r turned over.
//
// Over-dispersion. Ad counts vary more than these models allow (people come in clumps, days
// differ): Var = phi * (model variance), phi >= 1. It enters in one way everywhere, as effective
// counts: c/phi successes in n/phi trials are as informative as the c in n that were seen.
// Source: quasi-likelihood, McCullagh & Nelder 1989, 4.5; measured phi 1.76 on 453 natural A/A
// pairs of the Upworthy archive (learn/upworthy_test.cc).

#pragma once

#include <optional>

namespace rf::learn {

// Counts may be fractions: effective trials of young clicks are.
struct RateCount {
  double successes = 0;
  double trials = 0;
};

// Units: spend in whatever unit the prior and the questions use; one unit per account.
struct SpendCount {
  double conversions = 0;
  double spend = 0;
};

// A range that holds the value with a stated probability, closed.
struct Interval {
  double low = 0;
  double high = 0;
};

// a pseudo-successes and b pseudo-failures; (1, 1) is uniform.
struct BetaPrior {
  double a = 1;
  double b = 1;
};

// shape pseudo-conversions for rate units of spend.
struct GammaPrior {
  double shape = 1;
  double rate = 1;
};

struct BetaPosterior {
  double a = 1;
  double b = 1;
  double n = 0;  // Effective trials seen: 0 means that this is the prior.
};

struct GammaPosterior {
  double shape = 1;
  double rate = 1;
  double n = 0;  // Effective spend seen: 0 means that this is the prior.
};

// What orders are worth: each order's value is Gamma with this shape (1/shape is its squared
// coefficient of variation); their mean is worth as much as `orders` orders of `mean`.
struct OrderValuePrior {
  double shape = 1;
  double orders = 1;
  double mean = 1;
};

// ROAS = scale * G(a) / G(b) for independent standard gamma draws: a beta prime distribution.
struct RoasPosterior {
  double a = 1;
  double b = 2;
  double scale = 1;
  double n = 0;  // Effective spend seen: 0 means that this is the prior.
};

// Beta(a + c/phi, b + (n - c)/phi).
// REQUIRES: 0 <= successes <= trials, phi >= 1, a and b > 0.
// Source: conjugacy; Gelman et al., Bayesian Data Analysis, 3rd ed., 2.4.
BetaPosterior rate_posterior(RateCount count, BetaPrior prior, double phi);

// Gamma(shape + c/phi, rate + spend/phi).
// REQUIRES: conversions >= 0, spend >= 0, phi >= 1, shape and rate > 0.
// Source: conjugacy; Gelman et al., 2.6.
GammaPosterior spend_posterior(SpendCount count, GammaPrior prior, double phi);

// Order values are Gamma(k, rate q) with k known and q ~ Gamma(1 + k n0, n0 m0), for k, n0, m0 the
// members of `orders`; after n orders of total V, q ~ Gamma(1 + k(n0 + n), n0 m0 + V), whose mean
// order value k/q has the mean (n0 m0 + V)/(n0 + n): the pooled mean. ROAS is then exactly a ratio
// of gammas. Two approximations remain: k is a plug-in (learn/pooling.h fits it), and the number of
// orders is independent of what they are worth.
// REQUIRES: value >= 0, all members of `orders` > 0, and as spend_posterior.
// Source: conjugacy of the gamma rate; the gamma-gamma model of spend, Fader & Hardie 2013.
RoasPosterior roas_posterior(const GammaPosterior& sales, SpendCount count, double value,
                             const OrderValuePrior& orders, double phi);

// The same for counts as they were reported. None when a count was not reported (null is not zero),
// or when the counts cannot be of such a model: negative, not a number, more successes than trials
// (platforms do report conversions without a click).
std::optional<BetaPosterior> reported_rate_posterior(std::optional<double> successes,
                                                     std::optional<double> trials, BetaPrior prior,
                                                     double phi);
std::optional<GammaPosterior> reported_spend_posterior(std::optional<double> conversions,
                                                       std::optional<double> spend,
                                                       GammaPrior prior, double phi);

double mean(const BetaPosterior& belief);
double mean(const GammaPosterior& belief);
double mean(const RoasPosterior& belief);

double deviation(const BetaPosterior& belief);
double deviation(const GammaPosterior& belief);

// The interval that leaves (1 - mass)/2 on either side.
// REQUIRES: 0 < mass < 1.
Interval central_interval(const BetaPosterior& belief, double mass);
Interval central_interval(const GammaPosterior& belief, double mass);
Interval central_interval(const RoasPosterior& belief, double mass);

// P(value < bound) and P(value > bound); each is accurate to its own last digits, however small.
double chance_below(const BetaPosterior& belief, double bound);
double chance_above(const BetaPosterior& belief, double bound);
double chance_below(const GammaPosterior& belief, double bound);
double chance_above(const GammaPosterior& belief, double bound);
double chance_below(const RoasPosterior& belief, double bound);
double chance_above(const RoasPosterior& belief, double bound);

// The same for CPA = 1/r. The mean of CPA does not exist for shape <= 1, so there is none here.
// Units: spend per conversion.
Interval cpa_interval(const GammaPosterior& belief, double mass);
double cpa_median(const GammaPosterior& belief);
double chance_cpa_below(const GammaPosterior& belief, double cpa);
double chance_cpa_above(const GammaPosterior& belief, double cpa);

}  // namespace rf::learn
