// Did traffic reach the arms in the shares it was meant to? If not, no result of the test counts.

#pragma once

#include <span>

namespace rf::learn {

struct RatioCheck {
  double chi_square = 0;
  double p_value = 1;
  bool broken = false;  // p below 0.001: look for the fault before reading any other number.
};

// Pearson's chi-square of the arms' trials against `shares` (any positive weights; empty for
// equal). The gate is at 0.001 because the check runs on every test at every look: at 0.05 healthy
// tests would be stopped daily. With fewer than two arms, or no trials, nothing is broken.
// REQUIRES: shares empty or as long as trials, each > 0; trials >= 0.
// Source: Fabijan et al. 2019, doi:10.1145/3292500.3330722 (sample ratio mismatch, p < 0.001).
RatioCheck check_ratio(std::span<const double> trials, std::span<const double> shares);

}  // namespace rf::learn
