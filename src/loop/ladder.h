// How much each policy and rule may do by itself: observe, propose, approve, auto.
//
// The limits say the most. Below it a policy stands on a rung that only its verdicts move, a step
// at a time, in both directions; a person may put it elsewhere, which is logged as everything is.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "act/limits.h"
#include "base/described.h"
#include "base/result.h"
#include "base/time.h"
#include "loop/observed.h"
#include "loop/verdicts.h"
#include "model/json_codecs.h"
#include "store/store.h"

namespace rf::loop {

struct Rung {
  act::Autonomy level = act::Autonomy::approve;
  Instant since;         // What was done before counts no more.
  std::string moved_by;  // "verdicts", or a person.
  std::string reason;

  bool operator==(const Rung&) const = default;
};

struct Ladder {
  std::map<std::string, Rung> rungs;  // By policy; one that never moved is not here.

  bool operator==(const Ladder&) const = default;
};

// Errors: corrupt.
Result<Ladder> ladder_of(Store& store, const AccountId& account);

// The account's armed rules.
Result<act::RuleActions> rule_actions(Store& store, const AccountId& account);

// The limits with the level of each policy and rule as it stands: the rung, and no more than the
// limits allow.
act::Limits earned(const act::Limits& limits, const Ladder& ladder, const act::RuleActions& rules);

// How each policy stands by what was done and wanted since it last moved. Of actions that somebody
// else did there is one line, "others", without a level.
Result<std::vector<Standing>> standings_of(Store& store, const Account& account,
                                           const act::Limits& limits);

struct Moved {
  std::string policy;
  act::Autonomy from = act::Autonomy::approve;
  act::Autonomy to = act::Autonomy::approve;
  std::string reason;
};

// Moves every policy whose verdicts speak for it, one step, and logs it.
// Errors: those of the store.
Result<std::vector<Moved>> climb(Store& store, const Account& account, const act::Limits& limits,
                                 Instant now);

// Puts a policy on a rung because a person says so.
// Errors: invalid, for a policy or rule that there is not.
Status put_on_rung(Store& store, const AccountId& account, const std::string& policy,
                   act::Autonomy level, const std::string& person, Instant now);

}  // namespace rf::loop

template <>
struct rf::Described<rf::loop::Rung> {
  using R = rf::loop::Rung;
  static constexpr auto fields =
      std::tuple{field("level", &R::level, "observe, propose, approve or auto"),
                 field("since", &R::since, "verdicts on what came after it count"),
                 field("moved_by", &R::moved_by, "'verdicts', or a person"),
                 field("reason", &R::reason, "in numbers")};
};

template <>
struct rf::Described<rf::loop::Ladder> {
  static constexpr auto fields = std::tuple{field("rungs", &rf::loop::Ladder::rungs, "by policy")};
};
