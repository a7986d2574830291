#include "act/steps.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "act/limits.h"
#include "base/sha256.h"

namespace rf::act {
namespace {

// Characters of a plan's hash that name its batch: 48 bits, which nobody meets twice by accident.
constexpr std::size_t kBatchDigits = 12;

bool asks_for_something(Action action) { return action != Action::keep && action != Action::wait; }

bool is_meant(const PlanItem& item, const std::vector<std::string>& items) {
  if (items.empty()) return asks_for_something(item.action);
  return std::ranges::find(items, item.id) != items.end();
}

// Where the platform shows what the item speaks of; null where that is not clear.
const EntityState* target_of(const PlanItem& item, const AccountNow& now) {
  for (Level level : {Level::ad, Level::adset, Level::campaign}) {
    const std::string prefix = std::string(to_string(level)) + ":";
    if (item.entity.starts_with(prefix)) return find(now, level, item.entity.substr(prefix.size()));
  }
  // A file without ids: the name must be the only one of its kind.
  const EntityState* found = nullptr;
  for (const EntityState& ad : now.ads) {
    if (ad.entity.name() != item.ad) continue;
    if (found != nullptr) return nullptr;
    found = &ad;
  }
  return found;
}

const EntityState* holder_of(const EntityState& state, const AccountNow& now) {
  if (state.daily_budget) return &state;
  if (state.entity.level == Level::ad) {
    const EntityState* adset = find(now, Level::adset, state.entity.adset_id);
    if (adset != nullptr && adset->daily_budget) return adset;
  }
  const EntityState* campaign = find(now, Level::campaign, state.entity.campaign_id);
  return campaign != nullptr && campaign->daily_budget ? campaign : nullptr;
}

Step step_on(const EntityState& state, const std::string& batch) {
  const std::string& id = own_id(state.entity);
  return {.key = fmt::format("{}:{}:{}", batch, to_string(state.entity.level), id),
          .batch = batch,
          .source = StepSource::plan,
          .policy = {},
          .items = {},
          .level = state.entity.level,
          .entity = id,
          .name = state.entity.name(),
          .campaign = state.entity.campaign_id,
          .before = setting_of(state),
          .after = setting_of(state),
          .reason = {}};
}

class Compiler {
 public:
  Compiler(const Plan& plan, const AccountNow& now, const RuleActions& rules)
      : now_(&now), rules_(&rules), batch_(batch_of(plan)) {}

  void add(const PlanItem& item) {
    if (!asks_for_something(item.action)) {
      return leave(item, fmt::format("'{}' asks for no change", name_of(item.action)));
    }
    const EntityState* target = target_of(item, *now_);
    if (target == nullptr) return leave(item, "the platform shows no such ad, or several");
    if (item.action == Action::kill) return run(item, *target, RunStatus::paused);
    if (item.action == Action::revive) return run(item, *target, RunStatus::active);
    move(item, *target);
  }

  Steps finish() {
    for (auto& [holder, moved] : moved_) close(*holder, moved);
    std::ranges::stable_sort(steps_.steps, {}, [](const Step& step) {
      const bool raises = step.before.daily_budget && step.after.daily_budget &&
                          step.after.daily_budget->micros > step.before.daily_budget->micros;
      return std::tuple(step.before.status != step.after.status ? 0 : raises ? 2 : 1);
    });
    return std::move(steps_);
  }

 private:
  struct Moved {
    std::int64_t micros = 0;
    std::vector<const PlanItem*> items;
  };

  void leave(const PlanItem& item, std::string reason) {
    steps_.unplaced.push_back({item.id, item.ad, std::move(reason)});
  }

  // Pauses what runs, or lets run what is paused.
  void run(const PlanItem& item, const EntityState& target, RunStatus wanted) {
    const RunStatus from = wanted == RunStatus::paused ? RunStatus::active : RunStatus::paused;
    if (target.status != from) {
      return leave(item, fmt::format("it is {} by now", name_of(target.status)));
    }
    Step step = step_on(target, batch_);
    step.policy = policy_of(item, *rules_);
    step.items = {item.id};
    step.after.status = wanted;
    step.reason = item.reason;
    steps_.steps.push_back(std::move(step));
  }

