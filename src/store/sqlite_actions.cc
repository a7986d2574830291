#include "store/sqlite_actions.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/sha256.h"
#include "store/sqlite_ledger.h"
#include "store/sqlite_series.h"

namespace rf {

std::string audit_hash(const AccountId& account, const AuditEntry& entry) {
  const AuditNote& note = entry.note;
  JsonArray parts{
      Json(account.text),     Json(entry.number), Json(note.at.time_since_epoch().count()),
      Json(note.actor),       Json(note.kind),    Json(to_text(note.body)),
      Json(entry.hash_before)};
  return sha256_hex(to_text(parts));
}

namespace {

std::int64_t micros_of(Instant instant) { return instant.time_since_epoch().count(); }

// What this store wrote itself: if it does not fit, the store is damaged.
template <typename T>
Result<T> stored(std::string_view text, std::string_view what) {
  Result<Json> json = parse_json(text);
  if (json) {
    Result<T> value = from_json<T>(*json, what);
    if (value) return value;
    json = std::move(value).error();
  }
  return fail(ErrorCode::corrupt, fmt::format("{} in the store is damaged ({}); restore a backup",
                                              what, json.error().message));
}

template <typename T>
Result<std::vector<T>> all_stored(Statement& select, std::string_view what) {
  std::vector<T> values;
  while (true) {
    bool more = RF_TRY(select.step());
    if (!more) return values;
    T value = RF_TRY(stored<T>(select.text(0), what));
    values.push_back(std::move(value));
  }
}

// An account with its number in this store; 0 for all accounts.
struct Numbered {
  AccountId id;
  std::int64_t number = 0;
};

Result<Numbered> numbered(Database& db, const AccountId& account) {
  if (account.text.empty()) return Numbered{account, 0};
  std::int64_t number = RF_TRY(account_number(db, account));
  if (number != 0) return Numbered{account, number};
  return fail(ErrorCode::not_found, fmt::format("the store has no account '{}'", account.text));
}

// The last entry's number and hash; 0 and empty where there is none.
Result<AuditEntry> last_entry(Database& db, std::int64_t account) {
  Statement select = RF_TRY(
      db.prepare("SELECT number, hash FROM audit WHERE account = ?1 ORDER BY number DESC LIMIT 1"));
  AuditEntry last;
  bool found = RF_TRY(select.bind(1, account).first());
  if (!found) return last;
  last.number = select.integer(0);
  last.hash = select.text(1);
  return last;
}

// Inside the caller's transaction.
Result<std::int64_t> append(Database& db, const Numbered& account, const AuditNote& note) {
  AuditEntry last = RF_TRY(last_entry(db, account.number));
  AuditEntry entry{.number = last.number + 1, .note = note, .hash_before = last.hash};
  entry.hash = audit_hash(account.id, entry);
  std::string body = to_text(note.body);
  Statement insert =
      RF_TRY(db.prepare("INSERT INTO audit (account, number, at, actor, kind, body, hash_before,"
                        " hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
  insert.bind(1, account.number).bind(2, entry.number).bind(3, micros_of(note.at));
  insert.bind(4, note.actor).bind(5, note.kind).bind(6, body);
  RF_TRY(insert.bind(7, entry.hash_before).bind(8, entry.hash).run());
  return entry.number;
}

AuditNote note_of(const Receipt& receipt) {
  return {
      .at = receipt.looked, .actor = receipt.actor, .kind = "receipt", .body = to_json(receipt)};
}

Status put_receipt(Database& db, std::int64_t account, const Receipt& receipt) {
  std::string body = to_text(to_json(receipt));
  Statement insert = RF_TRY(
      db.prepare("INSERT INTO receipt (account, id, step, batch, state, looked_at, body)"
                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (account, id) DO UPDATE SET"
                 " state = excluded.state, looked_at = excluded.looked_at, body = excluded.body"));
  insert.bind(1, account).bind(2, receipt.id).bind(3, receipt.step.key);
  insert.bind(4, receipt.step.batch).bind(5, name_of(receipt.state));
  return insert.bind(6, micros_of(receipt.looked)).bind(7, body).run();
}

// The last receipt of a step.
Result<std::optional<Receipt>> receipt_of(Database& db, std::int64_t account,
                                          std::string_view step) {
  Statement select = RF_TRY(db.prepare(
      "SELECT body FROM receipt WHERE account = ?1 AND step = ?2 ORDER BY id DESC LIMIT 1"));
  bool found = RF_TRY(select.bind(1, account).bind(2, step).first());
  if (!found) return std::optional<Receipt>();
  Receipt receipt = RF_TRY(stored<Receipt>(select.text(0), "receipt"));
  return std::optional<Receipt>(std::move(receipt));
}

// Gives the receipt its id, and counts the attempts that failed.
Status number_receipt(Database& db, std::int64_t account, Receipt& receipt) {
  std::optional<Receipt> known = RF_TRY(receipt_of(db, account, receipt.step.key));
  if (known && known->state != ReceiptState::failed) {
    return fail(ErrorCode::conflict, fmt::format("receipt {} of this step is {}; it is done once",
                                                 known->id, name_of(known->state)));
  }
  if (known) receipt.attempts = known->attempts + 1;
  Statement select =
      RF_TRY(db.prepare("SELECT coalesce(max(id), 0) + 1 FROM receipt WHERE account = ?1"));
  RF_TRY(select.bind(1, account).first());
  receipt.id = select.integer(0);
  return {};
}

class SqliteActions final : public ActionLedger {
 public:
  explicit SqliteActions(Database& db) : db_(&db) {}

  Result<std::int64_t> head(const AccountId& account) override {
    Numbered whose = RF_TRY(numbered(*db_, account));
    AuditEntry last = RF_TRY(last_entry(*db_, whose.number));
    return last.number;
  }

  Result<std::int64_t> open(const AccountId& account, Receipt& receipt,
                            std::int64_t seen) override {
    RF_CHECK(receipt.state == ReceiptState::sent);
    return write(account, [&](const Numbered& whose) -> Result<std::int64_t> {
      AuditEntry last = RF_TRY(last_entry(*db_, whose.number));
      if (last.number != seen) {
        return fail(ErrorCode::conflict, "something else was done in this account meanwhile");
      }
      Receipt numbered = receipt;
      RF_TRY(number_receipt(*db_, whose.number, numbered));
      RF_TRY(put_receipt(*db_, whose.number, numbered));
      std::int64_t number = RF_TRY(append(*db_, whose, note_of(numbered)));
      receipt = std::move(numbered);
      return number;
    });
  }

  Result<std::int64_t> settle(const AccountId& account, const Receipt& receipt) override {
    return write(account, [&](const Numbered& whose) -> Result<std::int64_t> {
      std::optional<Receipt> known = RF_TRY(receipt_of(*db_, whose.number, receipt.step.key));
      if (!known || known->id != receipt.id || !known->open()) {
        return fail(ErrorCode::conflict,
                    fmt::format("receipt {} is not open; somebody else settled it", receipt.id));
      }
      RF_TRY(put_receipt(*db_, whose.number, receipt));
      return append(*db_, whose, note_of(receipt));
    });
  }

  Result<std::vector<Receipt>> receipts(const AccountId& account,
                                        const ReceiptQuery& query) override {
    Numbered whose = RF_TRY(numbered(*db_, account));
    Statement select = RF_TRY(db_->prepare(
        query.open_only
            ? "SELECT body FROM receipt WHERE account = ?1 AND state IN ('sent', 'unknown')"
              " AND (?2 = '' OR batch = ?2) ORDER BY id"
            : "SELECT body FROM receipt WHERE account = ?1 AND (?2 = '' OR batch = ?2)"
              " AND (looked_at >= ?3 OR state IN ('sent', 'unknown')) ORDER BY id"));
    select.bind(1, whose.number).bind(2, query.batch);
    if (!query.open_only) select.bind(3, micros_of(query.since));
    return all_stored<Receipt>(select, "receipt");
  }

  Result<std::int64_t> approve(const AccountId& account, const Approval& approval) override {
    return write(account, [&](const Numbered& whose) -> Result<std::int64_t> {
      std::string body = to_text(to_json(approval));
      Statement insert = RF_TRY(
          db_->prepare("INSERT INTO approval (account, batch, step, person, fingerprint, body)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING"));
      insert.bind(1, whose.number).bind(2, approval.step.batch).bind(3, approval.key);
      insert.bind(4, approval.person).bind(5, approval.fingerprint);
      RF_TRY(insert.bind(6, body).run());
      return append(*db_, whose,
                    {.at = approval.at,
                     .actor = approval.person,
                     .kind = "approval",
                     .body = to_json(approval)});
    });
  }

  Result<std::vector<Approval>> approvals(const AccountId& account,
                                          std::string_view batch) override {
    Numbered whose = RF_TRY(numbered(*db_, account));
    Statement select =
        RF_TRY(db_->prepare("SELECT body FROM approval WHERE account = ?1 AND batch = ?2"
                            " ORDER BY step, person, fingerprint"));
    select.bind(1, whose.number).bind(2, batch);
    return all_stored<Approval>(select, "approval");
  }

  Result<std::int64_t> note(const AccountId& account, const AuditNote& note) override {
    return write(account, [&](const Numbered& whose) { return append(*db_, whose, note); });
  }

  Result<std::optional<Json>> document(const AccountId& account, std::string_view name) override {
    Numbered whose = RF_TRY(numbered(*db_, account));
    return rf::document(*db_, whose.number, name);
  }

  Result<std::int64_t> put_document(const AccountId& account, std::string_view name,
                                    const Json& document, const AuditNote& note) override {
    return write(account, [&](const Numbered& whose) -> Result<std::int64_t> {
      RF_TRY(rf::put_document(*db_, whose.number, name, document));
      return append(*db_, whose, note);
    });
  }

  Status each_entry(const AccountId& account, std::int64_t from,
                    const std::function<Status(const AuditEntry&)>& visit) override {
    Numbered whose = RF_TRY(numbered(*db_, account));
    Statement select =
        RF_TRY(db_->prepare("SELECT number, at, actor, kind, body, hash_before, hash FROM audit"
                            " WHERE account = ?1 AND number >= ?2 ORDER BY number"));
    select.bind(1, whose.number).bind(2, from);
    while (true) {
      bool more = RF_TRY(select.step());
      if (!more) return {};
      AuditEntry entry{.number = select.integer(0)};
      entry.note = {.at = Instant(Duration(select.integer(1))),
                    .actor = std::string(select.text(2)),
                    .kind = std::string(select.text(3))};
      Result<Json> body = parse_json(select.text(4));
      // A body that is no longer JSON is kept as text: its hash will not fit, which is the point.
      entry.note.body = body ? std::move(*body) : Json(select.text(4));
      entry.hash_before = select.text(5);
      entry.hash = select.text(6);
      RF_TRY(visit(entry));
    }
  }

  Result<std::int64_t> put_verdict(const AccountId& account,
                                   const VerdictRecord& verdict) override {
    return write(account, [&](const Numbered& whose) -> Result<std::int64_t> {
      std::string body = to_text(to_json(verdict));
      Statement insert =
          RF_TRY(db_->prepare("INSERT INTO verdict (account, receipt, after_days, outcome, body)"
                              " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING"));
      insert.bind(1, whose.number).bind(2, verdict.receipt).bind(3, verdict.after_days);
      RF_TRY(insert.bind(4, name_of(verdict.outcome)).bind(5, body).run());
      return append(*db_, whose,
                    {.at = verdict.judged_at,
                     .actor = "reelforge",
                     .kind = "verdict",
                     .body = to_json(verdict)});
    });
  }

  Result<std::vector<VerdictRecord>> verdicts(const AccountId& account) override {
    Numbered whose = RF_TRY(numbered(*db_, account));
    Statement select = RF_TRY(
        db_->prepare("SELECT body FROM verdict WHERE account = ?1 ORDER BY receipt, after_days"));
    select.bind(1, whose.number);
    return all_stored<VerdictRecord>(select, "verdict");
  }

 private:
  // Runs `work` in one write transaction of the account.
  template <typename Work>
  Result<std::int64_t> write(const AccountId& account, Work work) {
    Transaction transaction = RF_TRY(Transaction::begin(*db_, Transaction::Kind::write));
    Numbered whose = RF_TRY(numbered(*db_, account));
    std::int64_t number = RF_TRY(work(whose));
    RF_TRY(transaction.commit());
    return number;
  }

  Database* db_;
};

}  // namespace

std::unique_ptr<ActionLedger> sqlite_actions(Database& db) {
  return std::make_unique<SqliteActions>(db);
}

}  // namespace rf
