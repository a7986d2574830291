#include "api/turn.h"

#include "api/accounts_asked.h"
#include "loop/turn.h"

namespace rf::api {

Result<TurnOutput> turn(const TurnInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<Account> accounts = RF_TRY(accounts_asked(*store, input.account));
  if (accounts.empty()) {
    return fail(ErrorCode::not_found, "the store holds no numbers yet; import an export: reelforge "
                                      "import FILE");
  }
  loop::Turned turned =
      RF_TRY(loop::turn(*store, accounts, services.clock(), services.progress()));
  TurnOutput output{.turn = {.id = turned.record.id, .started = turned.record.started},
                    .plan = std::move(turned.plan),
                    .notices = std::move(turned.notices)};
  for (const TurnStep& step : turned.record.steps) {
    output.turn.steps.push_back({.name = step.name, .ms = step.ms, .rows = step.rows});
  }
  return output;
}

Result<Plan> plan_show(const PlanShowInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  return store->plan(AccountId{}, input.hash);
}

}  // namespace rf::api
