// Where in a film which message is taken in best: windows of one mood, what fits each, and a plan
// that puts the steps of a pitch in order.
//
// A rule, not a measurement: little motion and a face are taken to leave more attention for words.
// The trigger's durations and moods are the project's priors; results of ads may overrule them.

#pragma once

#include <array>
#include <string_view>

#include "model/features.h"

namespace rf::video {

enum class Wanted : std::uint8_t { no_matter, face, product };
enum class Place : std::uint8_t { early, middle, late };

// What a trigger needs.
struct TriggerNeed {
  Trigger trigger = Trigger::hook;
  double min_s = 0;
  double max_s = 0;
  std::string_view motion;  // low, medium, high.
  Wanted wanted = Wanted::no_matter;
  Place place = Place::middle;
};

// In the order in which a pitch uses them.
const std::array<TriggerNeed, 9>& trigger_needs();

// How well a message would be taken in, by rule.
// Units: energy at kReferenceSide; face is the share of time that one is seen. Gives [0, 1].
double absorption(double energy, double face, double length_s);

// Windows cover the film from 0 to its end without gaps; the plan's placements are in order and do
// not overlap. Empty when motion was not measured.
// Cost: the plan takes about 2,000 steps for each second of film.
Timing timing(const Features& features);

}  // namespace rf::video
