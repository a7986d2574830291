// The hidden truth a world starts with: accounts, and ads with what they are really worth.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/described.h"
#include "base/result.h"
#include "model/entity.h"
#include "sim/spec.h"

namespace rf::sim {

// Why an ad was planted.
enum class Role : std::uint8_t {
  average,
  winner,
  loser,
  lucky,           // Average, but its first weeks look like a winner's on few numbers.
  fatiguing,       // A winner whose small audience gets tired of it.
  no_conversions,  // Clicks like any other, and nobody ever buys.
  fresh,           // A winner that started two days before the end of the planned history.
};

// What an ad really does. Rates are fractions; amounts are in the account currency's unit.
struct Rates {
  double hook = 0;         // Plays past the hook (Meta 3 s, TikTok 2 s) ÷ impressions.
  double hold = 0;         // Plays to the end or 15 s (TikTok 6 s) ÷ plays past the hook.
  double ctr = 0;          // Link clicks ÷ impressions.
  double cvr = 0;          // Conversions ÷ link clicks, when all have arrived.
  double order_value = 0;  // Mean.
  double cpm = 0;          // Mean price of 1000 impressions at the planned budget.

  bool operator==(const Rates&) const = default;
};

double roas_of(const Rates& rates);
double cpa_of(const Rates& rates);

struct Ad {
  std::size_t account = 0;  // Index into Scene::accounts.
  Entity entity;
  Role role = Role::average;
  Rates rates;  // On its first day; fatigue lowers hook and ctr.
  Day start;
  Money daily_budget;            // As planned; the world may be told another.
  double audience = 0;           // People it can reach.
  double fatigue_half_life = 0;  // Views per person, beyond the first, that halve hook and ctr.
  double length_s = 0;           // Of the video.
  std::uint64_t stream = 0;      // Names the ad's own chance.
};

struct AdAccount {
  Account account;
  Rates typical;  // Of an average ad: what "better" and "worse" are measured against.
};

// Both days included.
struct DayRange {
  Day first;
  Day last;
};

struct Scene {
  std::uint64_t seed = 0;
  Day first_day;
  double overdispersion = 1;
  double unsettled = 0;           // The share of its newest day that a platform does not show yet.
  double learning_cost = 0;       // By how much prices rise while a platform learns anew.
  double rejected_share = 0;      // Of new ads, by the platforms' review.
  std::vector<DayRange> outages;  // Conversions that arrive on these days are never counted.
  std::vector<AdAccount> accounts;
  std::vector<Ad> ads;
};

// A scene with planted ads. In each account of at least seven ads every role occurs; smaller ones
// leave out the last of them.
// Errors: invalid, for a number out of its range, an unknown currency or zone, a platform without a
// sandbox.
Result<Scene> make_scene(const WorldSpec& spec);

// What a later ad is, apart from its hidden truth.
struct LaterAd {
  std::size_t account = 0;
  Entity entity;
  Day start;
  Money daily_budget;
};

// An ad that somebody makes while the world runs. Number `number` of a scene is always the same ad
// and as likely to be good as those that larger accounts are planted with.
// REQUIRES: later.account < scene.accounts.size().
Ad make_later_ad(const Scene& scene, const LaterAd& later, std::uint64_t number);

}  // namespace rf::sim

namespace rf {

template <>
struct EnumNames<sim::Role> {
  static constexpr auto names = std::to_array<std::pair<sim::Role, std::string_view>>(
      {{sim::Role::average, "average"},
       {sim::Role::winner, "winner"},
       {sim::Role::loser, "loser"},
       {sim::Role::lucky, "lucky"},
       {sim::Role::fatiguing, "fatiguing"},
       {sim::Role::no_conversions, "no_conversions"},
       {sim::Role::fresh, "fresh"}});
};

}  // namespace rf
