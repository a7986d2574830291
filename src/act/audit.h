// Whether the log is whole: every entry's hash, the chain, and the receipts it tells of.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/action_ledger.h"

namespace rf::act {

struct AuditState {
  std::int64_t entries = 0;
  std::string head;                   // The last entry's hash: noted elsewhere, it proves the rest.
  std::vector<std::string> problems;  // None where the log is whole.
};

// A log that lost its last entries looks whole: compare `head` with one noted before.
// Cost: the whole log.
Result<AuditState> verify_audit(ActionLedger& ledger, const AccountId& account);

}  // namespace rf::act
