// Which arm is best, with what chance, and what a wrong choice costs: by quadrature, not by draws.
//
//   P(arm i is best)   = Int f_i(x) Prod_{j != i} F_j(x) dx
//   expected loss of i = E[max_j x_j - x_i] = Int F_i(x) (1 - Prod_{j != i} F_j(x)) dx
// for densities f and distribution functions F of the beliefs.
//
// Idea: in u = logit x (in u = ln x for gamma beliefs) every density is smooth and log-concave,
// also for a < 1, where the density in x is not even bounded. The line is cut into panels no wider
// than about two deviations of the sharpest belief that is alive there; in a panel each density is
// taken at 16 Gauss-Legendre nodes, and the distribution functions come from the same values by
// integrating their interpolating polynomial. So an arm costs one exponential per node, and no
// incomplete beta but one. Sampling costs
// thousands of times as much, and errs by 1e-3 at 100,000 draws.
// Source: the integrals, Chapelle & Li 2011 and Stucchio 2015 (expected loss); integration of the
// interpolant, Trefethen, Approximation Theory and Approximation Practice, ch. 19.

#pragma once

#include <span>
#include <vector>

#include "learn/posterior.h"

namespace rf::learn {

struct ArmChance {
  double best = 0;           // P(this arm has the highest value).
  double expected_loss = 0;  // In the value's own unit: what keeping this arm gives up on average.
};

// One entry per arm. The chances sum to 1 and err by less than 1e-8.
// REQUIRES: at least one arm; parameters > 0, with both deviations' orders within a double.
// Cost: arms x panels; 10 arms of like size about 20 us (learn/best_arm_bench.cc).
std::vector<ArmChance> compare_arms(std::span<const BetaPosterior> arms);
std::vector<ArmChance> compare_arms(std::span<const GammaPosterior> arms);

// P(arm > (1 + lift) * control) for independent beliefs. Tail-safe: a chance of 1e-12 is right to
// about nine digits. For a chance close to 1 ask for its complement, P(control > arm / (1 + lift)).
// REQUIRES: lift > -1.
// Cost: some 50 incomplete betas, about 10 us for beliefs of like width; up to milliseconds where
// their widths differ ten-thousandfold.
double chance_beats(const BetaPosterior& arm, const BetaPosterior& control, double lift);

// For gammas the same in closed form: an incomplete beta.
// Source: G(a)/[G(a) + G(b)] ~ Beta(a, b), Johnson, Kotz & Balakrishnan 1995, 25.2.
double chance_beats(const GammaPosterior& arm, const GammaPosterior& control, double lift);

}  // namespace rf::learn
