// Version 4 of the tables: which film an ad shows, and what ads are compared by.

#pragma once

#include <string_view>

namespace rf {

inline constexpr std::string_view kMigration0004 = R"sql(
-- The small part of a film's features that is read for every ad on each turn; `body` is a Creative.
CREATE TABLE film (
  sha256 TEXT NOT NULL,
  method TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (sha256, method)
) STRICT, WITHOUT ROWID;

-- Which film an ad shows: every version of that, as of when it was said.
CREATE TABLE ad_film (
  account INTEGER NOT NULL,
  id INTEGER NOT NULL,
  entity INTEGER NOT NULL,
  as_of INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  method TEXT NOT NULL,
  file TEXT NOT NULL,
  matched_by TEXT NOT NULL,
  PRIMARY KEY (account, id),
  FOREIGN KEY (account, entity) REFERENCES entity (account, id),
  FOREIGN KEY (sha256, method) REFERENCES film (sha256, method)
) STRICT, WITHOUT ROWID;
CREATE INDEX ad_film_by_ad ON ad_film (account, entity, as_of, id);
)sql";

}  // namespace rf
