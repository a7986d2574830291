// The special functions against mpmath at 40 digits (tool/golden_evidence.py), each in its own
// tail.

#include "learn/special.h"

#include <cmath>

#include <gtest/gtest.h>

namespace rf::learn {
namespace {

void expect_close(double found, double expected, double relative) {
  EXPECT_NEAR(found, expected, relative * std::abs(expected));
}

TEST(Special, IncompleteBetaAgreesWithMpmathInBothTails) {
  expect_close(beta_lower(3, 99, 0.01), 0.08122185044042897, 1e-12);
  expect_close(beta_upper(3, 99, 0.01), 0.91877814955957103, 1e-12);
  expect_close(beta_lower(0.5, 20.5, 0.001), 0.15953930304016503, 1e-12);
  expect_close(beta_upper(121, 9881, 0.014), 0.04579217482843973, 1e-11);
  expect_close(beta_upper(30000, 2000000, 0.0151), 8.0537803863819785e-5, 1e-9);
}

TEST(Special, IncompleteGammaAgreesWithMpmathInBothTails) {
  expect_close(gamma_lower(1, 2), 0.86466471676338731, 1e-13);
  expect_close(gamma_lower(0.5, 0.01), 0.11246291601828489, 1e-12);
  expect_close(gamma_lower(40, 25), 0.0034435687294270697, 1e-12);
  expect_close(gamma_upper(5000, 5300), 1.5545115785517565e-5, 1e-10);
}

TEST(Special, WithoutConversionsTheTailIsAnExponential) {
  // Shape 1 is the exponential distribution: P(X > 40) = e^-40, worked out by hand.
  expect_close(gamma_upper(1, 40), std::exp(-40.0), 1e-13);
  // Beta(1, b): P(X > x) = (1 - x)^b.
  expect_close(beta_upper(1, 500, 0.1), std::pow(0.9, 500), 1e-11);
}

TEST(Special, ArgumentsBeyondTheEndsAreTheEnds) {
  EXPECT_EQ(beta_lower(2, 3, -1), 0);
  EXPECT_EQ(beta_lower(2, 3, 7), 1);
  EXPECT_EQ(gamma_lower(2, -1), 0);
  EXPECT_EQ(gamma_upper(2, HUGE_VAL), 0);
}

TEST(Special, QuantilesUndoTails) {
  for (double p : {1e-9, 0.025, 0.5, 0.975}) {
    expect_close(beta_lower(0.7, 60, beta_quantile(0.7, 60, p)), p, 1e-9);
    expect_close(gamma_lower(0.7, gamma_quantile(0.7, p)), p, 1e-9);
    expect_close(normal_below(normal_quantile(p)), p, 1e-12);
  }
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-14);
}

TEST(Special, NormalTailsDoNotRunOutOfDigits) {
  // 1 - Phi(10) = 7.619853024160527e-24, Abramowitz & Stegun, table 26.2.
  expect_close(normal_above(10), 7.619853024160527e-24, 1e-12);
}

TEST(Special, LogarithmsOfGammaRatiosKeepTheirDigits) {
  expect_close(stirling_error(0.3), 0.23606490074821558, 1e-13);
  expect_close(log_rising(2.5, 1e6), 12815538.823243011, 1e-14);
  expect_close(log_rising(1e9, 3.5), 72.531430433687439, 1e-13);
  expect_close(trigamma(3.5), 0.33035775610023486, 1e-13);
  // Rising by one multiplies by x.
  for (double x : {0.01, 1.0, 15.9, 16.0, 1e8}) EXPECT_NEAR(log_rising(x, 1), std::log(x), 1e-13);
  EXPECT_EQ(log_rising(3, 0), 0);
}

}  // namespace
}  // namespace rf::learn
