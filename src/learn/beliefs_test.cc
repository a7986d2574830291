// Laws of beliefs: which days count, what is absent, and what the group lends.

#include "learn/beliefs.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"

namespace rf::learn {
namespace {

constexpr Day kToday{Days(20500)};

Counts day_of(std::int64_t impressions, std::int64_t clicks, double spend, double conversions) {
  Counts counts;
  counts.set(Metric::impressions, impressions);
  counts.set(Metric::link_clicks, clicks);
  counts.set(Metric::spend, std::llround(spend * 1e6));
  counts.set(Metric::conversions, std::llround(conversions * 1e6));
  return counts;
}

struct Sender {
  History history;

  // An ad with the same counts on each of the `days` up to the open day.
  void add(const std::string& id, std::int64_t days, const Counts& each) {
    AdTotals totals;
    totals.id.text = id;
    totals.entity.ad_name = id;
    totals.first_day = kToday - Days(days - 1);
    totals.last_day = kToday;
    totals.days = days;
    for (Day day = totals.first_day; day <= kToday; day += Days(1)) {
      totals.counts.add(each);
      if (day >= kToday - kLookback) history.days.push_back({totals.id, "", "", day, each});
    }
    history.totals.push_back(totals);
  }
};

TEST(Beliefs, LeaveTheOpenDayOutAndJudgeConversionsOnSettledDays) {
  Sender sender;
  sender.add("ad:1", 31, day_of(1000, 10, 20, 1));
  const Belief belief = beliefs(sender.history, kToday, {}).at(0);
  EXPECT_EQ(belief.days, 30);
  EXPECT_EQ(belief.age_days, 30);
  EXPECT_EQ(belief.closed.get(Metric::impressions), 30'000);
  EXPECT_EQ(belief.settled.get(Metric::impressions), 27'000);
  EXPECT_EQ(belief.recent.get(Metric::impressions), 7000);
  EXPECT_EQ(belief.before.get(Metric::impressions), 7000);
  EXPECT_EQ(belief.conversions_arrived, 31);
  EXPECT_EQ(belief.spend_per_day, 20);
  ASSERT_TRUE(belief.sales);
  EXPECT_EQ(belief.sales->events, 27);
  EXPECT_EQ(belief.sales->exposure, 540);
  EXPECT_EQ(belief.ctr->exposure, 30'000);
}

TEST(Beliefs, HaveNothingClosedOfAnAdThatBeganToday) {
  Sender sender;
  sender.add("ad:1", 1, day_of(1000, 10, 20, 1));
  const Belief belief = beliefs(sender.history, kToday, {}).at(0);
  EXPECT_TRUE(belief.closed.empty());
  EXPECT_FALSE(belief.ctr);
  EXPECT_FALSE(belief.sales);
  EXPECT_FALSE(belief.spend_per_day);
  EXPECT_EQ(belief.conversions_arrived, 1);
}

TEST(Beliefs, AreAbsentWhereNothingWasReported) {
  Counts counts;
  counts.set(Metric::impressions, 1000);
  counts.set(Metric::clicks_all, 10);
  Sender sender;
  sender.add("ad:1", 20, counts);
  const Belief belief = beliefs(sender.history, kToday, {}).at(0);
  EXPECT_FALSE(belief.conversions_arrived);
  EXPECT_FALSE(belief.cvr);
  EXPECT_FALSE(belief.sales);
  EXPECT_FALSE(belief.roas);
  EXPECT_FALSE(belief.hook);
  EXPECT_FALSE(belief.spend_per_day);
  ASSERT_TRUE(belief.ctr);
  EXPECT_EQ(belief.clicks, Metric::clicks_all);
}

TEST(Beliefs, TakeAnEmptyCellOfAMetaExportForNoneWhereOthersAreFilled) {
  Counts empty = day_of(1000, 10, 20, 0);
  empty.clear(Metric::conversions);
  Sender sender;
  sender.add("ad:1", 31, day_of(1000, 10, 20, 1));
  sender.add("ad:2", 31, empty);
  sender.history.platform = Platform::tiktok;
  EXPECT_FALSE(beliefs(sender.history, kToday, {}).at(1).sales);
  sender.history.platform = Platform::meta;
  const Belief belief = beliefs(sender.history, kToday, {}).at(1);
  EXPECT_TRUE(belief.empty_is_none);
  ASSERT_TRUE(belief.sales);
  EXPECT_EQ(belief.sales->events, 0);
  EXPECT_EQ(belief.sales->exposure, 540);
  EXPECT_EQ(belief.conversions_arrived, 0);
  // Alone, nobody knows whether the column was exported.
  sender.history.totals.erase(sender.history.totals.begin());
  std::erase_if(sender.history.days, [](const AdDay& day) { return day.id.text == "ad:1"; });
  EXPECT_FALSE(beliefs(sender.history, kToday, {}).at(0).sales);
}

TEST(Beliefs, DoNotTakeOrdersWithoutAnyValueForAReturnOfZero) {
  Counts counts = day_of(1000, 10, 20, 1);
  counts.set(Metric::conversion_value, 0);
  Sender sender;
  sender.add("ad:1", 20, counts);
  EXPECT_FALSE(beliefs(sender.history, kToday, {}).at(0).roas);
}

TEST(Beliefs, JudgeATotalWithoutDaysAsClosedAndSettled) {
  AdTotals totals;
  totals.id.text = "ad:1";
  totals.counts = day_of(50'000, 300, 400, 4);
  History history;
  history.totals.push_back(totals);
  const Belief belief = beliefs(history, kToday, {}).at(0);
  EXPECT_FALSE(belief.dated);
  EXPECT_FALSE(belief.age_days);
  EXPECT_FALSE(belief.spend_per_day);
  EXPECT_EQ(belief.settled.get(Metric::impressions), 50'000);
  EXPECT_TRUE(belief.recent.empty());
}

TEST(Beliefs, AreOnePerAdInTheSettingThatSpentMost) {
  Sender sender;
  sender.add("ad:1", 20, day_of(1000, 10, 20, 1));
  sender.add("ad:2", 20, day_of(1000, 10, 20, 1));
  for (AdTotals& row : sender.history.totals) row.attribution = "7-day click";
  AdTotals other = sender.history.totals[0];
  other.attribution = "1-day click";
  other.counts.set(Metric::conversions, 1'000'000);
  sender.history.totals.push_back(other);
  const std::vector<Belief> all = beliefs(sender.history, kToday, {});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].attribution, "7-day click");
  EXPECT_EQ(all[1].attribution, "7-day click");
}

TEST(Beliefs, CompareAnAdWithTheOthersAndNotWithItself) {
  Sender sender;
  sender.add("ad:1", 31, day_of(1000, 30, 20, 1));
  sender.add("ad:2", 31, day_of(1000, 10, 20, 1));
  const std::vector<Belief> all = beliefs(sender.history, kToday, {});
  EXPECT_EQ(control_events(*all[0].ctr), 300);
  EXPECT_EQ(control_exposure(*all[0].ctr), 30'000);
  EXPECT_EQ(all[0].group_ads, 2);
  EXPECT_DOUBLE_EQ(all[0].group_cpa.value_or(0), 20);
}

TEST(Beliefs, ShrinkALuckyAdTowardItsGroup) {
  Sender sender;
  Rng rng(5);
  for (int i = 0; i < 60; ++i) {
    sender.add("ad:" + std::to_string(100 + i), 20,
               day_of(2000, rng.binomial(2000, 0.01 + 0.002 * rng.uniform()), 20, 1));
  }
  sender.add("ad:lucky", 4, day_of(100, 4, 1, 0));
  const std::vector<Belief> all = beliefs(sender.history, kToday, {});
  const auto lucky = std::ranges::find(all, "ad:lucky", [](const Belief& b) { return b.id.text; });
  ASSERT_NE(lucky, all.end());
  const Estimate ctr = estimate(*lucky->ctr);
  EXPECT_LT(ctr.value, 0.02);
  EXPECT_GT(ctr.value, 0.01);
  EXPECT_LT(ctr.low, ctr.value);
  EXPECT_GT(ctr.high, ctr.value);
  EXPECT_LT(lift_estimate(*lucky->ctr).low, 0.2);
}

TEST(Beliefs, SeeDaysThatVaryMoreThanChance) {
  Rng rng(6);
  Sender calm;
  History wild;
  for (int i = 0; i < 40; ++i) {
    AdTotals totals;
    totals.id.text = "ad:" + std::to_string(i);
    totals.first_day = kToday - Days(14);
    totals.last_day = kToday - Days(1);
    totals.days = 14;
    AdTotals even = totals;
    for (Day day = totals.first_day; day < kToday; day += Days(1)) {
      // Gamma noise of shape 10 on a mean of 30 gives a variance ratio of 1 + 30/10 = 4.
      const double rate = 0.01 * rng.gamma(10) / 10;
      const Counts rough = day_of(3000, rng.binomial(3000, rate), 20, 1);
      const Counts smooth = day_of(3000, rng.binomial(3000, 0.01), 20, 1);
      totals.counts.add(rough);
      even.counts.add(smooth);
      wild.days.push_back({totals.id, "", "", day, rough});
      calm.history.days.push_back({totals.id, "", "", day, smooth});
    }
    wild.totals.push_back(totals);
    calm.history.totals.push_back(even);
  }
  EXPECT_NEAR(beliefs(wild, kToday, {}).at(0).ctr->phi, 4, 0.8);
  EXPECT_NEAR(beliefs(calm.history, kToday, {}).at(0).ctr->phi, 1, 0.15);
}

// 90 % intervals over ads drawn from a common distribution hold the truth about 90 % of the time.
TEST(Beliefs, HaveIntervalsWithTheirStatedCoverage) {
  int held = 0;
  int all_ads = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    History history;
    std::vector<double> truths;
    for (int i = 0; i < 200; ++i) {
      AdTotals totals;
      totals.id.text = "ad:" + std::to_string(1000 + i);
      const double truth = rng.gamma(4) / 4 / 40;
      const double spend = std::exp(3 + 4 * rng.uniform());
      truths.push_back(truth);
      totals.counts =
          day_of(1'000'000, 5000, spend, static_cast<double>(rng.poisson(truth * spend)));
      history.totals.push_back(totals);
    }
    BeliefRules rules;
    rules.phi_prior = 1;  // The draws are Poisson.
    const std::vector<Belief> found = beliefs(history, kToday, rules);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const Estimate sales = estimate(*found[i].sales);
      ++all_ads;
      held += truths[i] >= sales.low && truths[i] <= sales.high ? 1 : 0;
    }
  }
  EXPECT_NEAR(static_cast<double>(held) / all_ads, 0.90, 0.03);
}

TEST(AccountDays, AreClosedAndSummed) {
  Sender sender;
  sender.add("ad:1", 3, day_of(1000, 10, 20, 1));
  sender.add("ad:2", 2, day_of(500, 5, 10, 0));
  const std::vector<AccountDay> days = account_days(sender.history, kToday);
  ASSERT_EQ(days.size(), 2U);
  EXPECT_EQ(days[0].counts.get(Metric::impressions), 1000);
  EXPECT_EQ(days[1].day, kToday - Days(1));
  EXPECT_EQ(days[1].counts.get(Metric::impressions), 1500);
}

}  // namespace
}  // namespace rf::learn
