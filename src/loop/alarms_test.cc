// What the store knows and a person should: found when it is there, and not when it is not.

#include "loop/alarms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "act/execute.h"
#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::loop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Ads 1 and 11 of campaigns c0 and c1, shown `first` and `second` times a day for ten days, and
// `first_last`, `second_last` times on the last.
Sight seen(std::int64_t first, std::int64_t second, std::int64_t first_last,
           std::int64_t second_last) {
  Sight sight{.today = test_day(10)};
  for (const std::int64_t ad : {1, 11}) {
    const Entity entity = test_ad(ad);
    sight.history.totals.push_back({.id = id_of(entity), .entity = entity});
    for (std::int64_t day = 0; day < 10; ++day) {
      Counts counts;
      const std::int64_t shown =
          day == 9 ? (ad == 1 ? first_last : second_last) : (ad == 1 ? first : second);
      counts.set(Metric::impressions, shown);
      sight.history.days.push_back({.id = id_of(entity), .day = test_day(day), .counts = counts});
    }
  }
  return sight;
}

TEST(Collapses, AreOfTheCampaignThatIsHardlyShownAnyMore) {
  const Account account = test_account();
  EXPECT_THAT(collapses(account, seen(1000, 1000, 600, 1500), {}), IsEmpty());
  const auto one = collapses(account, seen(1000, 1000, 50, 900), {});
  ASSERT_THAT(one, SizeIs(1));
  EXPECT_EQ(one[0].thing, "campaign:c0");
  EXPECT_THAT(one[0].text, HasSubstr("had 50 impressions on the last closed day where 1000"));
  // Both: it is the account, told once.
  const auto all = collapses(account, seen(1000, 1000, 0, 0), {});
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0].thing, "");
}

TEST(Collapses, NeitherOfWhatWasSmallNorOfWhatWeStopped) {
  const Account account = test_account();
  EXPECT_THAT(collapses(account, seen(400, 1000, 0, 1000), {}), IsEmpty());
  const std::string ours = id_of(test_ad(1)).text;
  EXPECT_THAT(collapses(account, seen(1000, 1000, 0, 1000), {ours}), IsEmpty());
}

class Alarms : public testing::Test {
 protected:
  std::vector<std::string> keys(const Feed& feed, const std::optional<act::Limits>& limits = {}) {
    RF_CHECK(store_->remember(account_.id).has_value());
    const Instant now = account_.zone.start_of(test_day(31)) + std::chrono::hours(9);
    const Sight sight = look(*store_, account_, now).value();
    const act::Findings found = alarms_of(*store_, account_, sight, feed, limits, now).value();
    std::vector<std::string> keys;
    for (const act::Alert& alert : found.alerts) keys.push_back(alert.key);
    return keys;
  }

  // Thirty days in which six ads sell, but for the last `silent` ones.
  void month(std::int64_t silent) {
    std::vector<MetricRow> rows;
    for (std::int64_t day = 0; day <= 30; ++day) {
      for (std::int64_t ad = 1; ad <= 6; ++ad) {
        MetricRow row = test_row(ad, day, 5000);
        row.counts.set(Metric::link_clicks, 100);
        row.counts.set(Metric::conversions, day + silent > 30 ? 0 : 8'000'000);
        rows.push_back(row);
      }
    }
    ImportSource source = test_source(0);
    source.as_of = source.imported_at =
        account_.zone.start_of(test_day(31)) + std::chrono::hours(2);
    RF_CHECK(write_rows(*store_, source, rows, account_).has_value());
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_ = open_sqlite(folder_.file("store.db")).value();
  Account account_ = test_account();
};

TEST_F(Alarms, AreNoneOfAHealthyAccount) {
  month(0);
  EXPECT_THAT(keys({.connected = true, .completeness = 1}), IsEmpty());
}

TEST_F(Alarms, TellOfTrackingThatBroke) {
  month(4);
  EXPECT_THAT(keys({}), ElementsAre("tracking"));
}

TEST_F(Alarms, TellOfNumbersThatDoNotCome) {
  month(0);
  EXPECT_THAT(keys({.connected = true, .completeness = 0.9, .trouble = "the token is old"}),
              ElementsAre("sync", "incomplete"));
  EXPECT_THAT(keys({.connected = false, .completeness = 0.9}), IsEmpty());
}

TEST_F(Alarms, TellOfAHaltUntilItIsLifted) {
  month(0);
  const Json halt = to_json(act::Halt{.halted = true, .actor = "ann", .reason = "fire"});
  RF_CHECK(store_->put_document(account_.id, act::kHaltDocument, halt).has_value());
  EXPECT_THAT(keys({}), ElementsAre("halt"));
}

}  // namespace
}  // namespace rf::loop
