#include "api/acting.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "act/drift.h"
#include "act/redact.h"
#include "act/undo.h"
#include "api/judged.h"
#include "api/limits.h"
#include "api/moment.h"
#include "api/numbers.h"
#include "api/sync.h"
#include "decide/judge.h"
#include "loop/ladder.h"
#include "loop/rules.h"
#include "loop/sight.h"
#include "store/documents.h"

namespace rf::api {
namespace {

// The account that is acted on: acting on several at once is a loop that a person writes.
Result<Account> one_account(Store& store, const std::optional<std::string>& asked) {
  std::vector<Account> accounts = RF_TRY(accounts_asked(store, asked));
  if (accounts.size() == 1) return accounts.front();
  if (accounts.empty()) {
    return fail(ErrorCode::not_found,
                "the store knows no account yet; import an export: reelforge import FILE");
  }
  return fail(ErrorCode::invalid,
              fmt::format("the store knows {} accounts; say which: --account ID", accounts.size()));
}

// What is known of an account before anything is done to it.
struct Ground {
  Store* store = nullptr;
  Account account;
  std::unique_ptr<AdPlatform> platform;  // Null: known from files only.
  act::Orders orders;                    // Its limits are those that policies have earned.
  act::RuleActions rules;
  std::optional<act::Limits> limits;  // As they were set.

