// The lift to show, after the winner's curse is taken out.
//
// The best of several arms is best partly by luck: on the Upworthy tests the winner of one half of
// the traffic showed +38 % and delivered +17 % on the other. A lift shown to anyone is that of the
// shrunk rates (c + s m)/(n + s), m the test's own mean rate and s the strength fitted on earlier
// tests (learn/pooling.h, fit_strength).
// Source: Efron 2011, doi:10.1198/jasa.2011.tm11181 (shrinkage undoes selection); the figures,
// learn/upworthy_test.cc.

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "learn/posterior.h"

namespace rf::learn {

struct ShrunkLift {
  double lift = 0;    // E[arm]/E[against] - 1.
  Interval interval;  // Of the true lift, with the asked mass.
};

// Beliefs about the arms of one test, each drawn to the test's mean rate.
// REQUIRES: strength > 0, phi >= 1, counts as rate_posterior.
std::vector<BetaPosterior> shrink_arms(std::span<const RateCount> arms, double strength,
                                       double phi);

// The lift of one belief over another. The interval takes ln(rate) as normal with the exact moments
// of a log beta, mean psi(a) - psi(a + b), variance psi'(a) - psi'(a + b).
// REQUIRES: 0 < mass < 1.
// Source: moments of the log beta, Johnson, Kotz & Balakrishnan 1995, 25.2.
ShrunkLift lift_between(const BetaPosterior& arm, const BetaPosterior& against, double mass);

struct WinnerLift {
  std::size_t winner = 0;
  double rate = 0;  // The winner's shrunk rate.
  ShrunkLift lift;
  double raw_lift = 0;  // What the counts show, for comparison; never to be shown alone.
};

// The lift of the arm with the highest belief over the mean of all arms' beliefs.
// REQUIRES: at least one arm; as shrink_arms and lift_between.
WinnerLift lift_of_winner(std::span<const RateCount> arms, double strength, double phi,
                          double mass);

}  // namespace rf::learn
