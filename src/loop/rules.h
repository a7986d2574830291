// Users' rules as the store keeps them: which were backtested, which are armed, when each last
// acted.
//
// Documents of an account, or of all of them: "rule_backtests", "rules_armed", "rule_acts".

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "base/result.h"
#include "base/time.h"
#include "decide/rules/ask.h"
#include "decide/rules/rule.h"
#include "model/ids.h"
#include "model/json_codecs.h"
#include "model/plan.h"
#include "store/store.h"

namespace rf::loop {

// A rule that takes part in turns, and what let it.
struct ArmedRule {
  decide::Rule rule;
  std::string hash;
  Instant armed_at;
  Instant backtested_at;
};

struct ArmedRules {
  std::vector<ArmedRule> rules;
};

// What a backtest of the rule with this hash found.
struct KeptBacktest {
  std::string rule;
  std::string hash;
  Instant at;
  std::int64_t days = 0;
  std::int64_t firings = 0;
  std::int64_t regrets = 0;
};

struct KeptBacktests {
  std::vector<KeptBacktest> backtests;
};

// Armed for this account and for all, in the order of arming; of two with one name the account's.
// Errors: those of the store; corrupt.
Result<std::vector<decide::Rule>> armed_rules(Store& store, const AccountId& account);

// Those of exactly this owner ("" for all accounts).
Result<ArmedRules> armed_by(Store& store, const AccountId& owner);
Status put_armed(Store& store, const AccountId& owner, const ArmedRules& armed);

// How many days before the open one the rules look back; 0 for none.
std::int64_t reach_of(std::span<const decide::Rule> rules);

// The backtest of this hash, of the owner's own or of all accounts.
Result<std::optional<KeptBacktest>> backtest_of(Store& store, const AccountId& owner,
                                                std::string_view hash);
// Replaces what was kept under the same hashes. The oldest are forgotten beyond kBacktestsMax.
Status keep_backtests(Store& store, const AccountId& owner, std::span<const KeptBacktest> made);

inline constexpr std::size_t kBacktestsMax = 500;

// Leaves out findings on ads that still rest after their rule's last act.
// Errors: those of the store; corrupt.
Result<std::vector<decide::RuleFinding>> rested(Store& store, const AccountId& account,
                                                std::span<const decide::Rule> rules,
                                                std::vector<decide::RuleFinding> found,
                                                Instant now);

// Begins the rest of the ads on which a rule has acted. To be called by whoever executes a plan,
// with the items that were done; items of no rule are left out.
Status note_rule_acts(Store& store, const AccountId& account, std::span<const PlanItem> done,
                      Instant now);

}  // namespace rf::loop

namespace rf {

template <>
struct Described<loop::ArmedRule> {
  using A = loop::ArmedRule;
  static constexpr auto fields =
      std::tuple{field("rule", &A::rule, "the rule", {.required = true}),
                 field("hash", &A::hash, "of what decides its acts", {.required = true}),
                 field("armed_at", &A::armed_at, "when", {.required = true}),
                 field("backtested_at", &A::backtested_at, "when", {.required = true})};
};

template <>
struct Described<loop::ArmedRules> {
  static constexpr auto fields =
      std::tuple{field("rules", &loop::ArmedRules::rules, "in the order of arming")};
};

template <>
struct Described<loop::KeptBacktest> {
  using K = loop::KeptBacktest;
  static constexpr auto fields =
      std::tuple{field("rule", &K::rule, "its name"),
                 field("hash", &K::hash, "of what decides its acts", {.required = true}),
                 field("at", &K::at, "when it was made", {.required = true}),
                 field("days", &K::days, "of the past"),
                 field("firings", &K::firings, "how often it would have acted"),
                 field("regrets", &K::regrets, "of them, on later winners")};
};

template <>
struct Described<loop::KeptBacktests> {
  static constexpr auto fields =
      std::tuple{field("backtests", &loop::KeptBacktests::backtests, "oldest first")};
};

}  // namespace rf
