// A plan's changes as files that the platforms' own bulk editors take: for accounts that no API
// reaches.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/entity.h"
#include "platform/ad_platform.h"

namespace rf::platform {

struct BulkChange {
  Entity entity;  // With the names and ids that lead to it, as far as they are known.
  Change change;
};

struct BulkFile {
  std::string name;  // "meta-bulk-edit.csv".
  std::string text;
  std::int64_t changes = 0;
  // What is not in the file and why, and how the file is used.
  std::vector<std::string> notices;
};

// One row for each change that the editor can make. Left out, with a notice: an entity without what
// the editor finds it by (Meta and TikTok by id, Google by names), a budget of an ad, archiving,
// and names that a spreadsheet would run as a formula.
// Errors: invalid, for a plain file's account, whose editor nobody knows.
Result<BulkFile> bulk_file(Platform platform, std::span<const BulkChange> changes);

}  // namespace rf::platform
