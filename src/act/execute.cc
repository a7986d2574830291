#include "act/execute.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "act/redact.h"

namespace rf::act {
namespace {

// How often one step is looked at anew because somebody else wrote in between. Others need at least
// two writes for each of their steps, so more rounds than this mean a crowd, not bad luck.
constexpr int kRounds = 5;

// The platform's own word that it did not do it. Anything else may have happened.
bool is_certain_no(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid:
    case ErrorCode::not_found:
    case ErrorCode::conflict:
    case ErrorCode::denied:
    case ErrorCode::throttled:
    case ErrorCode::unsupported:
    case ErrorCode::over_limit: return true;
    case ErrorCode::unavailable:
    case ErrorCode::outcome_unknown:
    case ErrorCode::corrupt: return false;
  }
  check_failed(__FILE__, __LINE__, "ErrorCode in range");
}

// After these the next step would meet the same.
bool ends_the_round(const Error& error) {
  return error.code == ErrorCode::throttled || error.code == ErrorCode::unavailable;
}

Change change_of(const Step& step) {
  Change change{.level = step.level, .id = step.entity, .status = {}, .daily_budget = {}};
  if (step.before.status != step.after.status) {
    change.status = step.after.status;
  } else {
    change.daily_budget = step.after.daily_budget;
  }
  return change;
}

StepResult with_error(const Step& step, StepOutcome outcome, const Error& error) {
  return {.step = step,
          .outcome = outcome,
          .code = std::string(to_string(error.code)),
          .limit = {},
          .reason = without_secrets(error.message),
          .next_step = {},
          .approved_by = {},
          .receipt = {}};
}

StepResult without_error(const Step& step, StepOutcome outcome, std::int64_t receipt) {
  return {.step = step,
          .outcome = outcome,
          .code = {},
          .limit = {},
          .reason = {},
          .next_step = {},
          .approved_by = {},
          .receipt = receipt};
}

class Executor {
 public:
  Executor(const Orders& orders, const Hands& hands) : orders_(orders), hands_(hands) {
    situation_.account = orders.account;
    situation_.data = orders.data;
  }

  Result<std::vector<StepResult>> run() {
    std::vector<StepResult> results;
    results.reserve(orders_.steps.size());
    for (const Step& step : orders_.steps) {
      if (stopped_by_) {
        results.push_back(with_error(step, StepOutcome::failed, *stopped_by_));
        continue;
      }
      StepResult result = RF_TRY(run(step));
      results.push_back(std::move(result));
    }
    return results;
  }

 private:
  const AccountId& account() const { return orders_.account.id; }

  Duration settle_time() const {
    return std::chrono::minutes(orders_.limits ? orders_.limits->settle_minutes
                                               : Limits().settle_minutes);
  }

  // The log is read first: whatever is written after that, by anybody, is noticed when we write.
  Status look_around() {
    head_ = RF_TRY(hands_.ledger.head(account()));
    situation_.receipts =
        RF_TRY(hands_.ledger.receipts(account(), {.since = hands_.clock.now() - kMemory}));
    Halt halt = RF_TRY(halt_of(hands_.ledger, account()));
    situation_.halted = halt.halted;
    situation_.now = RF_TRY(sweep(hands_.platform, account()));
    fresh_ = true;
    return {};
  }

  Result<StepResult> run(const Step& step) {
    for (int round = 0; round < kRounds; ++round) {
      if (!fresh_) RF_TRY(look_around());
      if (std::optional<StepResult> known = known_result(step)) return *known;
      std::optional<StepResult> unfit = RF_TRY(look_at(step));
      if (unfit) return *unfit;
      StepResult permission = RF_TRY(ask_gate(step));
      if (permission.outcome != StepOutcome::allowed || orders_.rehearse) return permission;
      Receipt receipt = receipt_of(step, permission);
      Result<std::int64_t> opened = hands_.ledger.open(account(), receipt, head_);
      if (opened) {
        head_ = *opened;
        return ask_platform(receipt);
      }
      if (opened.error().code != ErrorCode::conflict) return std::move(opened).error();
      fresh_ = false;
    }
    return with_error(step, StepOutcome::failed,
                      fail(ErrorCode::conflict, "others keep changing this account; try again"));
  }

  // What earlier calls did about this step.
  std::optional<StepResult> known_result(const Step& step) const {
    for (const Receipt& receipt : situation_.receipts) {
      const bool is_it = receipt.step.key == step.key;
      if (is_it && receipt.state == ReceiptState::done) {
        return without_error(step, StepOutcome::already, receipt.id);
      }
      if (is_it && receipt.state == ReceiptState::overtaken) {
        StepResult result = with_error(step, StepOutcome::is_void,
                                       fail(ErrorCode::conflict, "somebody else changed it"));
        result.receipt = receipt.id;
        return result;
      }
      const bool same_thing =
          receipt.step.level == step.level && receipt.step.entity == step.entity;
      if (receipt.open() && (is_it || same_thing)) {
        StepResult result =
            with_error(step, StepOutcome::unknown,
                       fail(ErrorCode::outcome_unknown,
                            fmt::format("what became of receipt {} is not known yet", receipt.id)));
        result.next_step = "try again in a few minutes";
        result.receipt = receipt.id;
        return result;
      }
    }
    return std::nullopt;
  }