  act::Hands hands(Services& services) const {
    return {.ledger = store->actions(), .platform = *platform, .clock = services.clock()};
  }
};

Result<act::DataFacts> facts_of(Store& store, const Account& account, Instant now) {
  Judged judged = RF_TRY(rf::api::judged(store, account, now));
  decide::Policies policies = RF_TRY(loop::policies_of(store, account.id));
  act::DataFacts facts;
  facts.known_at = RF_TRY(store.known_at(account.id, judged.sight.today - Days(1)));
  facts.tracking_broken =
      decide::tracking_looks_broken(learn::account_days(judged.sight.history, judged.sight.today),
                                    judged.sight.today, policies.tracking_days);
  const std::optional<LastSync> last = RF_TRY(last_sync(store, account.id));
  if (last) facts.completeness = last->completeness.value_or(facts.completeness);
  const std::optional<act::Snapshot> snapshot =
      RF_TRY(kept_document<act::Snapshot>(store, account.id, act::kSnapshotDocument));
  if (snapshot) facts.ads_before = act::ads_in(*snapshot);
  return facts;
}

Result<Ground> ground_of(const std::optional<std::string>& asked, const std::string& actor,
                         Services& services) {
  Ground ground;
  ground.store = RF_TRY(services.store());
  ground.account = RF_TRY(one_account(*ground.store, asked));
  ground.platform = RF_TRY(services.platform(ground.account));
  ground.orders.account = ground.account;
  ground.orders.actor = actor;
  ground.limits = RF_TRY(limits_of(*ground.store, ground.account));
  ground.rules = RF_TRY(loop::rule_actions(*ground.store, ground.account.id));
  if (ground.limits) {
    const loop::Ladder ladder = RF_TRY(loop::ladder_of(*ground.store, ground.account.id));
    ground.orders.limits = loop::earned(*ground.limits, ladder, ground.rules);
  }
  ground.orders.data = RF_TRY(facts_of(*ground.store, ground.account, services.clock().now()));
  return ground;
}

Error not_connected(const Account& account, std::string_view instead) {
  return fail(ErrorCode::unsupported,
              fmt::format("account '{}' is known from files only, nothing reaches it; {}",
                          account.id.text, instead));
}

// The plan that is meant, if it may still be acted on.
Result<Plan> plan_to_act_on(Store& store, const Account& account, const std::string& hash,
                            Instant now) {
  Plan plan = RF_TRY(store.plan(account.id, hash));
  if (!act::is_as_made(plan)) {
    return fail(ErrorCode::conflict,
                "the plan is not as it was made: its hash does not fit its "
                "contents; run a turn and approve anew");
  }
  if (now >= plan.expires_at) {
    return fail(ErrorCode::conflict, fmt::format("the plan expired at {}; run a turn first",
                                                 to_rfc3339(plan.expires_at)));
  }
  return plan;
}

Status check_items(const Plan& plan, const std::vector<std::string>& items) {
  for (const std::string& id : items) {
    const bool known =
        std::ranges::any_of(plan.items, [&](const PlanItem& item) { return item.id == id; });
    if (known) continue;
    return fail(ErrorCode::not_found,
                fmt::format("the plan has no item {}; 'reelforge plan show' lists them", id));
  }
  return {};
}

ActingOutput output_for(const Ground& ground, const std::string& plan) {
  ActingOutput output{.account = ground.account.id.text, .plan = plan};
  output.connected = ground.platform != nullptr;
  if (ground.orders.data.tracking_broken) {
    output.notices.emplace_back(
        "conversions vanished everywhere at once while clicks did not: the measurement broke, not "
        "the ads; everything that rests on it is held");
  }
  if (!ground.orders.limits) {
    output.notices.emplace_back(
        "no limits are set, so nothing is changed; see 'reelforge limits set'");
  }
  return output;
}

void add_unplaced(const act::Steps& steps, ActingOutput& output) {
  for (const act::Unplaced& each : steps.unplaced) {
    output.unplaced.push_back({each.item, fmt::format("{}: {}", each.name, each.reason)});
  }
}

void add_results(std::vector<act::StepResult> results, ActingOutput& output) {
  using enum act::StepOutcome;
  for (const act::StepResult& each : results) {
    const bool went_wrong = each.outcome == refused || each.outcome == is_void ||
                            each.outcome == unknown || each.outcome == failed;
    if (went_wrong) output.failed.push_back({each.step.name, each.code, each.reason});
  }
  output.steps = std::move(results);
}

// The plan's items behind the steps that took effect.
std::vector<PlanItem> items_done(const Plan& plan, const std::vector<act::StepResult>& results) {
  std::vector<PlanItem> done;
  for (const act::StepResult& each : results) {
    if (each.outcome != act::StepOutcome::done) continue;
    std::ranges::copy_if(plan.items, std::back_inserter(done), [&](const PlanItem& item) {
      return std::ranges::find(each.step.items, item.id) != each.step.items.end();
    });
  }
  return done;
}

// A halt that is not confirmed comes before anything else.
Status keep_halting(const Ground& ground, Services& services, ActingOutput& output) {
  act::Stopping stopping = RF_TRY(act::keep_stopping(ground.account, ground.hands(services)));
  if (!stopping.halt.halted) return {};
  output.notices.push_back(stopping.confirmed
                               ? std::string("kill-all is in force")
                               : "kill-all is in force and not confirmed: " + stopping.trouble);
  return {};
}

std::string words_for(const PlanItem& item) {
  if (item.action == Action::kill) return fmt::format("pause '{}'", item.ad);
  if (item.action == Action::revive) return fmt::format("let '{}' run again", item.ad);
  if (!item.from || !item.to) return fmt::format("{} '{}'", name_of(item.action), item.ad);
  const bool more = item.to->micros > item.from->micros;
  return fmt::format(
      "{} the budget that '{}' spends from by {} a day (it spends {}, {} is proposed)",
      more ? "raise" : "lower", item.ad,
      to_decimal(Money{std::abs(item.to->micros - item.from->micros), item.to->currency}),
      to_decimal(*item.from), to_decimal(*item.to));
}

std::vector<ByHand> by_hand(const Plan& plan, const std::vector<std::string>& items) {
  std::vector<ByHand> list;
  for (const PlanItem& item : plan.items) {
    if (item.action == Action::keep || item.action == Action::wait) continue;
    if (!items.empty() && std::ranges::find(items, item.id) == items.end()) continue;
    const std::size_t colon = item.entity.find(':');
    list.push_back({.item = item.id,
                    .account = item.account,
                    .entity = colon == std::string::npos ? "" : item.entity.substr(colon + 1),
                    .name = item.ad,
                    .what = words_for(item),
                    .from = item.from,
                    .to = item.to,
                    .reason = item.reason});
  }
  return list;
}

// A cell that no spreadsheet takes for a formula.
std::string cell(std::string_view text) {
  std::string quoted = "\"";
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) {
    quoted += '\'';
  }
  for (char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

Status write_list(const std::vector<ByHand>& list, const std::string& path) {
  if (std::filesystem::exists(path)) {
    return fail(ErrorCode::conflict, fmt::format("'{}' exists; name a new file", path));
  }
  std::ofstream out(path, std::ios::binary);
  out << "item,account,id,name,what,from,to,currency,reason\n";
  for (const ByHand& each : list) {
    out << cell(each.item) << ',' << cell(each.account) << ',' << cell(each.entity) << ','
        << cell(each.name) << ',' << cell(each.what) << ','
        << (each.from ? to_decimal(*each.from) : "") << ',' << (each.to ? to_decimal(*each.to) : "")
        << ',' << (each.to ? each.to->currency.code() : "") << ',' << cell(each.reason) << '\n';
  }
  out.flush();
  if (out.good()) return {};
  return fail(ErrorCode::unavailable, fmt::format("'{}' cannot be written", path));
}

Result<act::UndoChoice> choice_in(const UndoInput& input, const Account& account, Instant now) {
  act::UndoChoice choice;
  choice.receipts = RF_TRY(numbers_in(input.receipts, "input.receipts", "a receipt's number"));
  choice.batch = input.batch;
  if (!input.since.empty()) choice.since = RF_TRY(parse_moment(input.since, account.zone, now));
  const int ways =
      (choice.receipts.empty() ? 0 : 1) + (choice.batch.empty() ? 0 : 1) + (choice.since ? 1 : 0);
  if (ways == 1) return choice;
  return fail(ErrorCode::invalid, "say what to take back: receipt numbers, --batch or --since");
}

Result<HaltView> halt_one(const KillAllInput& input, const Account& account, Services& services) {
  Store* store = RF_TRY(services.store());
  HaltView view{.account = account.id.text};
  if (input.lift) {
    RF_TRY(act::lift(store->actions(), account.id, input.as, services.clock().now()));
    return view;
  }
  Result<std::unique_ptr<AdPlatform>> platform = services.platform(account);
  view.connected = platform && *platform != nullptr;
  if (!view.connected) {
    RF_TRY(act::put_halt(store->actions(), account.id, input.as, input.reason,
                         services.clock().now()));
    view.halt = RF_TRY(act::halt_of(store->actions(), account.id));
    view.trouble = platform ? "nothing reaches this account: pause its campaigns by hand"
                            : act::without_secrets(platform.error().message);
    return view;
  }
  const act::Hands hands{store->actions(), **platform, services.clock()};
  act::Stopping stopping = RF_TRY(act::kill_all(account, input.as, input.reason, hands));
  view.halt = stopping.halt;
  view.still_running = stopping.still_running;
  view.trouble = stopping.trouble;
  return view;
}

// The items of the account's newest plan whose policies may act by themselves.
std::vector<std::string> own_items(const Plan& plan, const Ground& ground) {
  std::vector<std::string> items;
  for (const PlanItem& item : plan.items) {
    if (item.action == Action::keep || item.action == Action::wait) continue;
    const std::string policy = act::policy_of(item, ground.rules);
    const bool may = act::level_for(*ground.orders.limits, policy) == act::Autonomy::automatic;
    if (may) items.push_back(item.id);
  }
  return items;
}

// None where nothing is left to the program.
Result<std::optional<ActingOutput>> act_by_itself(const Account& account, Services& services) {
  const Ground ground = RF_TRY(ground_of(account.id.text, "automat", services));
  if (ground.platform == nullptr || !ground.orders.limits) return std::optional<ActingOutput>();
  const Instant now = services.clock().now();
  const Result<Plan> plan = plan_to_act_on(*ground.store, account, "", now);
  if (!plan && plan.error().code == ErrorCode::not_found) return std::optional<ActingOutput>();
  if (!plan) return plan.error();
  std::vector<std::string> items = own_items(*plan, ground);
  if (items.empty()) return std::optional<ActingOutput>();
  ActingOutput acted = RF_TRY(plan_execute(
      {.items = std::move(items), .plan = plan->hash, .account = account.id.text, .as = "automat"},
      services));
  return std::optional(std::move(acted));
}

}  // namespace

Result<ActingOutput> plan_approve(const PlanApproveInput& input, Services& services) {
  Ground ground = RF_TRY(ground_of(input.account, input.as, services));
  if (ground.platform == nullptr) {
    return not_connected(ground.account, "'reelforge plan execute' lists what to do by hand");
  }
  const Instant now = services.clock().now();
  Plan plan = RF_TRY(plan_to_act_on(*ground.store, ground.account, input.plan, now));
  RF_TRY(check_items(plan, input.items));
  act::AccountNow seen = RF_TRY(act::sweep(*ground.platform, ground.account.id));
  act::Steps steps = act::steps_of(plan, input.items, seen, ground.rules);
  ActingOutput output = output_for(ground, plan.hash);
  add_unplaced(steps, output);
  for (const Step& step : steps.steps) {
    RF_TRY(
        ground.store->actions().approve(ground.account.id, {.key = step.key,
                                                            .fingerprint = act::fingerprint(step),
                                                            .person = input.as,
                                                            .at = now,
                                                            .step = step}));
  }
  // What the gate would say now, so that nobody approves in vain.
  ground.orders.steps = std::move(steps.steps);
  ground.orders.rehearse = true;
  output.steps = RF_TRY(act::execute(ground.orders, ground.hands(services)));
  return output;
}

Result<ActingOutput> plan_execute(const PlanExecuteInput& input, Services& services) {
  Ground ground = RF_TRY(ground_of(input.account, input.as, services));
  Plan plan =
      RF_TRY(plan_to_act_on(*ground.store, ground.account, input.plan, services.clock().now()));
  RF_TRY(check_items(plan, input.items));
  ActingOutput output = output_for(ground, plan.hash);
  if (ground.platform == nullptr) {
    output.by_hand = by_hand(plan, input.items);
    if (input.write) RF_TRY(write_list(output.by_hand, *input.write));
    output.notices.emplace_back(
        "this account is known from files only: nothing was executed, the "
        "list is to be done by hand");
    return output;
  }
  if (!input.dry_run) RF_TRY(keep_halting(ground, services, output));
  act::AccountNow seen = RF_TRY(act::sweep(*ground.platform, ground.account.id));
  act::Steps steps = act::steps_of(plan, input.items, seen, ground.rules);
  add_unplaced(steps, output);
  ground.orders.steps = std::move(steps.steps);
  ground.orders.rehearse = input.dry_run;
  add_results(RF_TRY(act::execute(ground.orders, ground.hands(services))), output);
  RF_TRY(loop::note_rule_acts(*ground.store, ground.account.id, items_done(plan, output.steps),
                              services.clock().now()));
  return output;
}

Result<PlanAutoOutput> plan_auto(const PlanAutoInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  PlanAutoOutput output;
  for (const Account& account : RF_TRY(accounts_asked(*store, input.account))) {
    Result<std::optional<ActingOutput>> acted = act_by_itself(account, services);
    if (!acted) {
      output.failed.push_back(failure_of(account.id.text, acted.error()));
    } else if (*acted) {
      output.accounts.push_back(std::move(**acted));
    }
  }
  return output;
}

Result<ActingOutput> undo(const UndoInput& input, Services& services) {
  Ground ground = RF_TRY(ground_of(input.account, input.as, services));
  act::UndoChoice choice = RF_TRY(choice_in(input, ground.account, services.clock().now()));
  if (ground.platform == nullptr) {
    return not_connected(ground.account, "so nothing was done that could be taken back");
  }
  ActingOutput output = output_for(ground, "");
  // A policy that lost its standing is no reason to keep what it did.
  ground.orders.limits = ground.limits;
  ground.orders.rehearse = input.dry_run;
  add_results(RF_TRY(act::undo(choice, ground.orders, ground.hands(services))), output);
  if (output.steps.empty()) output.notices.emplace_back("there is nothing left to take back");
  return output;
}

Result<ReceiptsOutput> receipts(const ReceiptsInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<Account> accounts = RF_TRY(accounts_asked(*store, input.account));
  ReceiptsOutput output;
  for (const Account& account : accounts) {
    std::vector<Receipt> all =
        RF_TRY(store->actions().receipts(account.id, {.batch = input.batch}));
    for (Receipt& each : all) output.receipts.push_back({account.id.text, std::move(each)});
  }
  std::ranges::stable_sort(output.receipts, [](const ReceiptView& a, const ReceiptView& b) {
    return std::tuple(a.receipt.asked, a.receipt.id) > std::tuple(b.receipt.asked, b.receipt.id);
  });
  output.receipts_in_all = std::ssize(output.receipts);
  if (output.receipts_in_all > input.limit) {
    output.receipts.resize(static_cast<std::size_t>(input.limit));
  }
  return output;
}

Result<KillAllOutput> kill_all(const KillAllInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  std::vector<Account> accounts = RF_TRY(accounts_asked(*store, input.account));
  if (accounts.empty()) {
    return fail(ErrorCode::not_found,
                "the store knows no account yet, so there is nothing to stop");
  }
  KillAllOutput output;
  for (const Account& account : accounts) {
    Result<HaltView> view = halt_one(input, account, services);
    if (!view) {
      // One account's trouble must not keep the others running.
      output.failed.push_back(
          {account.id.text, std::string(to_string(view.error().code)), view.error().message});
      continue;
    }
    if (view->halt.halted && !view->halt.confirmed && view->connected) {
      output.failed.push_back({account.id.text, "unavailable", view->trouble});
    }
    output.accounts.push_back(std::move(*view));
  }
  return output;
}

}  // namespace rf::api
