#include "loop/observed.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "act/steps.h"
#include "store/documents.h"

namespace rf::loop {
namespace {

constexpr std::string_view kDocument = "observed_acts";

// A wish that is carried out is carried out soon: its plan expires.
constexpr Duration kCarriedOutWithin = std::chrono::hours(72);

Status put(Store& store, const AccountId& account, ObservedActs acts, Instant now) {
  std::erase_if(acts.acts, [&](const ObservedAct& act) { return act.at + kObservedFor < now; });
  if (acts.acts.size() > kObservedMax) {
    const auto surplus = static_cast<std::ptrdiff_t>(acts.acts.size() - kObservedMax);
    acts.acts.erase(acts.acts.begin(), acts.acts.begin() + surplus);
  }
  return store.put_document(account, kDocument, to_json(acts));
}

bool wanted_lately(const ObservedActs& acts, const ObservedAct& wish) {
  return std::ranges::any_of(acts.acts, [&](const ObservedAct& act) {
    return act.source == wish.source && act.policy == wish.policy && act.entity == wish.entity &&
           act.what == wish.what && act.at + kSameWish > wish.at;
  });
}

std::optional<ObservedAct> wish_of(const PlanItem& item, const act::RuleActions& rules,
                                   Instant now) {
  ObservedAct wish{.source = ActSource::shadow,
                   .policy = act::policy_of(item, rules),
                   .level = Level::ad,
                   .entity = item.entity,
                   .name = item.ad,
                   .what = std::string(name_of(item.action)),
                   .at = now};
  switch (item.action) {
    case Action::kill:
    case Action::decrease_budget: wish.less = true; return wish;
    case Action::promote:
    case Action::revive:
    case Action::increase_budget: return wish;
    case Action::keep:
    case Action::wait: return std::nullopt;
  }
  check_failed(__FILE__, __LINE__, "Action in range");
}

// "ad:123" as level and id.
std::optional<std::pair<Level, std::string>> thing_of(std::string_view thing) {
  for (const Level level : {Level::ad, Level::adset, Level::campaign}) {
    const std::string prefix = std::string(to_string(level)) + ":";
    if (thing.starts_with(prefix))
      return std::pair(level, std::string(thing.substr(prefix.size())));
  }
  return std::nullopt;
}

std::optional<ObservedAct> act_of(const act::Drift& drift, Instant now) {
  const auto thing = thing_of(drift.thing);
  const bool status = drift.what == "status";
  if (!thing || (!status && drift.what != "daily_budget")) return std::nullopt;
  ObservedAct act{.source = ActSource::others,
                  .policy = "others",
                  .level = thing->first,
                  .entity = thing->second,
                  .name = drift.name,
                  .what = fmt::format("{} {} to {}", drift.what, drift.before, drift.after),
                  .at = now};
  if (status) {
    act.runs_on = drift.after == name_of(RunStatus::active);
    act.less = !act.runs_on;
    return act;
  }
  // A budget that came or went is no more and no less.
  if (drift.before == "none" || drift.after == "none") return std::nullopt;
  act.less = !drift.alarm;  // A raise is an alarm.
  return act;
}

bool was_carried_out(const ObservedAct& wish, const std::vector<Receipt>& receipts) {
  return wish.source == ActSource::shadow &&
         std::ranges::any_of(receipts, [&](const Receipt& receipt) {
           return receipt.state == ReceiptState::done && receipt.step.policy == wish.policy &&
                  wish.entity.ends_with(":" + receipt.step.entity) && receipt.asked >= wish.at &&
                  receipt.asked < wish.at + kCarriedOutWithin;
         });
}

bool has_verdict(const ObservedAct& act, std::int64_t after) {
  return std::ranges::find(act.verdicts, after, &VerdictRecord::after_days) != act.verdicts.end();
}

Status judge_one(Store& store, const Account& account, const Courtroom& room, ObservedAct& act,
                 Instant now) {
  const Day day = account.zone.day_at(act.at);
  for (const std::int64_t after : kAfterDays) {
    if (account.zone.day_at(now) <= day + Days(after) || has_verdict(act, after)) continue;
    VerdictRecord verdict{.policy = act.policy, .after_days = after, .judged_at = now};
    const Change change{.ads = act.source == ActSource::shadow
                                   ? std::set<std::string>{act.entity}
                                   : ads_of(act.level, act.entity, room),
                        .window = window_after(day, after, act.runs_on),
                        .direction = act.less ? learn::Direction::less : learn::Direction::more};
    RF_TRY(judge_change(store, account.id, room, change, verdict));
    act.verdicts.push_back(std::move(verdict));
  }
  return {};
}

}  // namespace

Result<ObservedActs> observed_acts(Store& store, const AccountId& account) {
  return document_of<ObservedActs>(store, account, kDocument);
}

Status note_shadow(Store& store, const AccountId& account, const Plan& plan,
                   const act::Limits& limits, const act::RuleActions& rules) {
  ObservedActs acts = RF_TRY(observed_acts(store, account));
  const std::size_t before = acts.acts.size();
  for (const PlanItem& item : plan.items) {
    std::optional<ObservedAct> wish = wish_of(item, rules, plan.made_at);
    if (!wish) continue;
    wish->at_level = act::level_for(limits, wish->policy);
    if (wish->at_level == act::Autonomy::automatic || wanted_lately(acts, *wish)) continue;
    acts.acts.push_back(std::move(*wish));
  }
  if (acts.acts.size() == before) return {};
  return put(store, account, std::move(acts), plan.made_at);
}

Status note_others(Store& store, const AccountId& account, const std::vector<act::Drift>& drifts,
                   Instant now) {
  ObservedActs acts = RF_TRY(observed_acts(store, account));
  const std::size_t before = acts.acts.size();
  for (const act::Drift& drift : drifts) {
    std::optional<ObservedAct> act = act_of(drift, now);
    if (act && !wanted_lately(acts, *act)) acts.acts.push_back(std::move(*act));
  }
  if (acts.acts.size() == before) return {};
  return put(store, account, std::move(acts), now);
}

Result<ObservedActs> judge_observed(Store& store, const Account& account, Instant now) {
  ObservedActs acts = RF_TRY(observed_acts(store, account.id));
  if (acts.acts.empty()) return acts;
  RF_TRY(store.remember(account.id));
  const std::vector<Receipt> receipts =
      RF_TRY(store.actions().receipts(account.id, {.since = now - kObservedFor}));
  std::erase_if(acts.acts, [&](const ObservedAct& act) { return was_carried_out(act, receipts); });
  const Courtroom room = RF_TRY(courtroom_of(store, account.id));
  for (ObservedAct& act : acts.acts) RF_TRY(judge_one(store, account, room, act, now));
  RF_TRY(put(store, account.id, acts, now));
  return acts;
}

}  // namespace rf::loop