  // Reads the thing anew; a result where the step is not for it as it stands.
  Result<std::optional<StepResult>> look_at(const Step& step) {
    Result<EntityState> state = hands_.platform.read(account(), step.level, step.entity);
    if (!state) {
      if (ends_the_round(state.error())) stopped_by_ = state.error();
      return std::optional(with_error(step, StepOutcome::failed, state.error()));
    }
    EntityState* held = find(situation_.now, step.level, step.entity);
    if (held == nullptr) {
      fresh_ = false;  // It came into being after we looked around.
      return std::optional(with_error(
          step, StepOutcome::failed,
          fail(ErrorCode::conflict, "it is not among what the platform lists; try again")));
    }
    *held = *state;
    const Setting now = setting_of(*state);
    if (same(now, step.before)) return std::optional<StepResult>();
    if (same(now, step.after)) {
      StepResult result = without_error(step, StepOutcome::already, 0);
      result.receipt.reset();
      return std::optional(std::move(result));
    }
    return std::optional(
        with_error(step, StepOutcome::is_void,
                   fail(ErrorCode::conflict,
                        fmt::format("it was changed since: found {}, expected {}",
                                    to_text(to_json(now)), to_text(to_json(step.before))))));
  }

  Result<StepResult> ask_gate(const Step& step) {
    std::vector<Approval> approvals = RF_TRY(hands_.ledger.approvals(account(), step.batch));
    std::vector<std::string> people = consents(step, approvals);
    situation_.at = hands_.clock.now();
    const Decision decision = may(step, people, orders_.limits, situation_);
    StepResult result{.step = step,
                      .outcome = StepOutcome::allowed,
                      .code = {},
                      .limit = {},
                      .reason = {},
                      .next_step = {},
                      .people = decision.people,
                      .approved_by = std::move(people),
                      .receipt = {}};
    raise_ = decision.raise;
    if (decision.allowed) return result;
    const bool waits = decision.limit == "quorum" || (decision.limit == "level" && decision.people);
    result.outcome = waits ? StepOutcome::waiting : StepOutcome::refused;
    result.code = to_string(decision.code);
    result.limit = decision.limit;
    result.reason = decision.reason;
    result.next_step = decision.next_step;
    if (!orders_.rehearse && !waits) RF_TRY(log_refusal(result));
    return result;
  }

  Status log_refusal(const StepResult& result) {
    const std::int64_t number = RF_TRY(hands_.ledger.note(
        account(),
        {.at = situation_.at, .actor = orders_.actor, .kind = "refused", .body = to_json(result)}));
    moved_to(number);
    return {};
  }

  // Our own entry follows the last one that we saw, or somebody else wrote in between.
  void moved_to(std::int64_t number) {
    fresh_ = fresh_ && number == head_ + 1;
    head_ = number;
  }

  Receipt receipt_of(const Step& step, const StepResult& permission) const {
    return {.step = step,
            .actor = orders_.actor,
            .approved_by = permission.approved_by,
            .state = ReceiptState::sent,
            .raise = raise_,
            .at = situation_.at,
            .asked = situation_.at,
            .looked = situation_.at,
            .found = {},
            .note = {}};
  }

  // From here on the platform may have done it, whatever we hear.
  Result<StepResult> ask_platform(Receipt receipt) {
    // A process that slept for long must not ask: others may have given the receipt up.
    if (hands_.clock.now() - receipt.asked > settle_time() / 2) {
      return settle(std::move(receipt),
                    fail(ErrorCode::conflict, "too long passed before the platform was asked"));
    }
    Status asked = hands_.platform.change(account(), change_of(receipt.step));
    if (!asked && ends_the_round(asked.error())) stopped_by_ = asked.error();
    if (!asked && is_certain_no(asked.error().code)) {
      return settle(std::move(receipt), std::move(asked).error());
    }
    return read_back(std::move(receipt), asked);
  }

  Result<StepResult> settle(Receipt receipt, const Error& refusal) {
    receipt.state = ReceiptState::failed;
    receipt.looked = hands_.clock.now();
    receipt.note = without_secrets(refusal.message);
    RF_TRY(keep(receipt));
    StepResult result = with_error(receipt.step, StepOutcome::failed, refusal);
    result.receipt = receipt.id;
    return result;
  }

