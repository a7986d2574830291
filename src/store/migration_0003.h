// Version 3 of the tables: what was seen and heard in a file.

#pragma once

#include <string_view>

namespace rf {

inline constexpr std::string_view kMigration0003 = R"sql(
-- A file's features by its bytes and by how they were found, so that the same bytes are watched once.
-- They belong to no account: the same film may run in several.
CREATE TABLE features (
  sha256 TEXT NOT NULL,
  method TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (sha256, method)
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace rf
