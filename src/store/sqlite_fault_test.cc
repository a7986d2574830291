// What becomes of an SQLite store when the process dies, the disk fails or is full, or the file is
// locked or damaged: done, not imagined.

#include <csignal>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/failing_store.h"
#include "store/sqlite.h"
#include "store/sqlite_fault_vfs.h"
#include "store/sqlite_internal.h"
#include "store/store_testing.h"

namespace rf {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Enough for several batches' worth of pages to leave the small cache before the commit.
constexpr std::int64_t kAds = 300;
const AccountId kAccount = test_account().id;

// Pages must go to disk in the middle of a transaction, not only at its end.
SqliteOptions faulty() {
  SqliteOptions options;
  options.vfs = FaultVfs::kName;
  options.cache_kib = 64;
  return options;
}

std::vector<MetricRow> rows_of_file(std::int64_t file) {
  std::vector<MetricRow> rows;
  for (std::int64_t day = file; day < file + 4; ++day) {
    for (std::int64_t ad = 0; ad < kAds; ++ad) {
      rows.push_back(test_row(ad, day, 100 + ad + (ad % 3 == 0 ? file : 0)));
    }
  }
  return rows;
}

Plan plan_of_file(std::int64_t file) {
  Plan plan;
  plan.hash = "plan " + std::to_string(file);
  plan.account = kAccount.text;
  plan.items.resize(20);
  return plan;
}

// What a turn does to a store.
Status turn(Store& store, std::int64_t file) {
  RF_TRY(write_rows(store, test_source(file), rows_of_file(file)));
  RF_TRY(store.remember(kAccount));
  TurnRecord record;
  record.account = kAccount.text;
  record.started = test_instant(file);
  RF_TRY(store.put_turn(record, plan_of_file(file)));
  return {};
}

// A store after one turn, to be copied.
std::string base_store(const TemporaryFolder& folder) {
  std::string path = folder.file("base.db");
  auto store = open_sqlite(path).value();
  RF_CHECK(turn(*store, 1).has_value());
  return path;
}

void copy_store(const std::string& from, const std::string& to) {
  for (const char* part : {"", "-wal", "-shm"}) {
    std::filesystem::remove(to + part);
    if (std::filesystem::exists(from + part)) std::filesystem::copy_file(from + part, to + part);
  }
}

struct Seen {
  std::size_t imports = 0;
  std::vector<EntityTotals> afresh;
  std::vector<EntityTotals> kept;
  std::size_t turns = 0;
  bool operator==(const Seen&) const = default;
};

Seen seen_in(Store& store) {
  return {store.imports().value().size(),
          store.totals_as_of(kAccount, Level::ad, test_instant(99)).value(),
          store.totals(kAccount, Level::ad).value(), store.turns(kAccount, 99).value().size()};
}

// The states between two whole steps of the second turn; any other is half-written.
std::vector<Seen> whole_states(const TemporaryFolder& folder, const std::string& base) {
  std::string path = folder.file("whole.db");
  copy_store(base, path);
  auto store = open_sqlite(path).value();
  std::vector<Seen> states{seen_in(*store)};
  RF_CHECK(write_rows(*store, test_source(2), rows_of_file(2)).has_value());
  states.push_back(seen_in(*store));
  RF_CHECK(store->remember(kAccount).has_value());
  states.push_back(seen_in(*store));
  TurnRecord record;
  record.account = kAccount.text;
  record.started = test_instant(2);
  RF_CHECK(store->put_turn(record, plan_of_file(2)).has_value());
  states.push_back(seen_in(*store));
  return states;
}

// Checks what a fault left at `path`, then that the turn can be done again to its end.
void expect_whole(const std::string& path, const std::vector<Seen>& states) {
  auto store = open_sqlite(path).value();
  ASSERT_THAT(store->check().value(), IsEmpty());
  ASSERT_THAT(states, testing::Contains(seen_in(*store)));
  ASSERT_TRUE(turn(*store, 2).has_value());
  Seen after = seen_in(*store);
  EXPECT_EQ(after.imports, states.back().imports);
  EXPECT_EQ(after.afresh, states.back().afresh);
  EXPECT_EQ(after.kept, states.back().kept);
}

// Runs `work` in a process of its own; its exit status, or minus the signal that ended it.
template <typename Work>
int in_child(Work work) {
  pid_t child = ::fork();
  RF_CHECK(child >= 0);
  if (child == 0) ::_exit(work());
  int status = 0;
  RF_CHECK(::waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

// Every change at first, then ever fewer of them: the later ones are pages like those before.
int next_change(int n) { return n + 1 + n / 24; }

class SqliteFaults : public testing::Test {
 public:
  SqliteFaults() { FaultVfs::install(); }
  ~SqliteFaults() override { FaultVfs::disarm(); }

 protected:
  // Does the second turn on a disk with a fault at the n-th change; whether that change came.
  bool turn_with_fault(Fault fault, int n, int& failures) const {
    copy_store(base_, path_);
    auto store = open_sqlite_with(path_, faulty()).value();
    FaultVfs::arm(fault, n);
    Status done = turn(*store, 2);
    bool struck = FaultVfs::struck();
    FaultVfs::disarm();
    if (done) return struck;
    ++failures;
    EXPECT_EQ(done.error().code, ErrorCode::unavailable) << done.error().message;
    EXPECT_THAT(done.error().message, HasSubstr(path_));
    return struck;
  }

  TemporaryFolder folder_;
  std::string base_ = base_store(folder_);
  std::string path_ = folder_.file("store.db");
  std::vector<Seen> states_ = whole_states(folder_, base_);
};

TEST_F(SqliteFaults, KillAtAnyChangeOfTheDiskLeavesWholeSteps) {
  int killed = 0;
  for (int n = 1;; n = next_change(n)) {
    SCOPED_TRACE("change " + std::to_string(n));
    copy_store(base_, path_);
    int ended = in_child([&] {
      auto store = open_sqlite_with(path_, faulty()).value();
      FaultVfs::arm(Fault::kill, n);
      return turn(*store, 2).has_value() ? 0 : 1;
    });
    ASSERT_NO_FATAL_FAILURE(expect_whole(path_, states_));
    if (ended == 0) break;
    ASSERT_EQ(ended, -SIGKILL);
    ++killed;
  }
  EXPECT_GT(killed, 50);
}

TEST_F(SqliteFaults, KillAtAnyRowLeavesNothingOfTheImport) {
  std::vector<MetricRow> rows = rows_of_file(2);
  for (std::size_t row = 0; row <= rows.size(); row += 100) {
    SCOPED_TRACE("row " + std::to_string(row));
    copy_store(base_, path_);
    int ended = in_child([&] {
      auto store = open_sqlite_with(path_, faulty()).value();
      auto writer = store->write_metrics(test_source(2)).value();
      for (std::size_t i = 0; i < row; ++i) writer->add(test_account(), rows[i]).value();
      std::raise(SIGKILL);
      return 0;
    });
    ASSERT_EQ(ended, -SIGKILL);
    auto store = open_sqlite(path_).value();
    EXPECT_EQ(seen_in(*store), states_.front());
    EXPECT_THAT(store->check().value(), IsEmpty());
  }
}

TEST_F(SqliteFaults, AnyChangeThatFailsEndsCleanAndCanBeRepeated) {
  for (Fault fault : {Fault::io_error, Fault::disk_full}) {
    int failures = 0;
    bool struck = true;
    for (int n = 1; struck; n = next_change(n)) {
      SCOPED_TRACE("change " + std::to_string(n));
      struck = turn_with_fault(fault, n, failures);
      ASSERT_NO_FATAL_FAILURE(expect_whole(path_, states_));
    }
    EXPECT_GT(failures, 20);
  }
}

TEST_F(SqliteFaults, AStoreThatFailsAtTheNthCallCanBeGivenTheSameWorkAgain) {
  for (int n = 1;; ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    // Past the first rows one row fails like the other.
    if (n > 5 && n < static_cast<int>(rows_of_file(2).size())) continue;
    copy_store(base_, path_);
    bool failed = false;
    {
      auto store = open_sqlite(path_).value();
      FailingStore failing(*store, n);
      Status done = turn(failing, 2);
      failed = failing.failed();
      EXPECT_EQ(done.has_value(), !failed);
    }
    ASSERT_NO_FATAL_FAILURE(expect_whole(path_, states_));
    if (!failed) break;
  }
}

TEST_F(SqliteFaults, AFileSizeLimitIsUnavailableAndLeavesNothingHalfWritten) {
  for (rlim_t kib : {16U, 64U, 128U, 200U}) {
    SCOPED_TRACE(std::to_string(kib) + " KiB");
    copy_store(base_, path_);
    int ended = in_child([&] {
      auto store = open_sqlite_with(path_, faulty()).value();
      std::signal(SIGXFSZ, SIG_IGN);
      rlimit limit{kib * 1024, kib * 1024};
      RF_CHECK(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
      Status done = turn(*store, 2);
      if (done) return 1;
      return done.error().code == ErrorCode::unavailable ? 0 : 2;
    });
    EXPECT_EQ(ended, 0);
    ASSERT_NO_FATAL_FAILURE(expect_whole(path_, states_));
  }
}

TEST_F(SqliteFaults, ALockedStoreIsUnavailableByName) {
  SqliteOptions options;
  options.busy_wait_ms = 1;
  auto store = open_sqlite_with(base_, options).value();
  auto writer = store->write_metrics(test_source(2)).value();
  auto other = open_sqlite_with(base_, options).value();
  std::vector<Error> errors{other->put_account(test_account("meta:2")).error(),
                            other->write_metrics(test_source(3)).error(),
                            other->remember(kAccount).error(),
                            other->put_document({}, "policy", Json(1)).error()};
  for (const Error& error : errors) {
    EXPECT_EQ(error.code, ErrorCode::unavailable);
    EXPECT_THAT(error.message, HasSubstr(base_));
  }
  EXPECT_THAT(other->totals(kAccount, Level::ad).value(), SizeIs(kAds));
  writer.reset();
  EXPECT_TRUE(other->put_account(test_account("meta:2")).has_value());
}

void write_bytes(const std::string& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string read_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(SqliteFaults, WhatIsNotAStoreIsCorruptAndIsNotTouched) {
  Database other = Database::open(folder_.file("other.db"), SqliteOptions()).value();
  ASSERT_TRUE(other.execute("CREATE TABLE t (x); PRAGMA user_version = 7").has_value());
  write_bytes(folder_.file("text.db"), std::string(5'000, 'x'));
  write_bytes(folder_.file("short.db"), "x");
  for (const char* name : {"other.db", "text.db", "short.db"}) {
    SCOPED_TRACE(name);
    std::string before = read_bytes(folder_.file(name));
    EXPECT_EQ(open_sqlite(folder_.file(name)).error().code, ErrorCode::corrupt);
    EXPECT_EQ(read_bytes(folder_.file(name)), before);
  }
}

TEST_F(SqliteFaults, AFolderOrAMissingFolderIsUnavailable) {
  EXPECT_EQ(open_sqlite(folder_.file("no/such/store.db")).error().code, ErrorCode::unavailable);
  EXPECT_EQ(open_sqlite(folder_.file("")).error().code, ErrorCode::unavailable);
}

// Whatever bytes are damaged: an error or a defect that is told, or a byte that did not matter.
TEST_F(SqliteFaults, DamagedBytesAreErrorsNeverACrash) {
  std::string sound = read_bytes(base_);
  int told = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    std::string damaged = sound;
    if (seed % 10 == 0) damaged.resize(rng.below(damaged.size()));
    for (int i = 0; i < 30 && !damaged.empty(); ++i) {
      damaged[rng.below(damaged.size())] = static_cast<char>(rng.below(256));
    }
    std::filesystem::remove(path_ + "-wal");
    std::filesystem::remove(path_ + "-shm");
    write_bytes(path_, damaged);
    auto store = open_sqlite(path_);
    if (!store) {
      ++told;
      continue;
    }
    auto defects = (*store)->check();
    if (!defects || !defects->empty()) ++told;
    // May well work; must not crash.
    Status done = turn(**store, 2);
    EXPECT_TRUE(done || !done.error().message.empty());
  }
  EXPECT_GT(told, 75);
}

TEST_F(SqliteFaults, ABackupThatFailsLeavesNoFile) {
  std::string copy = folder_.file("copy.db");
  for (int n = 1;; n = next_change(n)) {
    SCOPED_TRACE("change " + std::to_string(n));
    auto store = open_sqlite_with(base_, faulty()).value();
    FaultVfs::arm(Fault::io_error, n);
    Status done = store->backup(copy);
    bool struck = FaultVfs::struck();
    FaultVfs::disarm();
    EXPECT_EQ(std::filesystem::exists(copy), done.has_value());
    EXPECT_FALSE(std::filesystem::exists(copy + ".partial"));
    if (!struck) break;
    std::filesystem::remove(copy);
  }
  EXPECT_EQ(seen_in(*open_sqlite(copy).value()), states_.front());
}

TEST_F(SqliteFaults, ARestoreTakesTheBackupAndKeepsWhatStoodThere) {
  std::string copy = folder_.file("copy.db");
  copy_store(base_, path_);
  {
    auto store = open_sqlite(path_).value();
    ASSERT_TRUE(store->backup(copy).has_value());
    ASSERT_TRUE(turn(*store, 2).has_value());
  }
  std::string bytes = read_bytes(copy);
  ASSERT_TRUE(restore_sqlite(copy, path_).has_value());
  EXPECT_EQ(seen_in(*open_sqlite(path_).value()), states_.front());
  EXPECT_EQ(seen_in(*open_sqlite(path_ + ".before-restore").value()), states_.back());
  EXPECT_EQ(read_bytes(copy), bytes);
  EXPECT_EQ(restore_sqlite(copy, path_).error().code, ErrorCode::conflict);
}

TEST_F(SqliteFaults, ARestoreAlsoReplacesAStoreThatIsBeyondRepair) {
  write_bytes(path_, "ruins");
  write_bytes(path_ + "-wal", "more ruins");
  ASSERT_TRUE(restore_sqlite(base_, path_).has_value());
  EXPECT_EQ(seen_in(*open_sqlite(path_).value()), states_.front());
  EXPECT_EQ(read_bytes(path_ + ".before-restore"), "ruins");
}

TEST_F(SqliteFaults, ARestoreRefusesWhatIsNoBackupAndAStoreInUse) {
  copy_store(base_, path_);
  EXPECT_EQ(restore_sqlite(folder_.file("none"), path_).error().code, ErrorCode::not_found);
  write_bytes(folder_.file("text"), std::string(5'000, 'x'));
  EXPECT_EQ(restore_sqlite(folder_.file("text"), path_).error().code, ErrorCode::corrupt);
  std::string cut = read_bytes(base_);
  cut.resize(cut.size() / 2);
  write_bytes(folder_.file("cut"), cut);
  EXPECT_EQ(restore_sqlite(folder_.file("cut"), path_).error().code, ErrorCode::corrupt);
  auto in_use = open_sqlite(path_).value();
  EXPECT_EQ(restore_sqlite(base_, path_).error().code, ErrorCode::unavailable);
  EXPECT_EQ(seen_in(*in_use), states_.front());
  EXPECT_FALSE(std::filesystem::exists(path_ + ".before-restore"));
}

}  // namespace
}  // namespace rf
