// A world in which ways of running an account compete: the same ads, people and chance for each,
// and a bookkeeper who knows the hidden truth.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/operation.h"
#include "sim/spec.h"

namespace rf::api {

// How an account is run.
enum class Way : std::uint8_t {
  even,       // Budgets as they were planned; nobody touches them.
  notes,      // The notes' raw thresholds, every day, on what is reported.
  weekly,     // A careful person who looks once a week.
  reelforge,  // The loop: remember, learn, decide, and what its plan proposes.
};

// What one way did in one world. Amounts in the accounts' currency unit.
struct ArenaRun {
  double spend = 0;
  double value = 0;                 // All orders, those still on their way included.
  std::vector<double> loser_waste;  // One for each loser: see loser_waste in arena.cc.
  std::vector<double> loser_spend;  // One for each loser: everything that was spent on it.
  std::int64_t losers = 0;          // Ads that return at most 0.6 of an average ad's money.
  std::int64_t losers_stopped = 0;
  std::int64_t healthy = 0;
  std::int64_t healthy_killed = 0;  // Paused while returning more than that.
  std::int64_t outages = 0;
  std::int64_t outage_pauses = 0;  // Ads paused while tracking was broken.
  std::int64_t cap_breaches = 0;   // Days on which budgets summed to more than at the start.
};

// Runs the world for so many days under `way`, looking once a day, after midnight.
// REQUIRES: days >= 1.
// Errors: invalid, for a spec that makes no world or mixes currencies; those of the store.
// Cost: a turn of the loop for each account and day.
Result<ArenaRun> run_in_arena(const sim::WorldSpec& spec, std::int64_t days, Way way,
                              Services& services);

}  // namespace rf::api

template <>
struct rf::EnumNames<rf::api::Way> {
  static constexpr auto names = std::to_array<std::pair<rf::api::Way, std::string_view>>(
      {{rf::api::Way::even, "even"},
       {rf::api::Way::notes, "notes"},
       {rf::api::Way::weekly, "weekly"},
       {rf::api::Way::reelforge, "reelforge"}});
};
