#include "store/sqlite_check.h"

#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "store/sqlite_remember.h"
#include "store/sqlite_totals.h"

namespace rf {
namespace {

// Adds a line for each row of `sql`, which gives one text each.
Status add_rows(Database& db, std::string_view sql, std::string_view before,
                std::vector<std::string>& defects) {
  Statement statement = RF_TRY(db.prepare(sql));
  while (true) {
    bool more = RF_TRY(statement.step());
    if (!more) return {};
    defects.push_back(fmt::format("{}{}", before, statement.text(0)));
  }
}

// What our own tables promise each other beyond their foreign keys; each query gives the breaches.
struct Invariant {
  std::string_view promise;
  std::string_view breaches;
};

constexpr Invariant kInvariants[] = {
    {"an import's day has the rows that the log says: ",
     "SELECT 'account ' || account || ', import ' || import_id || ', day ' || day FROM ("
     " SELECT account, import_id, day, rows AS told, 0 AS found FROM import_day UNION ALL"
     " SELECT account, import_id, day, 0, count(*) FROM metric_row GROUP BY 1, 2, 3)"
     " GROUP BY account, import_id, day HAVING sum(told) <> sum(found)"},
    {"an import's rows add up to its summary: ",
     "SELECT 'import ' || l.id FROM import_log l WHERE l.added + l.restated <>"
     " (SELECT coalesce(sum(d.rows), 0) FROM import_day d WHERE d.import_id = l.id)"},
    {"the whole of a part is a whole, of the same entity: ",
     "SELECT 'account ' || p.account || ', series ' || p.id FROM series p"
     " JOIN series w ON w.account = p.account AND w.id = p.whole"
     " WHERE w.whole <> w.id OR w.entity <> p.entity OR w.grain <> p.grain"
     " OR w.attribution <> p.attribution OR w.event <> p.event"},
    {"a document belongs to an account: ",
     "SELECT 'account ' || account || ', document ' || name FROM document"
     " WHERE account <> 0 AND account NOT IN (SELECT id FROM account)"},
    {"a row of a total has no day: ",
     "SELECT 'account ' || m.account || ', series ' || m.series FROM metric_row m"
     " JOIN series s ON s.account = m.account AND s.id = m.series"
     " WHERE s.grain = 'total' AND m.day <> 0"},
};

// The totals that are kept must be what the rows give when they are worked out afresh.
Status check_totals(Database& db, std::int64_t account, std::vector<std::string>& defects) {
  Knowledge knowledge{.account = account};
  knowledge.import_id = RF_TRY(remembered_import(db, account));
  for (Level level : {Level::account, Level::campaign, Level::adset, Level::ad}) {
    std::vector<EntityTotals> kept = RF_TRY(kept_totals(db, account, level));
    std::vector<EntityTotals> fresh = RF_TRY(fresh_totals(db, knowledge, level));
    if (kept != fresh) {
      defects.push_back(fmt::format("totals are the sums of their days: account {}, level {}",
                                    account, to_string(level)));
    }
  }
  return {};
}

Result<std::vector<std::int64_t>> account_numbers(Database& db) {
  Statement select = RF_TRY(db.prepare("SELECT id FROM account ORDER BY id"));
  std::vector<std::int64_t> numbers;
  while (true) {
    bool more = RF_TRY(select.step());
    if (!more) return numbers;
    numbers.push_back(select.integer(0));
  }
}

}  // namespace

Result<std::vector<std::string>> check_database(Database& db) {
  std::vector<std::string> defects;
  Transaction transaction = RF_TRY(Transaction::begin(db, Transaction::Kind::read));
  RF_TRY(add_rows(db, "SELECT integrity_check FROM pragma_integrity_check", "", defects));
  if (defects == std::vector<std::string>{"ok"}) defects.clear();
  // The rest would only repeat it, or fail.
  if (!defects.empty()) return defects;
  RF_TRY(add_rows(db,
                  "SELECT \"table\" || ' names a missing ' || parent FROM pragma_foreign_key_check",
                  "", defects));
  for (const Invariant& each : kInvariants) {
    RF_TRY(add_rows(db, each.breaches, each.promise, defects));
  }
  if (!defects.empty()) return defects;
  std::vector<std::int64_t> accounts = RF_TRY(account_numbers(db));
  for (std::int64_t account : accounts) RF_TRY(check_totals(db, account, defects));
  return defects;
}

}  // namespace rf
