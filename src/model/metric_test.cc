#include "model/metric.h"

#include <gtest/gtest.h>

#include "model/entity.h"

namespace rf {
namespace {

TEST(Metric, EveryNameFindsItsMetric) {
  for (const MetricInfo& info : all_metrics()) EXPECT_EQ(find_metric(info.name), info.metric);
  EXPECT_EQ(find_metric("ctr"), std::nullopt);
}

TEST(Counts, NotReportedIsNotZero) {
  Counts counts;
  EXPECT_EQ(counts.get(Metric::clicks_all), std::nullopt);
  counts.set(Metric::clicks_all, 0);
  EXPECT_EQ(counts.get(Metric::clicks_all), 0);
  EXPECT_FALSE(counts == Counts());
}

TEST(Counts, ASumReportsWhatAnyPartReported) {
  Counts a;
  a.set(Metric::impressions, 10);
  Counts b;
  b.set(Metric::impressions, 5);
  b.set(Metric::conversions, 500'000);
  a.add(b);
  EXPECT_EQ(a.get(Metric::impressions), 15);
  EXPECT_EQ(a.get(Metric::conversions), 500'000);
  EXPECT_EQ(a.get(Metric::spend), std::nullopt);
}

TEST(Counts, ReachNeverAdds) {
  Counts day;
  day.set(Metric::reach, 100);
  day.set(Metric::impressions, 120);
  Counts sum;
  sum.add(day);
  EXPECT_EQ(sum.get(Metric::reach), 100);
  sum.add(day);
  EXPECT_EQ(sum.get(Metric::reach), std::nullopt);
  sum.add(day);
  EXPECT_EQ(sum.get(Metric::reach), std::nullopt);
  EXPECT_EQ(sum.get(Metric::impressions), 360);
}

TEST(Entity, TheKeyIsTheIdWhereThereIsOneAndElseTheWholePathOfNames) {
  Entity ad{.level = Level::ad, .campaign_name = "c", .adset_name = "s", .ad_name = "a"};
  Entity twin = ad;
  twin.adset_name = "other";
  EXPECT_EQ(id_of(ad), id_of(ad));
  EXPECT_NE(id_of(ad), id_of(twin));
  ad.ad_id = "17";
  EXPECT_EQ(id_of(ad).text, "ad:17");
  twin.ad_id = "17";
  EXPECT_EQ(id_of(ad), id_of(twin));
}

}  // namespace
}  // namespace rf
