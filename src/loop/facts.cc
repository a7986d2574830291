#include "loop/facts.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/described.h"
#include "loop/arrivals.h"
#include "loop/rules.h"
#include "model/json_codecs.h"
#include "store/documents.h"

namespace rf::loop {

// What was known when a plan first asked for the ad's end.
struct Kill {
  Instant at;
  double conversions = 0;
  double spend_per_day = 0;
};

}  // namespace rf::loop

template <>
struct rf::Described<rf::loop::Kill> {
  using Kill = rf::loop::Kill;
  static constexpr auto fields =
      std::tuple{field("at", &Kill::at, "when", {.required = true}),
                 field("conversions", &Kill::conversions, "that had arrived"),
                 field("spend_per_day", &Kill::spend_per_day, "in the currency's unit")};
};

namespace rf::loop {
namespace {

constexpr std::string_view kKills = "kills";

// Platforms restate a day for four weeks; conversions that come later than twice that are not of
// the days before the kill.
constexpr Days kRemembered{56};

// An ad that is still spending so long after it was to be killed was kept by a person.
constexpr Days kObeyed{10};

using Kills = std::map<std::string, Kill>;

}  // namespace

double target_cpa_of(const decide::Policies& policies, std::span<const Belief> beliefs) {
  if (policies.target_cpa) return *policies.target_cpa;
  for (const Belief& belief : beliefs) {
    if (belief.group_cpa) return *belief.group_cpa;
  }
  return decide::kNotReported;
}

Result<decide::AccountFacts> facts_of(Store& store, const Account& account, const Sight& sight,
                                      std::span<const Belief> beliefs,
                                      std::span<const decide::Rule> rules, Instant now) {
  decide::AccountFacts facts{.account = account,
                             .today = sight.today,
                             .days = learn::account_days(sight.history, sight.today)};
  Kills kills = RF_TRY(document_of<Kills>(store, account.id, kKills));
  for (const auto& [entity, kill] : kills) {
    facts.killed[entity] = {.conversions = kill.conversions, .spend_per_day = kill.spend_per_day};
  }
  std::optional<learn::ArrivalCurve> curve =
      RF_TRY(arrival_of(store, account, beliefs, sight.today));
  if (curve) facts.complete = complete_counts(*curve, sight.history, beliefs, sight.today);
  if (rules.empty()) return facts;
  decide::Policies policies = RF_TRY(policies_of(store, account.id));
  std::vector<decide::RuleFinding> found = decide::findings(
      rules, sight.history, beliefs, sight.today, target_cpa_of(policies, beliefs));
  facts.findings = RF_TRY(rested(store, account.id, rules, std::move(found), now));
  return facts;
}

Status remember_kills(Store& store, const AccountId& account, std::span<const Belief> beliefs,
                      const Plan& plan) {
  Kills kills = RF_TRY(document_of<Kills>(store, account, kKills));
  std::unordered_map<std::string_view, const Belief*> by_entity;
  for (const Belief& belief : beliefs) by_entity[belief.id.text] = &belief;
  bool changed = false;
  for (const PlanItem& item : plan.items) {
    const auto found = by_entity.find(item.entity);
    if (found == by_entity.end()) continue;
    const Belief& belief = *found->second;
    const auto known = kills.find(item.entity);
    if (item.action == Action::kill) {
      if (known != kills.end() || !belief.conversions_arrived) continue;
      kills[item.entity] = {.at = plan.made_at,
                            .conversions = std::max(0.0, *belief.conversions_arrived),
                            .spend_per_day = belief.spend_per_day.value_or(0)};
      changed = true;
    } else if (known != kills.end() && belief.spend_per_day.value_or(0) > 0 &&
               plan.made_at > known->second.at + kObeyed) {
      kills.erase(known);
      changed = true;
    }
  }
  const auto old = std::erase_if(
      kills, [&](const auto& kill) { return kill.second.at + kRemembered < plan.made_at; });
  if (!changed && old == 0) return {};
  return store.put_document(account, kKills, to_json(kills));
}

void add_rule_notices(const Plan& plan, std::span<const decide::RuleFinding> findings,
                      std::vector<std::string>& notices) {
  for (const decide::RuleFinding& finding : findings) {
    if (finding.action != decide::RuleAction::notify) continue;
    const auto item = std::ranges::find(plan.items, finding.entity, &PlanItem::entity);
    notices.push_back(fmt::format("{}: {}: {}", plan.account,
                                  item == plan.items.end() ? finding.entity : item->ad,
                                  finding.text));
  }
}

}  // namespace rf::loop
