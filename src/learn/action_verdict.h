// Was an action right? What the ad brought beside what the others brought for the same money on the
// same days.
//
// Late conversions touch both alike (learn/matched.h), so a verdict may be given while some are
// still on their way; the interval says how much it is worth.

#pragma once

#include "learn/posterior.h"
#include "model/belief.h"

namespace rf::learn {

// What was done to the ad: it got less (stopped, lowered) or more (raised, started).
enum class Direction : std::uint8_t { less, more };

// What the ad brings, as a multiple of what the others bring for the same money.
struct MatchedRatio {
  double value = 1;
  Interval interval;  // 90 %.
};

// Both counts are uncertain: given their sum, the ad's share of it is binomial, and a Beta(1/2,
// 1/2) prior on that share gives the interval.
// REQUIRES: matched.expected > 0, matched.control_events > 0, phi >= 1.
// Source: ratio of two Poisson rates conditional on their sum, Przyborowski & Wilenski 1940,
// doi:10.1093/biomet/31.3-4.313; Jeffreys' prior, Brown, Cai & DasGupta 2001,
// doi:10.1214/ss/1009213286.
MatchedRatio matched_ratio(const Matched& matched, double phi);

enum class Rightness : std::uint8_t { right, wrong, unclear };

// Right when the interval lies on the side that the action bet on, wrong when on the other.
Rightness rightness(Direction direction, const MatchedRatio& ratio);

// How sure it is that a policy is right more often than `share` of the time: P(rate > share) after
// these verdicts, from a uniform prior.
// REQUIRES: right >= 0, wrong >= 0, 0 <= share <= 1.
double chance_right_more_than(double share, std::int64_t right, std::int64_t wrong);

// The win rate with its 90 % interval.
MatchedRatio win_rate(std::int64_t right, std::int64_t wrong);

}  // namespace rf::learn
