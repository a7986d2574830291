#include "act/kill_all.h"

#include <algorithm>

#include <fmt/format.h>

namespace rf::act {
namespace {

Status keep(ActionLedger& ledger, const AccountId& account, const Halt& halt, Instant at,
            const std::string& actor) {
  RF_TRY(ledger.put_document(account, kHaltDocument, to_json(halt),
                             {.at = at, .actor = actor, .kind = "halt", .body = to_json(halt)}));
  return {};
}

// One pause for each campaign that runs. A campaign that somebody started again gets a new one.
std::vector<Step> stops(const AccountNow& now, const Halt& halt,
                        const std::vector<Receipt>& receipts) {
  std::vector<Step> steps;
  const std::string batch = "k-" + to_rfc3339(halt.at);
  for (const EntityState& campaign : now.campaigns) {
    if (campaign.status != RunStatus::active) continue;
    const std::string& id = campaign.entity.campaign_id;
    const auto before = std::ranges::count_if(receipts, [&](const Receipt& receipt) {
      return receipt.step.batch == batch && receipt.step.entity == id &&
             (receipt.state == ReceiptState::done || receipt.state == ReceiptState::overtaken);
    });
    Step step{.key = fmt::format("{}:{}:{}", batch, id, before),
              .batch = batch,
              .source = StepSource::kill_all,
              .policy = "kill_all",
              .items = {},
              .level = Level::campaign,
              .entity = id,
              .name = campaign.entity.campaign_name,
              .campaign = id,
              .before = setting_of(campaign),
              .after = setting_of(campaign),
              .reason = halt.reason};
    step.after.status = RunStatus::paused;
    steps.push_back(std::move(step));
  }
  return steps;
}

Status stop_everything(const Account& account, const Hands& hands, Stopping& stopping) {
  RF_TRY(resolve(account.id, std::chrono::minutes(Limits().settle_minutes), hands));
  std::vector<Receipt> receipts = RF_TRY(hands.ledger.receipts(account.id, ReceiptQuery()));
  AccountNow now = RF_TRY(sweep(hands.platform, account.id));
  Orders orders{.account = account,
                .limits = {},
                .data = {},
                .actor = stopping.halt.actor,
                .steps = stops(now, stopping.halt, receipts)};
  stopping.results = RF_TRY(execute(orders, hands));
  now = RF_TRY(sweep(hands.platform, account.id));
  stopping.still_running =
      std::ranges::count(now.campaigns, RunStatus::active, &EntityState::status);
  std::vector<Receipt> open = RF_TRY(hands.ledger.receipts(account.id, {.open_only = true}));
  stopping.confirmed = stopping.still_running == 0 && open.empty();
  if (!open.empty()) stopping.trouble = "what became of an earlier change is not known yet";
  return {};
}

}  // namespace

Status put_halt(ActionLedger& ledger, const AccountId& account, const std::string& actor,
                const std::string& reason, Instant now) {
  Halt halt = RF_TRY(halt_of(ledger, account));
  if (!halt.halted) {
    halt = {.halted = true, .at = now, .actor = actor, .reason = reason};
  } else if (halt.confirmed) {
    halt.confirmed.reset();  // Asked again: look again.
  } else {
    return {};
  }
  return keep(ledger, account, halt, now, actor);
}

Result<Stopping> kill_all(const Account& account, const std::string& actor,
                          const std::string& reason, const Hands& hands) {
  RF_TRY(put_halt(hands.ledger, account.id, actor, reason, hands.clock.now()));
  return keep_stopping(account, hands);
}

Result<Stopping> keep_stopping(const Account& account, const Hands& hands) {
  Stopping stopping;
  stopping.halt = RF_TRY(halt_of(hands.ledger, account.id));
  stopping.confirmed = stopping.halt.confirmed.has_value();
  if (!stopping.halt.halted || stopping.confirmed) return stopping;
  Status stopped = stop_everything(account, hands, stopping);
  if (!stopped) stopping.trouble = stopped.error().message;
  if (stopping.still_running > 0 && stopping.trouble.empty()) {
    stopping.trouble = fmt::format("{} campaigns still run", stopping.still_running);
  }
  if (!stopping.confirmed) return stopping;
  stopping.halt.confirmed = hands.clock.now();
  RF_TRY(
      keep(hands.ledger, account.id, stopping.halt, *stopping.halt.confirmed, stopping.halt.actor));
  return stopping;
}

Status lift(ActionLedger& ledger, const AccountId& account, const std::string& actor, Instant now) {
  Halt halt = RF_TRY(halt_of(ledger, account));
  if (!halt.halted) return fail(ErrorCode::not_found, "kill-all is not in force");
  return keep(ledger, account, Halt(), now, actor);
}

}  // namespace rf::act
