#include "act/audit.h"

#include <map>

#include <fmt/format.h>

namespace rf::act {
namespace {

// Chosen: whoever reads more has understood by then.
constexpr std::size_t kProblemsMax = 20;

}  // namespace

Result<AuditState> verify_audit(ActionLedger& ledger, const AccountId& account) {
  AuditState state;
  std::map<std::int64_t, std::string> told;  // The last word of the log on each receipt.
  auto problem = [&](std::string text) {
    if (state.problems.size() < kProblemsMax) state.problems.push_back(std::move(text));
  };
  RF_TRY(ledger.each_entry(account, 1, [&](const AuditEntry& entry) -> Status {
    ++state.entries;
    if (entry.number != state.entries) {
      problem(fmt::format("entry {} is missing", state.entries));
      state.entries = entry.number;
    }
    if (entry.hash_before != state.head) {
      problem(fmt::format("entry {} does not follow the entry before it", entry.number));
    }
    if (entry.hash != audit_hash(account, entry)) {
      problem(fmt::format("entry {} was changed after it was written", entry.number));
    }
    state.head = entry.hash;
    if (entry.note.kind != "receipt") return {};
    Result<Receipt> receipt = from_json<Receipt>(entry.note.body, "receipt");
    if (receipt) told[receipt->id] = to_text(to_json(*receipt));
    return {};
  }));
  if (account.text.empty()) return state;
  std::vector<Receipt> receipts = RF_TRY(ledger.receipts(account, ReceiptQuery()));
  for (const Receipt& receipt : receipts) {
    auto found = told.find(receipt.id);
    if (found == told.end() || found->second != to_text(to_json(receipt))) {
      problem(fmt::format("receipt {} is not what the log says", receipt.id));
    }
    told.erase(receipt.id);
  }
  for (const auto& [id, unused] : told) problem(fmt::format("receipt {} is missing", id));
  return state;
}

}  // namespace rf::act
