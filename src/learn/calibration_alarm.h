// An alarm for predictions that no longer fit what happens: too high or too low, whichever.
//
// While predictions hold, outcomes fall as predicted: S successes where M = Sum p were expected.
// A bet that the true rate is r times the predicted one grows to r^S e^{-(r - 1) M}, and never does
// on average while predictions hold, since 1 + p(r - 1) <= e^{p(r - 1)}. With r ~ Gamma(10, 10),
// which bets on a third as on three times, it becomes in closed form
//   ln E = ln G(a + S) - ln G(a) + a ln b - (a + S) ln(b + M) + M,  a = b = 10.
// By Ville's inequality E ever reaches 1/alpha with chance alpha at most, however long one looks.
//
// A break late in a long stream is drowned by the good times before it. So part of the stake opens
// new bets as time goes on; the wealth of all is still a fair game.
// Source: gamma-Poisson mixture, Robbins 1970, Howard et al. 2021, doi:10.1214/20-AOS1991, 4; new
// bets over time, the mixture over change points of Shin, Ramdas & Rinaldo 2022, arXiv 2203.03532.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rf::learn {

struct CalibrationRule {
  double alpha = 0.001;
  double shape = 10;  // a and b above.
  // This part of the stake is on a break at the very start, the rest on later ones. Chosen: it
  // costs the first bet ln(1/0.6) = .5 of the 6.9 that an alarm needs.
  double first_stake = 0.6;
  std::int64_t bet_every = 250;  // A new bet opens so often; later ones have smaller stakes.
};

class CalibrationAlarm {
 public:
  // REQUIRES: 0 < alpha < 1, shape > 0, 0 < first_stake <= 1, bet_every >= 1.
  explicit CalibrationAlarm(const CalibrationRule& rule);

  // One outcome and what was predicted for it. True once the alarm is up; it stays up.
  // REQUIRES: 0 <= prediction <= 1.
  // Cost: the bets that are open, at most 64, once in every 16 outcomes and at every success.
  bool add(double prediction, bool outcome);

  bool raised() const { return raised_; }
  // Predictions exceed what happened, by the bet that has grown most.
  bool too_high() const { return too_high_; }
  // The logarithm of what a unit stake has grown to, at the last look.
  double log_wealth() const { return log_wealth_; }

 private:
  struct Bet {
    double log_stake = 0;
    double observed = 0;  // Before it opened; less these, the bet's own sums.
    double expected = 0;
  };

  void open_bet();
  void look();

  CalibrationRule rule_;
  std::vector<Bet> bets_;
  std::int64_t seen_ = 0;
  std::int64_t opened_ = 0;
  double observed_ = 0;
  double expected_ = 0;
  double log_wealth_ = 0;
  bool raised_ = false;
  bool too_high_ = false;
};

// How far the predictions of two times lie apart, over ten bins with as many of the reference in
// each: Sum (q - p) ln(q/p), half a count added to each bin so that none is empty.
// REQUIRES: neither is empty.
// Source: population stability index, e.g. Siddiqi, Credit Risk Scorecards, 2006.
double stability_index(std::span<const double> reference, std::span<const double> stream);

}  // namespace rf::learn
