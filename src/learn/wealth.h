// Evidence that may be looked at every hour: the wealth of a bet against a claim.
//
// A bettor starts with 1 and bets, at fair odds, against "the rate is at least the threshold" (or
// "the ad is no better than the control"). While that is true his wealth is a martingale or
// shrinks, so the chance that it EVER reaches 1/delta is at most delta: at any number of looks,
// stopped for any reason, with no schedule to keep. 1 - 1/wealth is shown as the confidence.
// Source: Ville's inequality; Shafer 2021, doi:10.1111/rssa.12647; Howard, Ramdas, McAuliffe &
// Sekhon 2021, doi:10.1214/20-AOS1991 (mixtures, and the gamma-Poisson one used here).
//
// Over-dispersed counts enter as events/phi of exposure/phi (see learn/posterior.h).

#pragma once

namespace rf::learn {

// Wealth is cut off here: a billion to one is beyond every decision, and sums may end early.
inline constexpr double kWealthMax = 1e9;

// Against "the true rate is at least the threshold", after `events` came where the threshold
// promised `expected`. Bets on rates of u times the threshold, u in (0, 1) with density u^(-1/2)/2:
//   Int_0^1 u^events exp((1 - u) expected) du/(2 sqrt(u)) = 1/2 Sum_k expected^k/[s(s+1)...(s+k)],
// s = events + 1/2: all terms are positive, so the sum may stop as soon as it decides.
// Valid for Poisson counts and for yes/no trials, where (1 + p(u - 1)) <= exp(p(u - 1)); also for
// exponential order values counted in units of twice their mean (see learn/beliefs.h).
// REQUIRES: events >= 0, expected >= 0, finite.
// Cost: the terms needed, mostly below 30.
double wealth_below(double events, double expected);

// Whether wealth_below reaches `wealth`. A bound decides most cases without the sum: no mixture can
// beat the best bet of hindsight, exp(expected - events + events ln(events/expected)).
// REQUIRES: 1 <= wealth <= kWealthMax, and as wealth_below.
bool wealth_below_reaches(double events, double expected, double wealth);

// A rate as counted.
struct Observed {
  double events = 0;
  double exposure = 0;
};

// Against "the arm's rate is at most (1 + lift) times the control's". Given the total of events,
// each is the arm's with the odds of the exposures; bets are on lifts from 5 % to eightfold beyond.
// Exact for any fixed share of exposure, at any number of looks; where the share drifts while the
// rates drift too it is approximate (learn/wealth_test.cc measures late starts).
// REQUIRES: events >= 0, exposure > 0, lift > -1.
// Source: the label of a Poisson event is Bernoulli, Kingman, Poisson Processes, 5.1.
double wealth_above(const Observed& arm, const Observed& control, double lift);

// Whether wealth_above reaches `wealth`, by the bound of hindsight first.
// REQUIRES: 1 <= wealth <= kWealthMax, and as wealth_above.
bool wealth_above_reaches(const Observed& arm, const Observed& control, double lift, double wealth);

// How many expected events would settle wealth_below at `wealth` if events kept coming at `share`
// of the threshold's promise. Infinite for share >= 1.
// REQUIRES: share >= 0, 1 < wealth <= kWealthMax.
double expected_to_settle(double share, double wealth);

}  // namespace rf::learn
