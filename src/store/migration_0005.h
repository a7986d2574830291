// Version 5 of the tables: what was approved, done and judged, and the log of it.

#pragma once

#include <string_view>

namespace rf {

// The rules of spelling are those of version 1. The tables of version 2 with these names were never
// written to; they could not hold a step that belongs to no plan.
inline constexpr std::string_view kMigration0005 = R"sql(
DROP TABLE verdict;
DROP TABLE receipt;

-- A change and what became of it, written before the platform is asked. `step` names the change for
-- ever: of its receipts all but the last have failed, so that it is done once.
CREATE TABLE receipt (
  account INTEGER NOT NULL REFERENCES account (id),
  id INTEGER NOT NULL,
  step TEXT NOT NULL,
  batch TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('sent', 'unknown', 'done', 'failed', 'overtaken')),
  looked_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_by_step ON receipt (account, step, id);
CREATE INDEX receipt_open ON receipt (account, id) WHERE state IN ('sent', 'unknown');
CREATE INDEX receipt_by_time ON receipt (account, looked_at);

-- One person's consent to one step, exactly as it was shown.
CREATE TABLE approval (
  account INTEGER NOT NULL REFERENCES account (id),
  batch TEXT NOT NULL,
  step TEXT NOT NULL,
  person TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (account, batch, step, person, fingerprint)
) STRICT, WITHOUT ROWID;

-- The log: only ever added to. Each entry's hash covers the one before it. Account 0 has what is
-- true for all accounts.
CREATE TABLE audit (
  account INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  hash_before TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (account, number)
) STRICT, WITHOUT ROWID;

-- Whether a receipt was right, so many days later, against a matched control.
CREATE TABLE verdict (
  account INTEGER NOT NULL,
  receipt INTEGER NOT NULL,
  after_days INTEGER NOT NULL CHECK (after_days > 0),
  outcome TEXT NOT NULL CHECK (outcome IN ('right', 'wrong', 'unclear')),
  body TEXT NOT NULL,
  PRIMARY KEY (account, receipt, after_days),
  FOREIGN KEY (account, receipt) REFERENCES receipt (account, id)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace rf
