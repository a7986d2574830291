// What was approved and done, and the log that tells of it: written together or not at all.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "model/ids.h"
#include "model/receipt.h"

namespace rf {

// Receipts that are open, or were asked or looked at since.
struct ReceiptQuery {
  Instant since;      // The epoch: all of them.
  std::string batch;  // Only of this batch; empty: of any.
  bool open_only = false;
};

// Every write appends one entry to the account's log in the same transaction and gives that entry's
// number, so that whoever writes sees whether somebody else wrote in between.
// The account "" stands for all accounts, and has a log of its own.
// Thread: one at a time. Other processes may write too.
// Errors of every call: unavailable, corrupt; not_found, when there is no such account.
class ActionLedger {
 public:
  virtual ~ActionLedger() = default;

  // The number of the log's last entry, 0 while it is empty.
  virtual Result<std::int64_t> head(const AccountId& account) = 0;

  // Writes that the platform is about to be asked, and fills in the receipt's id and, of a step
  // that failed before, how often it was tried. To be called before asking.
  // Errors: conflict, when the log has grown beyond `seen`: read again, decide again; also when the
  // step is open or was done.
  virtual Result<std::int64_t> open(const AccountId& account, Receipt& receipt,
                                    std::int64_t seen) = 0;

  // Writes what became of it.
  // Errors: conflict, when it is no longer open.
  virtual Result<std::int64_t> settle(const AccountId& account, const Receipt& receipt) = 0;

  // By id.
  virtual Result<std::vector<Receipt>> receipts(const AccountId& account,
                                                const ReceiptQuery& query) = 0;

  // A person approves a step once; the same again changes nothing but the log.
  virtual Result<std::int64_t> approve(const AccountId& account, const Approval& approval) = 0;

  // Of one step or of all steps of a batch, in order of key and time.
  virtual Result<std::vector<Approval>> approvals(const AccountId& account,
                                                  std::string_view batch) = 0;

  virtual Result<std::int64_t> note(const AccountId& account, const AuditNote& note) = 0;

  // Store::document(), through this door so that one object shows all that acting rests on.
  virtual Result<std::optional<Json>> document(const AccountId& account, std::string_view name) = 0;

  // Store::put_document() and the note that tells of it.
  virtual Result<std::int64_t> put_document(const AccountId& account, std::string_view name,
                                            const Json& document, const AuditNote& note) = 0;

  // Visits the log in order, from entry `from` on. An error that `visit` returns ends the walk.
  virtual Status each_entry(const AccountId& account, std::int64_t from,
                            const std::function<Status(const AuditEntry&)>& visit) = 0;

  // Keeps a verdict; one that is known for the receipt and day is kept as it was.
  virtual Result<std::int64_t> put_verdict(const AccountId& account,
                                           const VerdictRecord& verdict) = 0;
  // By receipt and day.
  virtual Result<std::vector<VerdictRecord>> verdicts(const AccountId& account) = 0;
};

// The hash of an entry: SHA-256 of a JSON array of everything in it but the hash itself.
std::string audit_hash(const AccountId& account, const AuditEntry& entry);

}  // namespace rf
