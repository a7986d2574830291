#include "loop/ladder.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/check.h"
#include "loop/rules.h"
#include "store/documents.h"

namespace rf::loop {
namespace {

constexpr std::string_view kDocument = "ladder";

std::set<std::string> policies_with(const act::RuleActions& rules) {
  std::set<std::string> all(act::kPolicies.begin(), act::kPolicies.end());
  for (const auto& [rule, action] : rules) all.insert(act::rule_policy(rule));
  return all;
}

std::string policy_of(decide::RuleAction action) {
  switch (action) {
    case decide::RuleAction::pause: return "kill";
    case decide::RuleAction::raise_budget: return "increase_budget";
    case decide::RuleAction::lower_budget: return "decrease_budget";
    case decide::RuleAction::revive: return "revive";
    case decide::RuleAction::notify: return "";
  }
  check_failed(__FILE__, __LINE__, "RuleAction in range");
}

Instant moved_at(const Ladder& ladder, const std::string& policy) {
  const auto rung = ladder.rungs.find(policy);
  return rung == ladder.rungs.end() ? Instant() : rung->second.since;
}

Status put(Store& store, const AccountId& account, const Ladder& ladder, const std::string& policy,
           const std::string& actor, Instant now) {
  const Json body = JsonObject{{"policy", policy}, {"rung", to_json(ladder.rungs.at(policy))}};
  RF_TRY(store.actions().put_document(account, kDocument, to_json(ladder),
                                      {.at = now, .actor = actor, .kind = "ladder", .body = body}));
  return {};
}

// Verdicts on our own actions since each policy last moved, and on what it wanted to do.
Result<std::vector<VerdictRecord>> verdicts_since(Store& store, const Account& account,
                                                  const Ladder& ladder) {
  std::map<std::int64_t, Instant> asked;
  for (const Receipt& receipt : RF_TRY(store.actions().receipts(account.id, ReceiptQuery()))) {
    asked[receipt.id] = receipt.asked;
  }
  std::vector<VerdictRecord> all = RF_TRY(store.actions().verdicts(account.id));
  std::erase_if(all, [&](const VerdictRecord& verdict) {
    return asked[verdict.receipt] < moved_at(ladder, verdict.policy);
  });
  const ObservedActs observed = RF_TRY(observed_acts(store, account.id));
  std::int64_t number = 0;  // Acts without a receipt are told apart by numbers below zero.
  for (const ObservedAct& act : observed.acts) {
    --number;
    if (act.at < moved_at(ladder, act.policy)) continue;
    for (VerdictRecord verdict : act.verdicts) {
      verdict.receipt = number;
      all.push_back(std::move(verdict));
    }
  }
  return all;
}

}  // namespace

Result<Ladder> ladder_of(Store& store, const AccountId& account) {
  return document_of<Ladder>(store, account, kDocument);
}

Result<act::RuleActions> rule_actions(Store& store, const AccountId& account) {
  act::RuleActions actions;
  for (const decide::Rule& rule : RF_TRY(armed_rules(store, account))) {
    actions[rule.name] = policy_of(rule.action);
  }
  return actions;
}

act::Limits earned(const act::Limits& limits, const Ladder& ladder, const act::RuleActions& rules) {
  act::Limits as_it_stands = limits;
  for (const std::string& policy : policies_with(rules)) {
    const auto rung = ladder.rungs.find(policy);
    const act::Autonomy level = rung == ladder.rungs.end() ? limits.starts : rung->second.level;
    as_it_stands.levels[policy] = std::min(act::most_for(limits, policy, rules), level);
  }
  return as_it_stands;
}

Result<std::vector<Standing>> standings_of(Store& store, const Account& account,
                                           const act::Limits& limits) {
  const Ladder ladder = RF_TRY(ladder_of(store, account.id));
  const act::RuleActions rules = RF_TRY(rule_actions(store, account.id));
  const std::vector<VerdictRecord> verdicts = RF_TRY(verdicts_since(store, account, ladder));
  std::vector<Standing> all = standings(verdicts, earned(limits, ladder, rules));
  const std::set<std::string> known = policies_with(rules);
  for (Standing& standing : all) {
    // Undo, others, and rules that are no longer armed have no rung.
    if (!known.contains(standing.policy)) {
      standing.level = standing.suggested = act::Autonomy::observe;
      standing.reason.clear();
      continue;
    }
    standing.suggested =
        std::min(standing.suggested, act::most_for(limits, standing.policy, rules));
  }
  return all;
}

Result<std::vector<Moved>> climb(Store& store, const Account& account, const act::Limits& limits,
                                 Instant now) {
  std::vector<Moved> moves;
  Ladder ladder = RF_TRY(ladder_of(store, account.id));
  for (const Standing& standing : RF_TRY(standings_of(store, account, limits))) {
    if (standing.suggested == standing.level) continue;
    ladder.rungs[standing.policy] = {.level = standing.suggested,
                                     .since = now,
                                     .moved_by = "verdicts",
                                     .reason = standing.reason};
    RF_TRY(put(store, account.id, ladder, standing.policy, "verdicts", now));
    moves.push_back({.policy = standing.policy,
                     .from = standing.level,
                     .to = standing.suggested,
                     .reason = standing.reason});
  }
  return moves;
}

Status put_on_rung(Store& store, const AccountId& account, const std::string& policy,
                   act::Autonomy level, const std::string& person, Instant now) {
  const act::RuleActions rules = RF_TRY(rule_actions(store, account));
  if (!policies_with(rules).contains(policy)) {
    return fail(ErrorCode::invalid,
                fmt::format("found '{}', expected kill, promote, increase_budget, decrease_budget, "
                            "revive, or rule:NAME of an armed rule",
                            policy));
  }
  Ladder ladder = RF_TRY(ladder_of(store, account));
  ladder.rungs[policy] = {.level = level, .since = now, .moved_by = person, .reason = "asked for"};
  return put(store, account, ladder, policy, person, now);
}

}  // namespace rf::loop
