#include "act/undo.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "act/steps.h"

namespace rf::act {
namespace {

// The receipts that stand: done, and neither taken back nor taking back one that is.
std::set<std::int64_t> taken_back(const std::vector<Receipt>& all) {
  std::set<std::int64_t> back;
  // Newest first: what takes back a receipt is younger than it, and may itself be taken back.
  for (auto each = all.rbegin(); each != all.rend(); ++each) {
    const Receipt& receipt = *each;
    const bool stands = receipt.state == ReceiptState::done && !back.contains(receipt.id);
    if (stands && receipt.step.undoes != 0) back.insert(receipt.step.undoes);
  }
  return back;
}

Result<std::vector<const Receipt*>> chosen(const UndoChoice& choice,
                                           const std::vector<Receipt>& all) {
  std::vector<const Receipt*> found;
  for (std::int64_t id : choice.receipts) {
    auto receipt = std::ranges::find(all, id, &Receipt::id);
    if (receipt == all.end()) {
      return fail(ErrorCode::not_found,
                  fmt::format("there is no receipt {}; 'reelforge receipts' lists them", id));
    }
    if (receipt->state != ReceiptState::done) {
      return fail(ErrorCode::conflict,
                  fmt::format("receipt {} is {}: there is nothing to take back", id,
                              name_of(receipt->state)));
    }
    found.push_back(&*receipt);
  }
  for (const Receipt& receipt : all) {
    const bool in_batch = !choice.batch.empty() && receipt.step.batch == choice.batch;
    const bool in_time = choice.since && receipt.asked >= *choice.since;
    if (in_batch || in_time) found.push_back(&receipt);
  }
  if (found.empty() && !choice.batch.empty()) {
    return fail(ErrorCode::not_found, fmt::format("there is no batch '{}'; 'reelforge receipts' "
                                                  "shows the batch of each receipt",
                                                  choice.batch));
  }
  return found;
}

std::int64_t attempts_at(std::int64_t id, const std::vector<Receipt>& all) {
  return std::ranges::count_if(all, [&](const Receipt& receipt) {
    return receipt.step.undoes == id &&
           (receipt.state == ReceiptState::done || receipt.state == ReceiptState::overtaken);
  });
}

}  // namespace

Result<std::vector<Step>> undo_steps(const UndoChoice& choice, const std::vector<Receipt>& all) {
  std::vector<const Receipt*> found = RF_TRY(chosen(choice, all));
  const std::set<std::int64_t> back = taken_back(all);
  std::set<std::int64_t> ids;
  for (const Receipt* receipt : found) ids.insert(receipt->id);
  std::vector<Step> steps;
  for (auto each = all.rbegin(); each != all.rend(); ++each) {
    const Receipt& receipt = *each;
    if (!ids.contains(receipt.id) || receipt.state != ReceiptState::done) continue;
    if (back.contains(receipt.id)) continue;
    // It took back something that is chosen too: together they come to nothing.
    const bool pair = receipt.step.undoes != 0 && ids.contains(receipt.step.undoes);
    if (pair) continue;
    steps.push_back(undo_of(receipt, attempts_at(receipt.id, all)));
  }
  return steps;
}

Result<std::vector<StepResult>> undo(const UndoChoice& choice, Orders orders, const Hands& hands) {
  std::vector<Receipt> all = RF_TRY(hands.ledger.receipts(orders.account.id, ReceiptQuery()));
  orders.steps = RF_TRY(undo_steps(choice, all));
  if (!orders.rehearse) {
    for (const Step& step : orders.steps) {
      RF_TRY(hands.ledger.approve(orders.account.id, {.key = step.key,
                                                      .fingerprint = fingerprint(step),
                                                      .person = orders.actor,
                                                      .at = hands.clock.now(),
                                                      .step = step}));
    }
  }
  return execute(orders, hands);
}

}  // namespace rf::act