  Result<StepResult> read_back(Receipt receipt, const Status& asked) {
    Result<EntityState> state =
        hands_.platform.read(account(), receipt.step.level, receipt.step.entity);
    receipt.looked = hands_.clock.now();
    receipt.state = ReceiptState::unknown;
    if (!asked) receipt.note = without_secrets(asked.error().message);
    if (state) {
      receipt.found = setting_of(*state);
      if (same(*receipt.found, receipt.step.after)) receipt.state = ReceiptState::done;
    }
    RF_TRY(keep(receipt));
    if (receipt.state == ReceiptState::done) {
      return without_error(receipt.step, StepOutcome::done, receipt.id);
    }
    StepResult result = with_error(
        receipt.step, StepOutcome::unknown,
        fail(ErrorCode::outcome_unknown, "the platform was asked and does not show it yet"));
    result.next_step = "run it again in a few minutes: it looks before it asks";
    result.receipt = receipt.id;
    return result;
  }

  Status keep(const Receipt& receipt) {
    Result<std::int64_t> number = hands_.ledger.settle(account(), receipt);
    if (!number && number.error().code == ErrorCode::conflict) {
      fresh_ = false;  // Another process looked first and wrote what it found.
      return {};
    }
    if (!number) return std::move(number).error();
    moved_to(*number);
    auto held = std::ranges::find(situation_.receipts, receipt.id, &Receipt::id);
    if (held != situation_.receipts.end()) {
      *held = receipt;
    } else {
      situation_.receipts.push_back(receipt);
    }
    if (receipt.found) {
      set(situation_.now, receipt.step.level, receipt.step.entity, *receipt.found);
    }
    return {};
  }

  const Orders& orders_;
  const Hands& hands_;
  Situation situation_;
  std::int64_t head_ = 0;
  bool fresh_ = false;
  Money raise_;
  std::optional<Error> stopped_by_;
};

// What a look at the platform says of an open receipt; none while it says nothing.
std::optional<ReceiptState> state_seen(const Receipt& receipt, const Result<EntityState>& state,
                                       bool settled) {
  if (!state) {
    const bool gone = state.error().code == ErrorCode::not_found && settled;
    return gone ? std::optional(ReceiptState::overtaken) : std::nullopt;
  }
  const Setting found = setting_of(*state);
  if (same(found, receipt.step.after)) return ReceiptState::done;
  if (!settled) return std::nullopt;
  return same(found, receipt.step.before) ? ReceiptState::failed : ReceiptState::overtaken;
}

std::string shown(const std::optional<Money>& money) {
  return money ? fmt::format("{} {}", to_decimal(*money), money->currency.code()) : "";
}

}  // namespace

bool same(const Setting& a, const Setting& b) {
  return a.status == b.status && shown(a.daily_budget) == shown(b.daily_budget);
}

std::vector<std::string> consents(const Step& step, const std::vector<Approval>& approvals) {
  const std::string print = fingerprint(step);
  std::set<std::string> people;
  for (const Approval& approval : approvals) {
    if (approval.key == step.key && approval.fingerprint == print) people.insert(approval.person);
  }
  return {people.begin(), people.end()};
}

Result<Halt> halt_of(ActionLedger& ledger, const AccountId& account) {
  Halt halt;
  for (const AccountId& owner : {AccountId{}, account}) {
    std::optional<Json> document = RF_TRY(ledger.document(owner, kHaltDocument));
    if (!document) continue;
    Result<Halt> read = from_json<Halt>(*document, "halt");
    if (!read) return fail(ErrorCode::corrupt, read.error().message);
    if (read->halted) halt = *read;
  }
  return halt;
}

Result<std::vector<StepResult>> execute(const Orders& orders, const Hands& hands) {
  if (!orders.rehearse) {
    const std::int64_t minutes =
        orders.limits ? orders.limits->settle_minutes : Limits().settle_minutes;
    RF_TRY(resolve(orders.account.id, std::chrono::minutes(minutes), hands));
  }
  return Executor(orders, hands).run();
}

Result<std::vector<Receipt>> resolve(const AccountId& account, Duration settle,
                                     const Hands& hands) {
  std::vector<Receipt> open = RF_TRY(hands.ledger.receipts(account, {.open_only = true}));
  std::vector<Receipt> left;
  for (Receipt& receipt : open) {
    const Step& step = receipt.step;
    Result<EntityState> state = hands.platform.read(account, step.level, step.entity);
    const Instant now = hands.clock.now();
    std::optional<ReceiptState> seen = state_seen(receipt, state, now - receipt.asked >= settle);
    if (!seen) {
      left.push_back(std::move(receipt));
      continue;
    }
    receipt.state = *seen;
    receipt.looked = now;
    if (state) receipt.found = setting_of(*state);
    Result<std::int64_t> number = hands.ledger.settle(account, receipt);
    // Another process looked first.
    if (!number && number.error().code != ErrorCode::conflict) return std::move(number).error();
  }
  return left;
}

}  // namespace rf::act
