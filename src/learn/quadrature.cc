#include "learn/quadrature.h"

#include <cmath>

namespace rf::learn {
namespace {

constexpr double kPi = 3.14159265358979323846;

// P_0 .. P_16 at x.
// Source: the three-term recurrence, NIST DLMF 14.10.3.
std::array<double, kPanelNodes + 1> legendre(double x) {
  std::array<double, kPanelNodes + 1> p{};
  p[0] = 1;
  p[1] = x;
  for (std::size_t n = 1; n < kPanelNodes; ++n) {
    const double order = static_cast<double>(n);
    p[n + 1] = ((2 * order + 1) * x * p[n] - order * p[n - 1]) / (order + 1);
  }
  return p;
}

PanelRule make_rule() {
  PanelRule rule;
  constexpr double kOrder = kPanelNodes;
  std::array<std::array<double, kPanelNodes + 1>, kPanelNodes> p{};
  for (std::size_t k = 0; k < kPanelNodes; ++k) {
    // Newton from the usual cosine start; five rounds reach the last digit.
    double x = -std::cos(kPi * (static_cast<double>(k) + 0.75) / (kOrder + 0.5));
    double slope = 1;
    for (int round = 0; round < 5; ++round) {
      p[k] = legendre(x);
      slope = kOrder * (x * p[k][kPanelNodes] - p[k][kPanelNodes - 1]) / (x * x - 1);
      x -= p[k][kPanelNodes] / slope;
    }
    p[k] = legendre(x);
    rule.x[k] = x;
    rule.w[k] = 2 / ((1 - x * x) * slope * slope);
  }
  // The l-th cardinal polynomial is w_l Sum_n (n + 1/2) P_n(x_l) P_n(x), and the integral of P_n
  // from -1 is (P_{n+1} - P_{n-1})/(2n + 1).
  for (std::size_t k = 0; k < kPanelNodes; ++k) {
    for (std::size_t l = 0; l < kPanelNodes; ++l) {
      double sum = (p[k][1] + 1) / 2;
      for (std::size_t n = 1; n < kPanelNodes; ++n)
        sum += p[l][n] * (p[k][n + 1] - p[k][n - 1]) / 2;
      rule.upto[k][l] = rule.w[l] * sum;
    }
  }
  return rule;
}

}  // namespace

const PanelRule& panel_rule() {
  static const PanelRule kRule = make_rule();
  return kRule;
}

}  // namespace rf::learn
