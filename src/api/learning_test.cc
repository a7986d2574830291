// What a person sees of predictors: too little, trained, asked, taken back.

#include "api/learning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "store/sqlite.h"
#include "store/store_testing.h"

namespace rf::api {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class LearningDoor : public testing::Test {
 protected:
  static constexpr std::int64_t kDays = 100;

  // Ads wear out by 3 % a day, each from its own first day on, which the baseline sees too late.
  void import_numbers(std::int64_t ads) {
    std::unique_ptr<Store> store = open_sqlite(folder_.file("s.db")).value();
    std::vector<MetricRow> rows;
    Rng rng(5);
    for (std::int64_t day = 0; day < kDays; ++day) {
      for (std::int64_t ad = 1; ad <= ads; ++ad) {
        const std::int64_t age = day - 7 * (ad % 8);
        if (age < 0 || age > 42) continue;
        MetricRow row = test_row(ad, day, 5000);
        row.counts.set(Metric::impressions, 5000);
        row.counts.set(Metric::link_clicks,
                       rng.binomial(5000, 0.04 * std::exp(-0.03 * static_cast<double>(age))));
        rows.push_back(row);
      }
    }
    ASSERT_TRUE(write_rows(*store, test_source(kDays * 24), rows).has_value());
  }

  TemporaryFolder folder_;
  ManualClock clock_{test_instant(kDays * 24 + 6)};
  NoProgress progress_;
  Services services_{folder_.file("s.db"), open_sqlite, clock_, progress_};
};

TEST_F(LearningDoor, SaysWhatIsMissingWhereThereIsTooLittle) {
  import_numbers(3);
  const auto trained = learn_train({.target = "ctr"}, services_).value();
  ASSERT_EQ(trained.targets.size(), 1U);
  EXPECT_THAT(trained.targets[0].verdict, HasSubstr("not enough data"));
  const auto predicted = learn_predict({}, services_).value();
  for (const AdPrediction& each : predicted.predictions) {
    EXPECT_FALSE(each.rate.has_value());
    EXPECT_EQ(each.by, "baseline");
  }
  EXPECT_THAT(predicted.notices, testing::Contains(HasSubstr("learn train")));
}

TEST_F(LearningDoor, TrainsPredictsExplainsAndGoesBack) {
  import_numbers(40);
  const auto trained = learn_train({.target = "ctr"}, services_).value();
  ASSERT_TRUE(trained.targets[0].version.has_value());
  ASSERT_THAT(trained.targets[0].verdict, HasSubstr("live"));
  EXPECT_EQ(learn_train({.target = "ctr", .if_due = true}, services_).value().targets[0].verdict,
            "not due");

  const auto all = learn_predict({}, services_).value();
  ASSERT_THAT(all.predictions, Not(IsEmpty()));
  const AdPrediction& first = all.predictions.front();
  const auto one = learn_predict({.ad = first.ad}, services_).value();
  ASSERT_EQ(one.predictions[0].target, "ctr");
  ASSERT_TRUE(one.predictions[0].rate.has_value());
  EXPECT_LT(one.predictions[0].rate->value, one.predictions[0].baseline) << "it wears out";
  EXPECT_THAT(one.predictions[0].moved_by, Not(IsEmpty()));

  const std::string account = first.account;
  EXPECT_EQ(learn_rollback({.target = "ctr", .account = account}, services_).value().version, 0);
  const auto status = learn_status({}, services_).value();
  EXPECT_FALSE(status.targets[0].live.has_value());
  EXPECT_EQ(status.targets[0].lives.size(), 2U);
}

TEST_F(LearningDoor, RefusesWhatItDoesNotKnow) {
  import_numbers(3);
  EXPECT_EQ(learn_train({.target = "fame"}, services_).error().code, ErrorCode::invalid);
  EXPECT_EQ(learn_train({.account = "no:1"}, services_).error().code, ErrorCode::not_found);
  EXPECT_EQ(learn_predict({.name = "no pattern"}, services_).error().code, ErrorCode::invalid);
  EXPECT_EQ(learn_predict({.ad = "x", .name = "y"}, services_).error().code, ErrorCode::invalid);
}

}  // namespace
}  // namespace rf::api
