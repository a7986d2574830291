#include "store/migrations.h"

#include <fmt/format.h>

#include "store/migration_0001.h"
#include "store/migration_0002.h"
#include "store/migration_0003.h"
#include "store/migration_0004.h"
#include "store/migration_0005.h"

namespace rf {
namespace {

// Whether the file is new, or a store of this program and not too new.
Status check_ours(Database& db, std::int64_t version) {
  std::int64_t id = RF_TRY(db.integer("PRAGMA application_id"));
  std::int64_t objects = RF_TRY(db.integer("SELECT count(*) FROM sqlite_master"));
  if (id != kApplicationId && (id != 0 || objects != 0)) {
    return fail(ErrorCode::corrupt,
                fmt::format("'{}' is a database of another program (application id {:#x}); "
                            "expected a store; give the path of a store or of a new file",
                            db.path(), id));
  }
  auto newest = static_cast<std::int64_t>(migrations().size());
  if (version < 0 || version > newest) {
    return fail(ErrorCode::corrupt,
                fmt::format("store '{}' has version {}, this program knows versions up to {}; "
                            "upgrade the program to open it",
                            db.path(), version, newest));
  }
  return {};
}

}  // namespace

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> all{
      {"0001 what was measured", kMigration0001},
      {"0002 what was learnt, decided and done", kMigration0002},
      {"0003 what was seen and heard", kMigration0003},
      {"0004 which ad shows which film", kMigration0004},
      {"0005 what was approved and done", kMigration0005}};
  return all;
}

Status migrate(Database& db, std::int64_t target) {
  std::int64_t version = RF_TRY(db.integer("PRAGMA user_version"));
  RF_TRY(check_ours(db, version));
  if (version >= target) return {};
  Transaction transaction = RF_TRY(Transaction::begin(db, Transaction::Kind::write));
  // Another process may have been first.
  version = RF_TRY(db.integer("PRAGMA user_version"));
  RF_TRY(check_ours(db, version));
  for (std::int64_t next = version; next < target; ++next) {
    const Migration& step = migrations()[static_cast<std::size_t>(next)];
    Status done = db.execute(std::string(step.sql));
    if (!done) return std::move(done).error().with(fmt::format("migration {}", step.name));
  }
  RF_TRY(db.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                                kApplicationId, std::max(version, target))));
  return transaction.commit();
}

}  // namespace rf
