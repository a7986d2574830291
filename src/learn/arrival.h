// How much of a day's conversions has been reported by now, and how many there will be in the end.
//
// Conversions are counted on the day of the click or the view, and reported when they happen: a day
// goes on growing for weeks. What each version of each day said, when, makes a triangle of counts:
//   day \ age   0    1    2 …
//   1 March     5    8    9
//   2 March     4    7
//   3 March     6
// F(a) is the share of a day's final count that is reported at age a. Old days are known at all
// ages, young ones only at early ages (right truncation), so F is found backwards: of what is
// reported up to age b, the share that came at b itself is
//   g(b) = Sum increments at b / Sum counts at b,   F(a) = Prod_{b > a} (1 - g(b)),
// sums over the days that have reached age b. That is the product-limit estimate of the reversed
// hazard. Each g leans on a parent curve's, as far as there are few conversions.
// Source: Lagakos, Barraj & De Gruttola 1988, doi:10.1093/biomet/75.3.515 (reversed hazard); the
// same sums are the chain-ladder of insurance, Mack 1993.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "learn/posterior.h"

namespace rf::learn {

// What was reported for a day (in days since any epoch) at the end of another.
struct DayVersion {
  std::int64_t day = 0;
  std::int64_t as_of = 0;
  double count = 0;
};

struct ArrivalCurve {
  // reported[a]: F at age a in days; ascending to 1. Beyond the last age all is reported.
  std::vector<double> reported;
  // Conversions that the sums behind F(0) rest on; 0 for a curve that was only assumed.
  double conversions = 0;

  double at(std::int64_t age) const;
};

// 1 - (1 - F(0)) e^{-age/mean} cut at `ages`: what is assumed before anything is known.
// REQUIRES: 0 < first <= 1, mean_delay > 0, ages >= 1.
ArrivalCurve assumed_curve(double first, double mean_delay, std::size_t ages);

// Ages without a version of their own are taken as unchanged since the version before; a count that
// fell is a correction, and lowers what came before rather than being a negative arrival.
// `parent` is worth `strength` conversions at every age, and gives the number of ages.
// REQUIRES: counts >= 0 and finite, as_of >= day, strength >= 0, a parent with ages.
// Cost: versions x ln(versions).
ArrivalCurve fit_arrival(std::span<const DayVersion> versions, const ArrivalCurve& parent,
                         double strength);

struct FinalCount {
  double expected = 0;
  Interval interval;
};

// What a count will be once all of it is reported. Reported c are Poisson with mean mu F, the rest
// Poisson with mean mu (1 - F); with mu ~ Gamma(shape, rate) beforehand, what is missing is
// negative binomial with c + shape successes at chance (rate + F)/(rate + 1).
// The default, shape 1/2 and rate 0, says nothing of mu.
// REQUIRES: reported >= 0, 0 < share <= 1, 0 < mass < 1, prior.shape > 0, prior.rate >= 0.
// Source: gamma-Poisson, Gelman et al., Bayesian Data Analysis, 3rd ed., 2.6.
FinalCount expected_final(double reported, double share, double mass,
                          const GammaPrior& prior = {.shape = 0.5, .rate = 0});

// Trials that can already have succeeded: Sum n_age F(age). Young trials are not failures yet.
// REQUIRES: trials[a] >= 0 is what is of age a.
double effective_trials(std::span<const double> trials_by_age, const ArrivalCurve& curve);

}  // namespace rf::learn