  void move(const PlanItem& item, const EntityState& target) {
    if (!item.from || !item.to) return leave(item, "the plan names no amounts");
    const EntityState* holder = holder_of(target, *now_);
    if (holder == nullptr) return leave(item, "nothing above it shows a daily budget");
    if (holder->daily_budget->currency != item.to->currency) {
      return leave(item, "its budget is in another currency than the plan");
    }
    Moved& moved = moved_[holder];
    std::int64_t by = 0;
    if (__builtin_sub_overflow(item.to->micros, item.from->micros, &by) ||
        __builtin_add_overflow(moved.micros, by, &moved.micros)) {
      return leave(item, "the amount is too large");
    }
    moved.items.push_back(&item);
  }

  void close(const EntityState& holder, const Moved& moved) {
    Step step = step_on(holder, batch_);
    const Money budget = *holder.daily_budget;
    Money after = budget;
    bool fits = !__builtin_add_overflow(budget.micros, moved.micros, &after.micros);
    // Written in whole coins; what is left over stays where it was.
    fits = fits && round_towards(budget, after);
    for (const PlanItem* item : moved.items) {
      if (!fits) leave(*item, "what it moves comes to no new budget");
      step.items.push_back(item->id);
      if (!step.reason.empty()) step.reason += "; ";
      step.reason += fmt::format("{}: {}", item->ad, item->reason);
    }
    if (!fits) return;
    const bool promotes = std::ranges::all_of(
        moved.items, [](const PlanItem* item) { return item->action == Action::promote; });
    step.policy = after.micros < budget.micros ? "decrease_budget"
                  : promotes                   ? "promote"
                                               : "increase_budget";
    const std::string first = policy_of(*moved.items.front(), *rules_);
    const bool one_rule = first.starts_with(rule_policy("")) &&
                          std::ranges::all_of(moved.items, [&](const PlanItem* item) {
                            return policy_of(*item, *rules_) == first;
                          });
    if (one_rule) step.policy = first;
    step.after.daily_budget = after;
    steps_.steps.push_back(std::move(step));
  }

  // Cuts `after` to a multiple of the smallest coin, towards `budget`; false where nothing is left.
  static bool round_towards(const Money& budget, Money& after) {
    std::int64_t coin = kMicrosPerUnit;
    for (int i = 0; i < budget.currency.minor_digits(); ++i) coin /= 10;
    const std::int64_t rest = after.micros % coin;
    after.micros -= rest;
    if (rest > 0 && after.micros < budget.micros) after.micros += coin;
    return after.micros > 0 && after.micros != budget.micros;
  }

  const AccountNow* now_;
  const RuleActions* rules_;
  std::string batch_;
  Steps steps_;
  std::map<const EntityState*, Moved> moved_;
};

}  // namespace

std::string batch_of(const Plan& plan) { return "p-" + plan.hash.substr(0, kBatchDigits); }

std::string policy_of(const PlanItem& item, const RuleActions& rules) {
  return rules.contains(item.reason_code) ? rule_policy(item.reason_code)
                                          : std::string(name_of(item.action));
}

Steps steps_of(const Plan& plan, const std::vector<std::string>& items, const AccountNow& now,
               const RuleActions& rules) {
  Compiler compiler(plan, now, rules);
  for (const PlanItem& item : plan.items) {
    if (is_meant(item, items)) compiler.add(item);
  }
  return compiler.finish();
}

bool is_as_made(const Plan& plan) {
  Json json = to_json(plan);
  json.as_object().erase("hash");
  return sha256_hex(to_text(json)) == plan.hash;
}

Step undo_of(const Receipt& receipt, std::int64_t attempt) {
  RF_CHECK(receipt.state == ReceiptState::done);
  Step step = receipt.step;
  step.batch = fmt::format("u-{}", receipt.id);
  step.key = fmt::format("{}:{}", step.batch, attempt);
  step.source = StepSource::undo;
  step.before = receipt.step.after;
  step.after = receipt.step.before;
  step.reason = fmt::format("takes back receipt {}", receipt.id);
  step.undoes = receipt.id;
  return step;
}

}  // namespace rf::act
