#include "loop/turn.h"

#include "decide/judge.h"
#include "learn/beliefs.h"
#include "loop/facts.h"
#include "loop/predictions.h"
#include "loop/rules.h"
#include "loop/sight.h"
#include "loop/stopwatch.h"

namespace rf::loop {

Result<Turned> turn(Store& store, const Account& account, const Clock& clock) {
  Turned turned{.record = {.account = account.id.text, .started = clock.now()}};
  Stopwatch stopwatch(clock, turned.record.steps);
  decide::Policies policies = RF_TRY(policies_of(store, account.id));
  std::vector<decide::Rule> rules = RF_TRY(armed_rules(store, account.id));

  Remembered news = RF_TRY(store.remember(account.id));
  stopwatch.lap("remember", news.rows);

  Sight sight = RF_TRY(look(store, account, turned.record.started, reach_of(rules)));
  stopwatch.lap("look", std::ssize(sight.history.totals));
  // What the ads show, where it is known; it was read with the look.
  if (!sight.films.by_ad.empty()) stopwatch.lap("films", std::ssize(sight.films.by_ad));

  std::vector<Belief> beliefs = learn::beliefs(sight.history, sight.today, rules_under(policies));
  stopwatch.lap("learn", std::ssize(beliefs));

  PredictionsKept predictions =
      RF_TRY(keep_predictions(store, account, sight, beliefs, turned.record.started));
  const std::int64_t touched = predictions.matched + predictions.made;
  if (touched > 0) stopwatch.lap("predict", touched);

  decide::AccountFacts facts =
      RF_TRY(facts_of(store, account, sight, beliefs, rules, turned.record.started));
  turned.plan = decide::judge(beliefs, policies, facts, turned.record.started);
  stopwatch.lap("decide", std::ssize(turned.plan.items));

  turned.record.plan_hash = turned.plan.hash;
  turned.record.id = RF_TRY(store.put_turn(turned.record, turned.plan));
  RF_TRY(remember_kills(store, account.id, beliefs, turned.plan));
  turned.notices = notices_of(account, sight, beliefs);
  add_rule_notices(turned.plan, facts.findings, turned.notices);
  return turned;
}

}  // namespace rf::loop
