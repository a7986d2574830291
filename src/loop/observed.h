// What was not our doing, judged like what was: what a higher level would have done, and what a
// person, another tool or the platform did beside us.
//
// Both are kept for each account, and judged 3, 7 and 14 days later by the same numbers as our own
// actions. An ad that was not stopped runs on, so that a stop that was only proposed is judged by
// what the ad really brought afterwards.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "act/drift.h"
#include "act/limits.h"
#include "base/described.h"
#include "base/result.h"
#include "base/time.h"
#include "loop/verdicts.h"
#include "model/json_codecs.h"
#include "model/plan.h"
#include "model/receipt.h"
#include "store/store.h"

namespace rf::loop {

enum class ActSource : std::uint8_t {
  shadow,  // A policy asked for it, and its level did not let it.
  others,  // A person, another tool, or the platform.
};

struct ObservedAct {
  ActSource source = ActSource::shadow;
  std::string policy;  // "kill", "rule:NAME"; of others: "others".
  Level level = Level::ad;
  std::string entity;  // Of a shadow: the store's key; of others: the platform's id.
  std::string name;
  std::string what;     // In words: "pause", "daily_budget 100.00 USD to 300.00 USD".
  bool less = false;    // It gives the ad less; else more.
  bool runs_on = true;  // What was done leaves the ad running.
  act::Autonomy at_level = act::Autonomy::observe;
  Instant at;
  std::vector<VerdictRecord> verdicts;

  bool operator==(const ObservedAct&) const = default;
};

struct ObservedActs {
  std::vector<ObservedAct> acts;  // Oldest first.
};

// Chosen: a fortnight's verdict needs three weeks; the rest is for whoever looks back.
inline constexpr std::chrono::hours kObservedFor{24 * 60};
inline constexpr std::size_t kObservedMax = 2000;
// The same wish on the same ad within a week is the same wish.
inline constexpr std::chrono::hours kSameWish{24 * 7};

// Errors: corrupt.
Result<ObservedActs> observed_acts(Store& store, const AccountId& account);

// Keeps what the plan's items would do whose policy may not act by itself under `limits`.
// `rules`: the account's armed rules.
Status note_shadow(Store& store, const AccountId& account, const Plan& plan,
                   const act::Limits& limits, const act::RuleActions& rules);

// Keeps what somebody else stopped, started, raised or lowered.
Status note_others(Store& store, const AccountId& account, const std::vector<act::Drift>& drifts,
                   Instant now);

// Judges those whose day has come. A wish that was carried out after all is left out: its receipt
// is judged.
// Cost: as judge_actions().
Result<ObservedActs> judge_observed(Store& store, const Account& account, Instant now);

}  // namespace rf::loop

template <>
struct rf::EnumNames<rf::loop::ActSource> {
  using S = rf::loop::ActSource;
  static constexpr auto names =
      std::to_array<std::pair<S, std::string_view>>({{S::shadow, "shadow"}, {S::others, "others"}});
};

template <>
struct rf::Described<rf::loop::ObservedAct> {
  using A = rf::loop::ObservedAct;
  static constexpr auto fields = std::tuple{
      field("source", &A::source, "shadow: wanted and not done; others: done, and not by us"),
      field("policy", &A::policy, "what wanted it, or 'others'"),
      field("level", &A::level, "campaign, adset or ad"),
      field("entity", &A::entity, "which"),
      field("name", &A::name, "the name people know"),
      field("what", &A::what, "what it does, in words"),
      field("less", &A::less, "it gives the ad less money"),
      field("runs_on", &A::runs_on, "the ad runs on"),
      field("at_level", &A::at_level, "the policy's level at the time"),
      field("at", &A::at, "when it was first wanted or seen"),
      field("verdicts", &A::verdicts, "after 3, 7 and 14 days")};
};

template <>
struct rf::Described<rf::loop::ObservedActs> {
  static constexpr auto fields =
      std::tuple{field("acts", &rf::loop::ObservedActs::acts, "oldest first")};
};
