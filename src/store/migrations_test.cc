// Every store ever made opens, with everything in it.

#include "store/migrations.h"

#include <cstdlib>
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/sqlite.h"
#include "store/sqlite_fault_vfs.h"
#include "store/sqlite_internal.h"
#include "store/sqlite_writer.h"
#include "store/store_testing.h"

namespace rf {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t kNewest = 5;

std::set<std::string> names(Database& db, const std::string& sql) {
  Statement select = db.prepare(sql).value();
  std::set<std::string> found;
  while (select.step().value()) found.emplace(select.text(0));
  return found;
}

std::set<std::string> schema(Database& db) {
  return names(db, "SELECT name || ': ' || coalesce(sql, '') FROM sqlite_master");
}

// A store as the program left it when the schema had this version, with one import where it could
// hold one.
void make_old_store(const std::string& path, std::int64_t version) {
  Database db = Database::open(path, SqliteOptions()).value();
  ASSERT_TRUE(migrate(db, version).has_value());
  if (version == 0) return;
  auto writer = open_sqlite_writer(path, SqliteOptions(), test_source(1)).value();
  ASSERT_TRUE(writer->add(test_account(), test_row(1, 1, 10)).has_value());
  ASSERT_TRUE(writer->commit(Json("told")).has_value());
}

TEST(Migrations, EveryEarlierVersionOpensWithAllItHolds) {
  ASSERT_EQ(migrations().size(), static_cast<std::size_t>(kNewest));
  TemporaryFolder folder;
  open_sqlite(folder.file("new.db")).value().reset();
  Database fresh = Database::open(folder.file("new.db"), SqliteOptions()).value();
  for (std::int64_t version = 0; version <= kNewest; ++version) {
    SCOPED_TRACE("version " + std::to_string(version));
    std::string path = folder.file("old" + std::to_string(version) + ".db");
    make_old_store(path, version);
    auto store = open_sqlite(path).value();
    EXPECT_THAT(store->check().value(), IsEmpty());
    Database db = Database::open(path, SqliteOptions()).value();
    EXPECT_EQ(db.integer("PRAGMA user_version").value(), kNewest);
    EXPECT_EQ(schema(db), schema(fresh));
    if (version == 0) continue;
    AccountId account = test_account().id;
    ASSERT_EQ(store->remember(account).value(), (Remembered{1, 1}));
    EXPECT_EQ(store->totals(account, Level::ad).value()[0].counts, test_row(1, 1, 10).counts);
    EXPECT_EQ(store->imports().value()[0].report, Json("told"));
    EXPECT_TRUE(store->put_document(account, "policy", Json(1)).has_value());
  }
}

TEST(Migrations, AStoreOfANewerVersionSaysUpgradeAndIsNotTouched) {
  TemporaryFolder folder;
  std::string path = folder.file("store.db");
  {
    open_sqlite(path).value().reset();
    Database db = Database::open(path, SqliteOptions()).value();
    ASSERT_TRUE(db.execute("PRAGMA user_version = 6").has_value());
  }
  Error error = open_sqlite(path).error();
  EXPECT_EQ(error.code, ErrorCode::corrupt);
  EXPECT_THAT(error.message, HasSubstr("upgrade"));
  EXPECT_THAT(error.message, HasSubstr(path));
  Database db = Database::open(path, SqliteOptions()).value();
  EXPECT_EQ(db.integer("PRAGMA user_version").value(), 6);
}

TEST(Migrations, ThatAreKilledAtAnyChangeOfTheDiskAreDoneByTheNextOpening) {
  FaultVfs::install();
  TemporaryFolder folder;
  bool killed = true;
  for (int n = 1; killed; n += 1 + n / 8) {
    SCOPED_TRACE("change " + std::to_string(n));
    std::string path = folder.file("store" + std::to_string(n) + ".db");
    make_old_store(path, n % 2);
    pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      SqliteOptions options;
      options.vfs = FaultVfs::kName;
      FaultVfs::arm(Fault::kill, n);
      ::_exit(open_sqlite_with(path, options).has_value() ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    killed = WIFSIGNALED(status);
    auto store = open_sqlite(path);
    ASSERT_TRUE(store.has_value()) << store.error().message;
    EXPECT_THAT((*store)->check().value(), IsEmpty());
    EXPECT_EQ((*store)->imports().value().size(), static_cast<std::size_t>(n % 2));
  }
}

// A metric that a table forgets would be lost without a word.
TEST(Schema, HasAColumnForEveryMetric) {
  TemporaryFolder folder;
  open_sqlite(folder.file("store.db")).value().reset();
  Database db = Database::open(folder.file("store.db"), SqliteOptions()).value();
  std::set<std::string> rows = names(db, "SELECT name FROM pragma_table_info('metric_row')");
  std::set<std::string> totals = names(db, "SELECT name FROM pragma_table_info('entity_total')");
  for (const MetricInfo& info : all_metrics()) {
    std::string name(info.name);
    EXPECT_TRUE(rows.contains(name)) << name;
    EXPECT_TRUE(totals.contains(name)) << name;
    EXPECT_EQ(totals.contains(name + "_days"), info.additive) << name;
  }
  EXPECT_EQ(rows.size(), 6 + kMetricCount);
}

// doc/schema.md has a heading "### `table`" for each table, and for no other.
TEST(Schema, IsTheOneInTheDocument) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* source = std::getenv("RF_SOURCE_DIR");
  if (source == nullptr) GTEST_SKIP() << "RF_SOURCE_DIR is not set";
  std::ifstream in(std::string(source) + "/doc/schema.md");
  ASSERT_TRUE(in.is_open());
  std::set<std::string> documented;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("### `", 0) == 0) documented.insert(line.substr(5, line.find('`', 5) - 5));
  }
  TemporaryFolder folder;
  open_sqlite(folder.file("store.db")).value().reset();
  Database db = Database::open(folder.file("store.db"), SqliteOptions()).value();
  EXPECT_EQ(documented, names(db,
                              "SELECT name FROM sqlite_master WHERE type = 'table'"
                              " AND name NOT LIKE 'sqlite_%'"));
}

}  // namespace
}  // namespace rf
