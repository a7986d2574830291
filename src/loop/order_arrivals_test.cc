#include "loop/order_arrivals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/store_testing.h"

namespace rf::loop {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(OrderArrivals, ADayGrowsByWhatCameAfterIt) {
  const OrderArrivals arrivals{.arrivals = {{test_day(0), 0, 5}, {test_day(0), 2, 3}}};
  const auto versions = versions_of(arrivals, test_day(0), test_day(9));
  const std::int64_t day = test_day(0).time_since_epoch().count();
  ASSERT_THAT(versions, SizeIs(3));
  EXPECT_EQ(versions[0].count, 5);
  EXPECT_EQ(versions[1].as_of, day + 2);
  EXPECT_EQ(versions[1].count, 8);
  EXPECT_EQ(versions[2].as_of, day + 9);  // It still stood then.
  EXPECT_EQ(versions[2].count, 8);
}

TEST(OrderArrivals, WhatIsOutsideTheDaysAskedForIsLeftOut) {
  const OrderArrivals arrivals{.arrivals = {{test_day(0), 0, 5}, {test_day(3), 9, 1}}};
  EXPECT_THAT(versions_of(arrivals, test_day(1), test_day(9)), IsEmpty());
}

// 60 % at once, 40 % a day later: the curve says so, though the newest day knows only its first.
TEST(OrderArrivals, TeachTheCurveThatTheyCameBy) {
  OrderArrivals arrivals;
  for (std::int64_t day = 0; day < 30; ++day) {
    arrivals.arrivals.push_back({test_day(day), 0, 60});
    if (day < 29) arrivals.arrivals.push_back({test_day(day), 1, 40});
  }
  const learn::ArrivalCurve curve = learn::fit_arrival(
      versions_of(arrivals, test_day(0), test_day(29)), learn::assumed_curve(0.5, 4, 29), 30);
  EXPECT_NEAR(curve.at(0), 0.6, 0.03);
  EXPECT_GT(curve.at(1), 0.97);
}

}  // namespace
}  // namespace rf::loop
