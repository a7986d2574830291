// Receipts, approvals, verdicts and the log of them in an SQLite store.

#pragma once

#include <memory>

#include "store/action_ledger.h"
#include "store/sqlite_database.h"

namespace rf {

// `db` must outlive it. REQUIRES: the schema is up to date.
std::unique_ptr<ActionLedger> sqlite_actions(Database& db);

}  // namespace rf
