// Whoever changes the log, or what it tells of, is found out.

#include "act/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "act/world_for_test.h"
#include "store/sqlite.h"
#include "store/sqlite_actions.h"
#include "store/sqlite_internal.h"
#include "store/store_testing.h"

namespace rf::act {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

Receipt receipt_number(int n) {
  Receipt receipt;
  receipt.step.key = "step " + std::to_string(n);
  receipt.actor = "ann";
  receipt.raise = usd(n);
  return receipt;
}

// What is done to a store behind the program's back, and what must be found.
struct Tampering {
  std::string_view sql;
  std::string_view found;
};

TEST(Audit, FindsWhateverWasChangedBehindItsBack) {
  const std::vector<Tampering> all{
      {"UPDATE audit SET actor = 'eve' WHERE number = 2", "entry 2 was changed"},
      {"UPDATE audit SET body = replace(body, '\"2.00\"', '\"9.00\"') WHERE number = 2",
       "entry 2 was changed"},
      {"UPDATE audit SET at = at + 1 WHERE number = 4", "entry 4 was changed"},
      {"UPDATE audit SET kind = 'note' WHERE number = 1", "entry 1 was changed"},
      {"UPDATE audit SET body = 'no json' WHERE number = 3", "entry 3 was changed"},
      {"DELETE FROM audit WHERE number = 3", "entry 3 is missing"},
      {"DELETE FROM receipt WHERE id = 1", "receipt 1 is missing"},
      {"UPDATE receipt SET body = replace(body, 'ann', 'eve') WHERE id = 2",
       "receipt 2 is not what the log says"},
  };
  for (const Tampering& tampering : all) {
    SCOPED_TRACE(tampering.sql);
    TemporaryFolder folder;
    std::string path = folder.file("store.db");
    auto store = open_sqlite(path).value();
    const AccountId account = test_account().id;
    ASSERT_TRUE(store->put_account(test_account()).has_value());
    ActionLedger& ledger = store->actions();
    for (int n = 1; n <= 4; ++n) {
      Receipt receipt = receipt_number(n);
      ASSERT_TRUE(ledger.open(account, receipt, n - 1).has_value());
    }
    AuditState state = verify_audit(ledger, account).value();
    EXPECT_THAT(state.problems, IsEmpty());
    EXPECT_EQ(state.entries, 4);
    Database db = Database::open(path, SqliteOptions()).value();
    ASSERT_TRUE(db.execute(std::string(tampering.sql)).has_value());
    state = verify_audit(ledger, account).value();
    EXPECT_THAT(state.problems, testing::Contains(HasSubstr(std::string(tampering.found))));
  }
}

TEST(Ledger, WhoeverWroteLastIsSeenByTheOthers) {
  TemporaryFolder folder;
  auto one = open_sqlite(folder.file("store.db")).value();
  auto other = open_sqlite(folder.file("store.db")).value();
  const AccountId account = test_account().id;
  ASSERT_TRUE(one->put_account(test_account()).has_value());
  Receipt mine = receipt_number(1);
  Receipt theirs = receipt_number(2);
  ASSERT_EQ(one->actions().open(account, mine, 0).value(), 1);
  EXPECT_EQ(other->actions().open(account, theirs, 0).error().code, ErrorCode::conflict);
  EXPECT_EQ(theirs.id, 0);
  ASSERT_EQ(other->actions().open(account, theirs, 1).value(), 2);
  EXPECT_EQ(theirs.id, 2);
  Receipt again = receipt_number(1);
  EXPECT_EQ(one->actions().open(account, again, 2).error().code, ErrorCode::conflict);
  mine.state = ReceiptState::failed;
  ASSERT_TRUE(one->actions().settle(account, mine).has_value());
  EXPECT_EQ(other->actions().settle(account, mine).error().code, ErrorCode::conflict);
  ASSERT_EQ(one->actions().open(account, again, 3).value(), 4);
  EXPECT_EQ(again.id, 3);
  EXPECT_EQ(again.attempts, 2);
  EXPECT_EQ(one->actions().receipts(account, ReceiptQuery()).value().size(), 3U);
}

}  // namespace
}  // namespace rf::act
