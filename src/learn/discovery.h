// Which of many findings to believe, so that only a stated share of them is false.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace rf::learn {

// Indices of the hypotheses to reject, ascending, with a false discovery rate of at most `rate`.

// For p-values that are independent or positively dependent, taken at a test's end.
// REQUIRES: 0 <= p <= 1, 0 < rate < 1.
// Source: Benjamini & Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.
std::vector<std::size_t> discoveries(std::span<const double> p_values, double rate);

// The smallest rate at which each p-value would be among the discoveries.
// REQUIRES: 0 <= p <= 1.
std::vector<double> q_values(std::span<const double> p_values);

// For e-values, whatever their dependence and whenever each test was stopped: rejects the k largest
// for the largest k with e_(k) >= m/(k rate). Takes ln e, since e-values overflow.
// REQUIRES: 0 < rate < 1; no NaN.
// Source: Wang & Ramdas 2022, doi:10.1111/rssb.12489.
std::vector<std::size_t> e_discoveries(std::span<const double> log_e_values, double rate);

}  // namespace rf::learn
