// `evaluate loop`: the loop against other ways of running the same accounts, in worlds with a
// hidden truth that anybody can write down.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "model/estimate.h"

namespace rf::api {

struct EvaluateLoopInput {
  std::string world;
  std::int64_t days = 90;
  std::int64_t seeds = 20;
};

struct WayResult {
  std::string name;
  std::optional<Estimate> roas;
  std::optional<Estimate> gain;  // Of `reelforge` over this way, in ROAS, seed by seed.
  double spend = 0;
  double value = 0;
  std::optional<double> waste_per_loser;
  std::optional<double> spend_per_loser;
  std::int64_t losers = 0;
  std::int64_t losers_stopped = 0;
  std::optional<Estimate> healthy_killed;
  std::int64_t outages = 0;
  std::int64_t outage_pauses = 0;
  std::int64_t cap_breaches = 0;
};

struct EvaluateLoopOutput {
  std::string currency;
  std::vector<WayResult> policies;
};

// Errors: as read_file(); invalid, with the place in the world file.
// Cost: about 3 s for a seed of 90 days and 30 ads.
Result<EvaluateLoopOutput> evaluate_loop(const EvaluateLoopInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::EvaluateLoopInput> {
  using Self = rf::api::EvaluateLoopInput;
  static constexpr auto fields = std::tuple{
      field("world", &Self::world, "TOML or JSON that describes the world", {.required = true}),
      field("days", &Self::days, "how long it runs", {.min = 1, .max = 3650}),
      field("seeds", &Self::seeds, "how many worlds of the kind", {.min = 1, .max = 10000})};
};

template <>
struct rf::Described<rf::api::WayResult> {
  using Self = rf::api::WayResult;
  static constexpr auto fields = std::tuple{
      field("name", &Self::name, "even, notes, weekly or reelforge"),
      field("roas", &Self::roas, "total value by total spend; 95 % interval over seeds"),
      field("gain", &Self::gain, "ROAS of reelforge less this one's, seed by seed; 95 % interval"),
      field("spend", &Self::spend, "over all seeds"),
      field("value", &Self::value, "over all seeds, late orders included"),
      field("waste_per_loser", &Self::waste_per_loser,
            "median spend on a loser after it could be known; null: there was none"),
      field("spend_per_loser", &Self::spend_per_loser, "median of all that was spent on a loser"),
      field("losers", &Self::losers, "ads that return at most 0.6 of an average ad's money"),
      field("losers_stopped", &Self::losers_stopped, "of them"),
      field("healthy_killed", &Self::healthy_killed, "share of the others that were ever paused"),
      field("outages", &Self::outages, "times that tracking broke"),
      field("outage_pauses", &Self::outage_pauses, "ads paused while it was broken"),
      field("cap_breaches", &Self::cap_breaches,
            "days on which budgets summed to more than at first")};
};

template <>
struct rf::Described<rf::api::EvaluateLoopOutput> {
  using Self = rf::api::EvaluateLoopOutput;
  static constexpr auto fields =
      std::tuple{field("currency", &Self::currency, "of every amount"),
                 field("policies", &Self::policies, "each way of running the accounts")};
};
