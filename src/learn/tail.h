// Tail chances of a million beliefs at once, near enough to decide by, and exact where near enough
// is not.
//
// A decision asks whether P(value < bound) exceeds a level, not what it is. A normal deviate with a
// known largest error answers that for all but the few ads whose chance lies within the error of
// the level; those are judged again by the incomplete beta or gamma itself. The answers are
// therefore exactly those of learn/posterior.h.
//
//   z = d / |e| sqrt(2 G / (1 + 1/(6 n))),  P = Phi(z)
//   gamma, s = shape - 1/2, y = bound rate:
//     d = y - shape + 1/3 - 1/(50 shape),  e = y - s,  G = s ln(s/y) + y - s,  1/(6 n) -> 0
//   beta, p = a - 1/2, q = b - 1/2, n = a + b - 1, x = bound:
//     d = b - 1/3 - (n + 1/3)(1 - x) + [x/b - (1 - x)/a + (x - 1/2)/(a + b)]/50,
//     e = q - n (1 - x),  G = p ln[p/(n x)] + q ln{q/[n (1 - x)]}
// Below a = 2 two steps of the recurrence in a come first:
//   I_x(a, b) = I_x(a + 2, b) + x^a (1 - x)^b / [a B(a, b)] [1 + x (a + b)/(a + 1)].
// Source: Peizer & Pratt 1968, doi:10.1080/01621459.1968.11009330, and Pratt 1968,
// doi:10.1080/01621459.1968.11009331; recurrences NIST DLMF 8.17.20 and 8.8.5; the gamma ratio
// inside, Frame 1949, doi:10.1080/00029890.1949.11999420.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "learn/posterior.h"

namespace rf::learn {

// The largest error of the approximations below, absolute. Measured 8.7e-4 on 1,200,000 beliefs
// with 0.01 <= a <= 1e7 and 2 <= b <= 1e9, over chances from 1e-6 to 1 - 1e-6 (learn/tail_test.cc
// repeats it on fewer). Outside that domain the exact function answers.
constexpr double kTailErrorMax = 1e-3;

double chance_below_near(const BetaPosterior& belief, double bound);
double chance_below_near(const GammaPosterior& belief, double bound);
double chance_below_near(const RoasPosterior& belief, double bound);

enum class Answer : std::uint8_t { no, yes, unknown };

// Columns, one entry per ad. A row that was not reported holds NaN and is answered `unknown`.
struct BetaColumns {
  std::span<const double> a;
  std::span<const double> b;
};

struct GammaColumns {
  std::span<const double> shape;
  std::span<const double> rate;
};

struct RoasColumns {
  std::span<const double> a;
  std::span<const double> b;
  std::span<const double> scale;
};

// Is P(value < bound) > level? One answer per row, exactly as chance_below says; gives how many
// rows needed the exact function. For P(value > bound) > level ask at 1 - level and turn the answer
// over; for P(CPA > t) ask a gamma at 1/t.
// REQUIRES: columns and answers of one length; 0 < level < 1.
// Shape: bounds: one per row, or a single one for all.
// Cost: about 26 ns a row (learn/tail_bench.cc).
std::size_t judge_below(const BetaColumns& beliefs, std::span<const double> bounds, double level,
                        std::span<Answer> answers);
std::size_t judge_below(const GammaColumns& beliefs, std::span<const double> bounds, double level,
                        std::span<Answer> answers);
std::size_t judge_below(const RoasColumns& beliefs, std::span<const double> bounds, double level,
                        std::span<Answer> answers);

}  // namespace rf::learn
