#include "api/turn.h"

#include <fmt/format.h>

#include "api/judged.h"
#include "api/limits.h"
#include "api/order_join.h"
#include "loop/ladder.h"
#include "loop/observed.h"
#include "loop/turn.h"

namespace rf::api {
namespace {

TurnView view_of(const TurnRecord& record) {
  TurnView view{.id = record.id,
                .account = record.account,
                .plan_hash = record.plan_hash,
                .started = record.started};
  for (const TurnStep& step : record.steps) {
    view.steps.push_back({.name = step.name, .ms = step.ms, .rows = step.rows});
  }
  return view;
}

// Keeps what a higher level would have done, to be judged. Without limits that is everything.
Status note_wishes(Store& store, const Account& account, const Plan& plan) {
  const std::optional<act::Limits> limits = RF_TRY(limits_of(store, account));
  const act::RuleActions rules = RF_TRY(loop::rule_actions(store, account.id));
  const loop::Ladder ladder = RF_TRY(loop::ladder_of(store, account.id));
  const act::Limits stands = loop::earned(limits.value_or(act::Limits()), ladder, rules);
  return loop::note_shadow(store, account.id, plan, stands, rules);
}

}  // namespace

Result<TurnOutput> turn(const TurnInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<Account> accounts = RF_TRY(accounts_asked(*store, input.account));
  if (accounts.empty()) {
    return fail(ErrorCode::not_found,
                "the store holds no numbers yet; import an export: reelforge import FILE");
  }
  RF_TRY(join_new_orders(services));
  TurnOutput output;
  std::vector<Plan> plans;
  for (const Account& account : accounts) {
    if (services.progress().cancelled()) {
      return fail(ErrorCode::conflict, "cancelled; the accounts that were done are kept");
    }
    services.progress().report("turn", std::ssize(plans), std::ssize(accounts));
    loop::Turned turned = RF_TRY(loop::turn(*store, account, services.clock()));
    RF_TRY(note_wishes(*store, account, turned.plan));
    output.turns.push_back(view_of(turned.record));
    plans.push_back(std::move(turned.plan));
    output.notices.insert(output.notices.end(), turned.notices.begin(), turned.notices.end());
  }
  output.turn = output.turns.front();
  output.plan = side_by_side(std::move(plans));
  return output;
}

Result<Plan> plan_show(const PlanShowInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<Account> accounts = RF_TRY(accounts_asked(*store, input.account));
  std::vector<Plan> plans;
  for (const Account& account : accounts) {
    Result<Plan> plan = store->plan(account.id, input.hash);
    if (!plan && plan.error().code == ErrorCode::not_found) continue;
    plans.push_back(RF_TRY(std::move(plan)));
  }
  if (plans.empty()) {
    return fail(
        ErrorCode::not_found,
        input.hash.empty()
            ? std::string("there is no plan yet; make one: reelforge turn")
            : fmt::format("no plan has the hash '{}'; 'reelforge plan show' shows the newest",
                          input.hash));
  }
  return side_by_side(std::move(plans));
}

}  // namespace rf::api
