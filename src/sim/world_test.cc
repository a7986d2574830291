#include "sim/world.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rf::sim {
namespace {

World world_of(const WorldSpec& spec) {
  Result<World> world = World::make(spec);
  EXPECT_TRUE(world) << (world ? "" : world.error().message);
  return std::move(world).value();
}

World run_world(const WorldSpec& spec) {
  World world = world_of(spec);
  world.run_days(spec.days);
  return world;
}

Day last_day(const World& world) { return world.today() - Days(1); }

// A scene of `ads` ads of one account that are alike in everything but their chance.
Scene alike_scene(std::size_t ads, double overdispersion, std::uint64_t seed) {
  Result<Scene> one = make_scene({.seed = static_cast<std::int64_t>(seed),
                                  .accounts = {{.concepts = 1, .ads_per_concept = 1}}});
  Scene scene = std::move(one).value();
  scene.overdispersion = overdispersion;
  Ad ad = scene.ads.front();
  scene.ads.clear();
  for (std::size_t i = 0; i < ads; ++i) {
    ad.stream = 1000 + i;
    ad.entity.ad_id = fmt::format("{}", i);
    scene.ads.push_back(ad);
  }
  return scene;
}

std::int64_t total(const Export& file, Metric metric) {
  std::int64_t sum = 0;
  for (const MetricRow& row : file.rows) sum += row.counts.or_zero(metric);
  return sum;
}

TEST(World, IsTheSameForTheSameSeedAndAnotherForAnother) {
  World a = run_world({.seed = 9});
  World b = run_world({.seed = 9});
  World c = run_world({.seed = 10});
  for (std::size_t account = 0; account < a.scene().accounts.size(); ++account) {
    EXPECT_EQ(a.export_as_of(account, last_day(a)).rows, b.export_as_of(account, last_day(b)).rows);
    EXPECT_NE(a.export_as_of(account, last_day(a)).rows, c.export_as_of(account, last_day(c)).rows);
  }
}

TEST(World, ChangingOneAdLeavesTheOthersAsTheyWere) {
  World left = world_of({});
  World right = world_of({});
  ASSERT_TRUE(
      right.set_daily_budget(0, {.micros = 5'000'000, .currency = right.daily_budget(0).currency}));
  right.set_paused(1, true);
  left.run_days(28);
  right.run_days(28);
  EXPECT_TRUE(right.days_of(1).empty());
  for (std::size_t ad = 2; ad < left.scene().ads.size(); ++ad) {
    ASSERT_EQ(left.days_of(ad).size(), right.days_of(ad).size());
    for (std::size_t day = 0; day < left.days_of(ad).size(); ++day) {
      EXPECT_EQ(left.days_of(ad)[day].counts, right.days_of(ad)[day].counts);
    }
  }
}

using ByDayAndAd = std::map<std::pair<Day, std::string>, Counts>;

ByDayAndAd by_day_and_ad(const Export& file) {
  ByDayAndAd found;
  for (const MetricRow& row : file.rows) found[{row.day, row.entity.ad_id}] = row.counts;
  return found;
}

void expect_restated(const Counts& before, const Counts& after) {
  for (Metric same : {Metric::spend, Metric::impressions, Metric::link_clicks, Metric::reach}) {
    EXPECT_EQ(after.get(same), before.get(same));
  }
  for (Metric grows : {Metric::conversions, Metric::conversion_value}) {
    EXPECT_GE(after.or_zero(grows), before.or_zero(grows));
  }
}

TEST(World, ALaterFileNeverTellsOfFewerOrdersAndNeverOfOtherDelivery) {
  World world = run_world({.seed = 1});
  for (std::size_t account : {0U, 1U, 2U}) {
    ByDayAndAd later = by_day_and_ad(world.export_as_of(account, last_day(world)));
    std::int64_t restated = 0;
    for (const auto& [key, counts] :
         by_day_and_ad(world.export_as_of(account, last_day(world) - Days(7)))) {
      expect_restated(counts, later.at(key));
      restated += later.at(key) == counts ? 0 : 1;
    }
    EXPECT_GT(restated, 0);
  }
}

std::int64_t credit_on(const AdDay& day) {
  std::int64_t credit = 0;
  for (const Order& order : day.orders) credit += order.credit_micros;
  return credit;
}

TEST(World, ShowsEveryOrderOnceAllAreIn) {
  World world = run_world({});
  const Day finish = last_day(world);
  std::vector<std::int64_t> happened(3);
  for (std::size_t ad = 0; ad < world.scene().ads.size(); ++ad) {
    for (const AdDay& day : world.days_of(ad)) {
      happened[world.scene().ads[ad].account] += credit_on(day);
    }
  }
  world.run_days(29);
  for (std::size_t account : {0U, 1U, 2U}) {
    Export late = world.export_as_of(account, last_day(world));
    std::erase_if(late.rows, [&](const MetricRow& row) { return row.day > finish; });
    EXPECT_EQ(total(late, Metric::conversions), happened[account]);
    EXPECT_GT(total(late, Metric::conversions),
              total(world.export_as_of(account, finish), Metric::conversions));
  }
}

// The film's moments come in order, and nobody clicks who saw nothing.
TEST(World, CountsFitIntoEachOther) {
  World world = run_world({.seed = 4});
  for (std::size_t account = 0; account < 3; ++account) {
    for (const MetricRow& row : world.export_as_of(account, last_day(world)).rows) {
      const Counts& c = row.counts;
      EXPECT_LE(c.or_zero(Metric::video_plays), c.or_zero(Metric::impressions));
      EXPECT_LE(c.or_zero(Metric::reach), c.or_zero(Metric::impressions));
      EXPECT_LE(c.or_zero(Metric::video_p25), c.or_zero(Metric::video_plays));
      EXPECT_LE(c.or_zero(Metric::video_p50), c.or_zero(Metric::video_p25));
      EXPECT_LE(c.or_zero(Metric::video_p75), c.or_zero(Metric::video_p50));
      EXPECT_LE(c.or_zero(Metric::video_p100), c.or_zero(Metric::video_p75));
      EXPECT_LE(c.or_zero(Metric::video_3s), c.or_zero(Metric::video_plays));
      EXPECT_LE(c.or_zero(Metric::thruplays), c.or_zero(Metric::video_3s));
      EXPECT_LE(c.or_zero(Metric::link_clicks), c.or_zero(Metric::impressions));
      EXPECT_EQ(c.or_zero(Metric::spend) % 10'000, 0) << "spend is whole cents";
    }
  }
}

// P(X <= k) for X ~ Binomial(n, p), summed term by term.
double binomial_cdf(std::int64_t k, std::int64_t n, double p) {
  if (k < 0) return 0;
  const auto trials = static_cast<double>(n);
  double log_term = trials * std::log1p(-p);
  double sum = std::exp(log_term);
  for (std::int64_t i = 1; i <= k; ++i) {
    const auto x = static_cast<double>(i);
    log_term += std::log((trials - x + 1) / x) + std::log(p) - std::log1p(-p);
    sum += std::exp(log_term);
  }
  return std::min(sum, 1.0);
}

// Without over-dispersion each ad-day's clicks are exactly Binomial(impressions, ctr * fatigue). Of
// about 2,400 two-sided exact tests at 1 %, Binomial(2400, 0.01) fail: at most 45 with P > 0.9999.
// (A discrete test fails at most as often as its level.)
TEST(World, ClicksLieWithinExactBinomialBoundsOfTheTruth) {
  int tests = 0;
  int failures = 0;
  for (std::int64_t seed : {21, 22, 23, 24}) {
    World world = run_world({.seed = seed, .overdispersion = 1});
    for (std::size_t ad = 0; ad < world.scene().ads.size(); ++ad) {
      const Ad& planted = world.scene().ads[ad];
      if (planted.role == Role::lucky) continue;  // Its chance was chosen.
      for (const AdDay& day : world.days_of(ad)) {
        const std::int64_t n = *day.counts.get(Metric::impressions);
        const std::int64_t k = *day.counts.get(Metric::link_clicks);
        const double p = planted.rates.ctr * day.fatigue;
        ++tests;
        if (binomial_cdf(k, n, p) < 0.005 || 1 - binomial_cdf(k - 1, n, p) < 0.005) ++failures;
      }
    }
  }
  EXPECT_GT(tests, 2000);
  EXPECT_LE(failures, 0.01 * tests + 4 * std::sqrt(0.01 * tests)) << tests << " tests";
}

// Hook, hold and cvr over all ads and seeds, with the dispersion that was asked for: the summed
// count stands within four standard errors of the sum of the truths.
TEST(World, RealisedRatesAverageToTheTruth) {
  struct Sum {
    double seen = 0, expected = 0, variance = 0;
    void add(std::int64_t n, std::int64_t k, double p) {
      seen += static_cast<double>(k);
      expected += static_cast<double>(n) * p;
      variance += 1.7 * static_cast<double>(n) * p * (1 - p);
    }
  };
  Sum hook;
  Sum hold;
  Sum cvr;
  for (std::int64_t seed = 100; seed < 110; ++seed) {
    World world = run_world({.seed = seed, .accounts = {AccountSpec{}}});
    for (std::size_t ad = 0; ad < world.scene().ads.size(); ++ad) {
      const Ad& planted = world.scene().ads[ad];
      if (planted.role == Role::lucky) continue;
      for (const AdDay& day : world.days_of(ad)) {
        const Counts& c = day.counts;
        hook.add(*c.get(Metric::impressions), *c.get(Metric::video_3s),
                 planted.rates.hook * day.fatigue);
        hold.add(*c.get(Metric::video_3s), *c.get(Metric::thruplays), planted.rates.hold);
        cvr.add(*c.get(Metric::link_clicks), static_cast<std::int64_t>(day.orders.size()),
                planted.rates.cvr * day.order_factor);
      }
    }
  }
  for (const Sum& sum : {hook, hold, cvr}) {
    EXPECT_NEAR((sum.seen - sum.expected) / std::sqrt(sum.variance), 0, 4);
  }
}

struct Tally {
  double shown = 0;
  double clicks = 0;
};

Tally tally_of(const World& world, std::size_t ad) {
  Tally tally;
  for (const AdDay& day : world.days_of(ad)) {
    tally.shown += static_cast<double>(*day.counts.get(Metric::impressions));
    tally.clicks += static_cast<double>(*day.counts.get(Metric::link_clicks));
  }
  return tally;
}

// The usual z of two proportions.
double z_of(const Tally& a, const Tally& b) {
  const double p = (a.clicks + b.clicks) / (a.shown + b.shown);
  return (a.clicks / a.shown - b.clicks / b.shown) /
         std::sqrt(p * (1 - p) * (1 / a.shown + 1 / b.shown));
}

// 600 pairs of identical ads over two weeks: the variance of their z is phi, known to
// phi * sqrt(2 / 600) = 5.8 %; the bounds are three of those.
TEST(World, IdenticalAdsDifferByTheDispersionOfRealOnes) {
  for (double phi : {1.0, 1.7}) {
    SCOPED_TRACE(testing::Message() << "phi " << phi << ", seed 77");
    World world(alike_scene(1200, phi, 77));
    world.run_days(14);
    double squares = 0;
    for (std::size_t ad = 0; ad < 1200; ad += 2) {
      const double z = z_of(tally_of(world, ad), tally_of(world, ad + 1));
      squares += z * z;
    }
    EXPECT_NEAR(squares / 600, phi, 3 * phi * std::sqrt(2.0 / 600));
  }
}

std::int64_t credit_shown(const World& world, std::size_t ad) {
  const Ad& about = world.scene().ads[ad];
  Export file = world.export_as_of(about.account, last_day(world));
  std::erase_if(file.rows,
                [&](const MetricRow& row) { return row.entity.ad_id != about.entity.ad_id; });
  return total(file, Metric::conversions);
}

void expect_what_the_role_promises(const World& world, std::size_t ad) {
  const Truth truth = world.truth(ad);
  switch (truth.role) {
    case Role::winner: EXPECT_EQ(truth.ad_class, AdClass::winner); break;
    case Role::loser: EXPECT_EQ(truth.ad_class, AdClass::loser); break;
    case Role::average: EXPECT_EQ(truth.ad_class, AdClass::average); break;
    case Role::lucky:
      EXPECT_EQ(truth.ad_class, AdClass::undecidable);
      EXPECT_NEAR(truth.roas_ratio, 1, 0.25);
      EXPECT_GT(static_cast<double>(credit_shown(world, ad)) / 1e6 / truth.evidence, 1.5);
      break;
    case Role::fatiguing:
      EXPECT_GT(roas_of(truth.first) / roas_of(truth.now), 3);
      EXPECT_LT(truth.roas_ratio, 0.6);
      break;
    case Role::no_conversions:
      EXPECT_EQ(truth.ad_class, AdClass::loser);
      EXPECT_EQ(credit_shown(world, ad), 0);
      break;
    case Role::fresh:
      EXPECT_EQ(truth.ad_class, AdClass::undecidable);
      EXPECT_EQ(world.days_of(ad).size(), 2U);
      break;
  }
}

TEST(World, PlantsWhatItsRolesPromise) {
  for (std::int64_t seed = 1; seed <= 5; ++seed) {
    World world = run_world({.seed = seed});
    std::vector<std::set<Role>> roles(3);
    for (std::size_t ad = 0; ad < world.scene().ads.size(); ++ad) {
      const Ad& planted = world.scene().ads[ad];
      SCOPED_TRACE(fmt::format("seed {}, ad {}, {}", seed, ad, name_of(planted.role)));
      roles[planted.account].insert(planted.role);
      expect_what_the_role_promises(world, ad);
    }
    for (const std::set<Role>& seen : roles) EXPECT_EQ(seen.size(), 7U);
  }
}

TEST(World, NamesAreUniqueWithinAnAccount) {
  World world = world_of({.accounts = {{.concepts = 30, .ads_per_concept = 12}}});
  std::set<std::string> names;
  std::set<std::string> ids;
  for (const Ad& ad : world.scene().ads) {
    EXPECT_TRUE(names.insert(ad.entity.ad_name).second) << ad.entity.ad_name;
    EXPECT_TRUE(ids.insert(ad.entity.ad_id).second) << ad.entity.ad_id;
  }
}

TEST(World, MoreMoneyBuysMoreAtARisingPrice) {
  World world(alike_scene(2, 1, 5));
  const Money planned = world.daily_budget(0);
  ASSERT_TRUE(
      world.set_daily_budget(1, {.micros = planned.micros * 10, .currency = planned.currency}));
  world.run_days(60);
  double spend[2] = {0, 0};
  double shown[2] = {0, 0};
  for (std::size_t ad : {0U, 1U}) {
    for (const AdDay& day : world.days_of(ad)) {
      spend[ad] += as_number(Metric::spend, *day.counts.get(Metric::spend));
      shown[ad] += static_cast<double>(*day.counts.get(Metric::impressions));
    }
  }
  EXPECT_NEAR(spend[0] / (60 * units(planned)), 1, 0.03);
  EXPECT_NEAR(spend[1] / spend[0], 10, 0.3);
  // 10 to the power of 0.15 is 1.4125.
  EXPECT_NEAR(spend[1] / shown[1] / (spend[0] / shown[0]), 1.4125, 0.06);
}

TEST(World, RefusesBudgetsThatCannotBe) {
  World world = world_of({});
  const Currency own = world.daily_budget(0).currency;
  EXPECT_EQ(world.set_daily_budget(0, {.micros = 0, .currency = own}).error().message,
            "found a budget of 0.00, expected more than zero; pause the ad instead");
  Currency yen = Currency::parse("JPY").value();
  EXPECT_EQ(world.set_daily_budget(0, {.micros = 1, .currency = yen}).error().message,
            "found a budget in JPY, expected USD");
}

TEST(World, RefusesASpecThatCannotBe) {
  WorldSpec spec;
  spec.accounts[1].currency = "QQQ";
  EXPECT_THAT(World::make(spec).error().message, testing::HasSubstr("spec.accounts[1]: 'QQQ'"));
  spec = {};
  spec.overdispersion = 0.5;
  EXPECT_THAT(World::make(spec).error().message, testing::HasSubstr("spec.overdispersion"));
  spec = {};
  spec.accounts[0].platform = Platform::plain;
  EXPECT_THAT(World::make(spec).error().message, testing::HasSubstr("has no sandbox"));
}

TEST(World, PaysYenWithoutCents) {
  World world =
      run_world({.accounts = {{.currency = "JPY", .zone = "Asia/Tokyo", .price_level = 150}}});
  Export file = world.export_as_of(0, last_day(world));
  ASSERT_FALSE(file.rows.empty());
  for (const MetricRow& row : file.rows) {
    EXPECT_EQ(row.counts.or_zero(Metric::spend) % kMicrosPerUnit, 0);
    EXPECT_EQ(row.counts.or_zero(Metric::conversion_value) % kMicrosPerUnit, 0);
  }
  EXPECT_GT(total(file, Metric::spend), 0);
}

TEST(World, TakesAFileWhenTheAccountsDayHasEnded) {
  World world = world_of({});
  // 2026-03-08 is the day on which New York's clocks go forward: it ends at 04:00 UTC.
  const Day day = parse_day("2026-03-08").value();
  EXPECT_EQ(to_rfc3339(world.taken_at(0, day)), "2026-03-09T04:00:00Z");
}

}  // namespace
}  // namespace rf::sim
