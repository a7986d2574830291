#include "loop/turn.h"

#include "decide/judge.h"
#include "learn/beliefs.h"
#include "loop/judgement.h"
#include "loop/plan_of_plans.h"
#include "loop/stopwatch.h"

namespace rf::loop {

Result<Turned> turn(Store& store, const std::vector<Account>& accounts, const Clock& clock,
                    Progress& progress) {
  RF_CHECK(!accounts.empty());
  Turned turned{.record = {.started = clock.now()}};
  Stopwatch stopwatch(clock, turned.record.steps);
  std::vector<Plan> plans;

  for (const Account& account : accounts) {
    if (progress.cancelled()) return fail(ErrorCode::conflict, "the turn was cancelled");
    progress.report("turn", static_cast<std::int64_t>(plans.size()), std::ssize(accounts));

    decide::Policies policies = RF_TRY(policies_of(store, account.id));
    Remembered news = RF_TRY(store.remember(account.id));
    stopwatch.lap("remember", news.rows);

    Sight sight = RF_TRY(look(store, account, turned.record.started));
    stopwatch.lap("look", std::ssize(sight.history.totals));

    std::vector<Belief> beliefs =
        learn::beliefs(sight.history, sight.today, belief_rules(policies));
    stopwatch.lap("learn", std::ssize(beliefs));

    plans.push_back(decide_on(account, sight, beliefs, policies, turned.record.started));
    stopwatch.lap("decide", std::ssize(plans.back().items));
    turned.notices.insert(turned.notices.end(), sight.notices.begin(), sight.notices.end());
  }

  turned.plan = plan_of_plans(std::move(plans));
  turned.record.account = turned.plan.account;
  turned.record.plan_hash = turned.plan.hash;
  turned.record.id = RF_TRY(store.put_turn(turned.record, turned.plan));
  stopwatch.lap("keep", std::ssize(turned.plan.items));
  return turned;
}

}  // namespace rf::loop
