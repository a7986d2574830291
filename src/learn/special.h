// The special functions that evidence stands on; the one place that knows Boost.Math.
//
// Nothing here throws: an argument outside its contract stops the process, and a value too small
// for a double is 0.

#pragma once

namespace rf::learn {

// The regularised incomplete beta function I_x(a, b) and its complement; x outside [0, 1] is taken
// as the nearer end. Each is accurate in its own small tail: do not subtract one from 1.
// REQUIRES: a > 0, b > 0.
double beta_lower(double a, double b, double x);
double beta_upper(double a, double b, double x);

// x with I_x(a, b) = p.
// REQUIRES: a > 0, b > 0, 0 <= p <= 1.
double beta_quantile(double a, double b, double p);

// The regularised incomplete gamma functions P(shape, x) and Q(shape, x); x below 0 is taken as 0.
// REQUIRES: shape > 0.
double gamma_lower(double shape, double x);
double gamma_upper(double shape, double x);

// x with P(shape, x) = p.
// REQUIRES: shape > 0, 0 <= p < 1.
double gamma_quantile(double shape, double p);

// The standard normal distribution: P(Z < z), P(Z > z), and z with P(Z < z) = p.
double normal_below(double z);
double normal_above(double z);
// REQUIRES: 0 < p < 1.
double normal_quantile(double p);

// REQUIRES: x > 0.
double log_gamma(double x);
double digamma(double x);
double trigamma(double x);

// ln G(x) - [(x - 1/2) ln x - x + ln(2 pi)/2], what Stirling's formula leaves out.
// REQUIRES: x > 0.
// Source: NIST DLMF 5.11.1; below 16 by the recurrence of G.
double stirling_error(double x);

// ln[G(x + k) / G(x)], without the cancellation of two large logarithms.
// REQUIRES: x > 0, k >= 0.
// Source: NIST DLMF 5.11.1, differenced by hand.
double log_rising(double x, double k);

}  // namespace rf::learn
