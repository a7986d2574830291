#include "decide/rules/backtest.h"

#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace rf::decide {
namespace {

constexpr Day kFirst{Days(20000)};
constexpr double kNoTarget = std::numeric_limits<double>::quiet_NaN();

Rule rule_of(const std::string& toml) {
  return read_rules(*parse_toml(toml), "test").value().front();
}

Rule no_sales_rule() {
  return rule_of(
      "name = \"no-sales\"\naction = \"pause\"\n"
      "when = { all = [ { metric = \"spend\", days = 3, is = \"at_least\", value = 300 },"
      " { metric = \"conversions\", days = 3, is = \"at_most\", value = 0 } ] }");
}

Entity ad_named(const std::string& name) {
  Entity ad;
  ad.ad_name = name;
  ad.campaign_name = "C";
  return ad;
}

Counts day_of(double spend, std::int64_t sales) {
  Counts counts;
  counts.set(Metric::spend, std::llround(spend * 1e6));
  counts.set(Metric::impressions, 1000);
  counts.set(Metric::conversions, sales * 1'000'000);
  counts.set(Metric::conversion_value, sales * 50'000'000);
  return counts;
}

// A steady ad, one that never sells, and one whose every sale is reported four days late.
Past some_past(const std::vector<Rule>& rules) {
  Past past(rules, {ad_named("steady"), ad_named("dud"), ad_named("late")});
  for (int i = 0; i < 40; ++i) {
    const Day day = kFirst + Days(i);
    past.add(0, day, day + Days(1), day_of(100, 3));
    past.add(1, day, day + Days(1), day_of(100, 0));
    past.add(2, day, day + Days(1), day_of(100, 0));
    past.add(2, day, day + Days(4), day_of(100, 6));
  }
  return past;
}

TEST(Backtest, SeesOnlyWhatWasKnownThatMorning) {
  const std::vector<Rule> rules{no_sales_rule()};
  const std::vector<Backtest> results = backtest(rules, some_past(rules), kNoTarget, kFirst);
  ASSERT_EQ(results.size(), 1U);
  const Backtest& result = results.front();
  // Both the dud and the late seller show three days without a sale on the fourth morning.
  ASSERT_EQ(result.firings.size(), 2U);
  EXPECT_EQ(result.firings[0].ad, 1U);
  EXPECT_EQ(result.firings[0].day, kFirst + Days(3));
  EXPECT_EQ(result.firings[1].ad, 2U);
  EXPECT_EQ(result.firings[1].day, kFirst + Days(3));
}

TEST(Backtest, CountsALaterWinnerAsARegret) {
  const std::vector<Rule> rules{no_sales_rule()};
  const Backtest result = backtest(rules, some_past(rules), kNoTarget, kFirst).front();
  EXPECT_EQ(result.regrets, 1);
  EXPECT_EQ(result.right, 1);
  EXPECT_EQ(result.firings[0].hindsight, Hindsight::right);
  EXPECT_EQ(result.firings[1].hindsight, Hindsight::regret);
  // 37 days of 100 for each of the two.
  EXPECT_DOUBLE_EQ(result.freed, 7400);
  // The dud's money at the others' 450 of 200; the late one's at 150 of 200.
  EXPECT_DOUBLE_EQ(result.firings[0].expected, 3700 * 2.25);
  EXPECT_DOUBLE_EQ(result.firings[1].expected, 3700 * 0.75);
  EXPECT_DOUBLE_EQ(result.firings[1].forgone, 3700 * 3);
  ASSERT_TRUE(result.gain);
  EXPECT_NEAR(result.gain->value, 3700 * (2.25 + 0.75 - 3), 1e-6);
  EXPECT_LT(result.gain->low, 0);
  EXPECT_GT(result.gain->high, 0);
  ASSERT_TRUE(result.regret_share);
  EXPECT_DOUBLE_EQ(result.regret_share->value, 0.5);
}

TEST(Backtest, ASettledWindowHasNoSuchRegret) {
  const std::vector<Rule> rules{rule_of(
      "name = \"no-sales\"\naction = \"pause\"\n"
      "when = { all = [ { metric = \"spend\", days = 3, ago = 4, is = \"at_least\", value = 300 },"
      " { metric = \"conversions\", days = 3, ago = 4, is = \"at_most\", value = 0 } ] }")};
  const Backtest result = backtest(rules, some_past(rules), kNoTarget, kFirst).front();
  ASSERT_EQ(result.firings.size(), 1U);
  EXPECT_EQ(result.firings[0].ad, 1U);
  EXPECT_EQ(result.regrets, 0);
}

TEST(Backtest, RestsBetweenTwoActsOnOneAd) {
  const auto fired = [](int hours) {
    const std::vector<Rule> rules{rule_of(
        "name = \"more\"\naction = \"raise_budget\"\ncooldown_hours = " + std::to_string(hours) +
        "\nwhen = { metric = \"spend\", days = 1, is = \"above\", value = 0 }")};
    return backtest(rules, some_past(rules), kNoTarget, kFirst).front();
  };
  EXPECT_EQ(fired(24).firings.size(), 3U * 40);
  EXPECT_EQ(fired(240).firings.size(), 3U * 4);
  EXPECT_LT(fired(240).freed, 0) << "a raise adds money";
}

TEST(Backtest, ACampaignIsItsAdsTogether) {
  const std::vector<Rule> rules{
      rule_of("name = \"whole\"\naction = \"pause\"\nlevel = \"campaign\"\n"
              "when = { metric = \"spend\", days = 1, is = \"at_least\", value = 300 }")};
  const Backtest result = backtest(rules, some_past(rules), kNoTarget, kFirst).front();
  EXPECT_EQ(result.firings.size(), 3U) << "300 a day is what the three spend together";
}

TEST(Backtest, IsTheSameWhateverTheOrderOfTheVersions) {
  const std::vector<Rule> rules{no_sales_rule()};
  Past past(rules, {ad_named("steady"), ad_named("dud"), ad_named("late")});
  for (int i = 39; i >= 0; --i) {
    const Day day = kFirst + Days(i);
    past.add(2, day, day + Days(4), day_of(100, 6));
    past.add(2, day, day + Days(1), day_of(100, 0));
    past.add(1, day, day + Days(1), day_of(100, 0));
    past.add(0, day, day + Days(1), day_of(100, 3));
  }
  const Backtest a = backtest(rules, past, kNoTarget, kFirst).front();
  const Backtest b = backtest(rules, some_past(rules), kNoTarget, kFirst).front();
  EXPECT_EQ(a.firings.size(), b.firings.size());
  EXPECT_DOUBLE_EQ(a.freed, b.freed);
  EXPECT_EQ(a.regrets, b.regrets);
}

TEST(Percentile, IsTheInterpolatedRankOfWhatIsKnown) {
  const double nan = kNoTarget;
  EXPECT_DOUBLE_EQ(percentile_of(std::vector<double>{4, nan, 1, 3, 2}, {}, 50), 2.5);
  EXPECT_DOUBLE_EQ(percentile_of(std::vector<double>{4, 1, 3, 2}, {}, 0), 1);
  EXPECT_DOUBLE_EQ(percentile_of(std::vector<double>{4, 1, 3, 2}, {}, 100), 4);
  EXPECT_TRUE(std::isnan(percentile_of(std::vector<double>{4, 1, nan, 2}, {}, 50)));
}

// The columns against the logic written out row by row, over many random rows.
TEST(RuleProgram, AgreesWithTheLogicWrittenOut) {
  const Rule rule = rule_of(
      "name = \"a\"\naction = \"pause\"\n"
      "when = { any = [ { all = [ { metric = \"spend\", is = \"above\", value = 5 },"
      " { not = { metric = \"roas\", is = \"at_least\", versus = \"ctr\", times = 2 } } ] },"
      " { metric = \"ctr\", is = \"at_most\", value = 1 } ] }");
  const RuleProgram program(rule);
  ASSERT_EQ(program.terms().size(), 3U);
  const double nan = kNoTarget;
  const double levels[] = {nan, 0, 1, 2, 5, 6, 10, std::numeric_limits<double>::infinity()};
  TermColumns columns;
  columns.values.resize(3);
  for (double spend : levels) {
    for (double roas : levels) {
      for (int copy = 0; copy < 40; ++copy) {
        columns.values[0].push_back(spend);
        columns.values[1].push_back(roas);
        columns.values[2].push_back(levels[copy % 8]);
      }
    }
  }
  std::vector<Truth> truths(columns.values[0].size());
  program.run(columns, nan, truths);
  const auto truth = [](bool known, bool yes) { return known ? (yes ? 2 : 0) : 1; };
  for (std::size_t i = 0; i < truths.size(); ++i) {
    const double spend = columns.values[0][i];
    const double roas = columns.values[1][i];
    const double ctr = columns.values[2][i];
    const int a = truth(!std::isnan(spend), spend > 5);
    const int b = 2 - truth(!std::isnan(roas) && !std::isnan(2 * ctr), roas >= 2 * ctr);
    const int c = truth(!std::isnan(ctr), ctr <= 1);
    ASSERT_EQ(static_cast<int>(truths[i]), std::max(std::min(a, b), c)) << i;
  }
}

}  // namespace
}  // namespace rf::decide
