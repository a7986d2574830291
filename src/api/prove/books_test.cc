// That the check of the books sees what it is there for.

#include "api/prove/books.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::api {
namespace {

using testing::Contains;
using testing::HasSubstr;

class Books : public testing::Test {
 protected:
  Books() {
    box_->run_days(3);
    for (const sim::AdAccount& each : box_->world().scene().accounts)
      RF_CHECK(store_->put_account(each.account).has_value());
    seen_.resize(box_->world().scene().accounts.size());
    for (auto& days : seen_) {
      for (std::int64_t back = 1; back <= 3; ++back)
        days[box_->today() - Days(back)] = box_->today() - Days(1);
    }
  }

  // Everything but the entities, as the world would tell it.
  void fill() {
    for (std::size_t account = 0; account < seen_.size(); ++account) {
      const sim::Export file = box_->world().export_as_of(account, box_->today() - Days(1));
      ASSERT_TRUE(write_rows(*store_, test_source(static_cast<std::int64_t>(account)), file.rows,
                             file.account)
                      .has_value());
    }
  }

  ManualClock clock_{test_instant(0)};
  std::unique_ptr<sim::Sandbox> box_ = std::move(sim::Sandbox::make({.days = 4}, clock_)).value();
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_ = std::move(open_sqlite(folder_.file("store.db"))).value();
  SeenDays seen_;
};

TEST_F(Books, ADayThatIsMissingIsSeen) {
  const BookCheck check = check_books(*store_, *box_, seen_).value();
  EXPECT_GT(check.rows, 0);
  EXPECT_THAT(check.differences, Contains(HasSubstr("not in the store")));
}

TEST_F(Books, ANumberThatIsOffByOneIsSeen) {
  fill();
  EXPECT_THAT(check_books(*store_, *box_, seen_).value().differences,
              testing::Each(HasSubstr("not among the store's entities")));
  sim::Export file = box_->world().export_as_of(0, box_->today() - Days(1));
  file.rows.resize(1);
  Counts& counts = file.rows[0].counts;
  counts.set(Metric::impressions, counts.or_zero(Metric::impressions) + 1);
  ASSERT_TRUE(write_rows(*store_, test_source(9), file.rows, file.account).has_value());
  EXPECT_THAT(check_books(*store_, *box_, seen_).value().differences,
              Contains(HasSubstr("impressions of")));
}

TEST_F(Books, AChangeThatNobodyAskedForIsSeen) {
  box_->set_state(box_->find(box_->ads()[0].id).value(), sim::RunState::paused);
  const BookCheck check = check_books(*store_, *box_, seen_).value();
  EXPECT_EQ(check.writes, 1);
  EXPECT_EQ(check.writes_doubled, 1);
  EXPECT_THAT(check.differences, Contains(HasSubstr("a change without a receipt: status")));
}

TEST_F(Books, EveryFingerprintIsOfItsOwnBooks) {
  const std::string before = fingerprint_of(*store_, *box_).value();
  EXPECT_EQ(fingerprint_of(*store_, *box_).value(), before);
  box_->set_state(box_->find(box_->ads()[0].id).value(), sim::RunState::paused);
  EXPECT_NE(fingerprint_of(*store_, *box_).value(), before);
}

}  // namespace
}  // namespace rf::api
