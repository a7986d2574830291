#include "loop/rules.h"

#include <algorithm>
#include <map>

#include "store/documents.h"

namespace rf::loop {
namespace {

constexpr std::string_view kArmed = "rules_armed";
constexpr std::string_view kBacktests = "rule_backtests";
constexpr std::string_view kActs = "rule_acts";

// A rest longer than a rule may ask for is over.
constexpr std::chrono::hours kLongestRest{8760};

using Acts = std::map<std::string, Instant>;

// A rule's name has no space.
std::string act_key(std::string_view rule, std::string_view entity) {
  std::string key(rule);
  key += ' ';
  key += entity;
  return key;
}

}  // namespace

Result<std::vector<decide::Rule>> armed_rules(Store& store, const AccountId& account) {
  std::vector<decide::Rule> rules;
  for (const AccountId& owner : {account, AccountId{}}) {
    ArmedRules armed = RF_TRY(armed_by(store, owner));
    for (ArmedRule& each : armed.rules) {
      const bool known = std::ranges::any_of(
          rules, [&](const decide::Rule& rule) { return rule.name == each.rule.name; });
      if (!known) rules.push_back(std::move(each.rule));
    }
  }
  return rules;
}

Result<ArmedRules> armed_by(Store& store, const AccountId& owner) {
  return document_of<ArmedRules>(store, owner, kArmed);
}

Status put_armed(Store& store, const AccountId& owner, const ArmedRules& armed) {
  return store.put_document(owner, kArmed, to_json(armed));
}

std::int64_t reach_of(std::span<const decide::Rule> rules) {
  std::int64_t reach = 0;
  for (const decide::Rule& rule : rules) reach = std::max(reach, decide::reach_of(rule));
  return reach;
}

Result<std::optional<KeptBacktest>> backtest_of(Store& store, const AccountId& owner,
                                                std::string_view hash) {
  for (const AccountId& each : {owner, AccountId{}}) {
    KeptBacktests kept = RF_TRY(document_of<KeptBacktests>(store, each, kBacktests));
    const auto found = std::ranges::find(kept.backtests, hash, &KeptBacktest::hash);
    if (found != kept.backtests.end()) return std::optional(std::move(*found));
  }
  return std::optional<KeptBacktest>();
}

Status keep_backtests(Store& store, const AccountId& owner, std::span<const KeptBacktest> made) {
  KeptBacktests kept = RF_TRY(document_of<KeptBacktests>(store, owner, kBacktests));
  for (const KeptBacktest& each : made) {
    std::erase_if(kept.backtests, [&](const KeptBacktest& old) { return old.hash == each.hash; });
    kept.backtests.push_back(each);
  }
  if (kept.backtests.size() > kBacktestsMax) {
    const auto surplus = static_cast<std::ptrdiff_t>(kept.backtests.size() - kBacktestsMax);
    kept.backtests.erase(kept.backtests.begin(), kept.backtests.begin() + surplus);
  }
  return store.put_document(owner, kBacktests, to_json(kept));
}

Result<std::vector<decide::RuleFinding>> rested(Store& store, const AccountId& account,
                                                std::span<const decide::Rule> rules,
                                                std::vector<decide::RuleFinding> found,
                                                Instant now) {
  if (found.empty()) return found;
  Acts acts = RF_TRY(document_of<Acts>(store, account, kActs));
  std::erase_if(found, [&](const decide::RuleFinding& finding) {
    const auto last = acts.find(act_key(finding.rule, finding.entity));
    const auto rule = std::ranges::find(rules, finding.rule, &decide::Rule::name);
    if (last == acts.end() || rule == rules.end()) return false;
    return now < last->second + std::chrono::hours(rule->cooldown_hours);
  });
  return found;
}

Status note_rule_acts(Store& store, const AccountId& account, std::span<const PlanItem> done,
                      Instant now) {
  std::vector<decide::Rule> rules = RF_TRY(armed_rules(store, account));
  Acts acts = RF_TRY(document_of<Acts>(store, account, kActs));
  bool changed = false;
  for (const PlanItem& item : done) {
    const auto rule = std::ranges::find(rules, item.reason_code, &decide::Rule::name);
    if (rule == rules.end()) continue;
    acts[act_key(rule->name, item.entity)] = now;
    changed = true;
  }
  if (!changed) return {};
  std::erase_if(acts, [&](const auto& act) { return act.second + kLongestRest < now; });
  return store.put_document(account, kActs, to_json(acts));
}

}  // namespace rf::loop
