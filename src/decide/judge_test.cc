// The whole judgement on accounts with a known truth.

#include "decide/judge.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "decide/ads_for_test.h"
#include "learn/beliefs.h"

namespace rf::decide {
namespace {

Plan plan_of(const learn::History& history, const Policies& policies = {}) {
  const learn::BeliefRules rules{.settle_days = policies.settle_days};
  return judge(learn::beliefs(history, kToday, rules), policies, facts_of(history), Instant());
}

const PlanItem& item_of(const Plan& plan, std::string_view ad) {
  for (const PlanItem& item : plan.items) {
    if (item.ad == ad) return item;
  }
  check_failed(__FILE__, __LINE__, "the plan has the ad");
}

TEST(Judge, GivesEveryAdExactlyOneItemThatExplainsItself) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const learn::History history = some_history(seed, 200);
    const Plan plan = plan_of(history);
    std::map<std::string, int> seen;
    std::int64_t balance = 0;
    for (const PlanItem& item : plan.items) {
      ++seen[item.entity];
      EXPECT_FALSE(item.reason.empty());
      EXPECT_FALSE(item.reason_code.empty());
      EXPECT_FALSE(item.would_change.empty()) << item.reason;
      const bool moves =
          item.action == Action::increase_budget || item.action == Action::decrease_budget;
      if (moves || item.action == Action::kill) balance += item.to->micros - item.from->micros;
      if (item.action == Action::kill || item.action == Action::promote || moves) {
        EXPECT_TRUE(item.confidence) << item.reason;
        EXPECT_FALSE(item.effect.empty());
        EXPECT_GT(item.priority, 0);
      } else {
        EXPECT_EQ(item.priority, 0);
      }
    }
    EXPECT_EQ(seen.size(), 200U);
    EXPECT_EQ(plan.items.size(), 200U);
    EXPECT_LE(balance, 0) << "increases were given more than was freed";
  }
}

TEST(Judge, IsTheSamePlanForTheSameInput) {
  const learn::History history = some_history(3, 100);
  const Plan plan = plan_of(history);
  EXPECT_EQ(plan.hash.size(), 64U);
  EXPECT_EQ(plan, plan_of(history));
  Result<Plan> back = from_json<Plan>(to_json(plan), "plan");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, plan);
}

TEST(Judge, KillsALoserSaysWhatItWastesAndWhatWouldSaveIt) {
  Rng rng(1);
  learn::History history;
  for (int i = 0; i < 8; ++i) add_ad(history, {}, i, rng);
  TrueAd loser;
  loser.cvr = 0;
  add_ad(history, loser, 99, rng);
  const Plan plan = plan_of(history);
  const PlanItem& item = item_of(plan, "Ad 99");
  EXPECT_EQ(item.action, Action::kill);
  EXPECT_EQ(item.reason_code, "no_conversions");
  EXPECT_THAT(item.reason, testing::HasSubstr("no conversion for"));
  EXPECT_THAT(item.reason, testing::HasSubstr("no target was given"));
  EXPECT_THAT(item.effect, testing::HasSubstr("waste"));
  EXPECT_THAT(item.would_change, testing::HasSubstr("conversion"));
  EXPECT_GT(item.confidence.value_or(0), 0.95);
  EXPECT_EQ(item.to->micros, 0);
  EXPECT_EQ(item.id, "1");
}

TEST(Judge, PromotesAWinnerByARampAndShowsTheShrunkLift) {
  Rng rng(2);
  learn::History history;
  for (int i = 0; i < 8; ++i) add_ad(history, {}, i, rng);
  TrueAd winner;
  winner.cvr = 0.12;
  winner.impressions_a_day = 5000;
  add_ad(history, winner, 99, rng);
  const Plan plan = plan_of(history);
  const PlanItem& item = item_of(plan, "Ad 99");
  EXPECT_EQ(item.action, Action::promote) << item.reason;
  EXPECT_EQ(item.reason_code, "winner");
  EXPECT_THAT(item.reason, testing::HasSubstr("value per spend"));
  EXPECT_THAT(item.effect, testing::HasSubstr("x1.20, x1.44, x1.73, x2.00"));
  // One step of 20 %, rounded down to the cent.
  EXPECT_EQ(item.to->micros / 10'000, item.from->micros / 10'000 * 12 / 10);
}

TEST(Judge, SaysWhichGoalDecidesWhereNothingSellsOnRecord) {
  Rng rng(3);
  learn::History history;
  TrueAd silent;
  silent.reports_conversions = false;
  for (int i = 0; i < 8; ++i) add_ad(history, silent, i, rng);
  silent.ctr = 0.03;
  add_ad(history, silent, 99, rng);
  const Plan plan = plan_of(history);
  const PlanItem& item = item_of(plan, "Ad 99");
  EXPECT_EQ(item.action, Action::promote);
  EXPECT_THAT(item.reason, testing::HasSubstr("CTR (no conversions are reported)"));
}

TEST(Judge, WaitsAndSaysHowMuchLonger) {
  Rng rng(4);
  learn::History history;
  for (int i = 0; i < 8; ++i) add_ad(history, {}, i, rng);
  TrueAd weak;
  weak.ctr = 0.0035;
  weak.impressions_a_day = 250;
  add_ad(history, weak, 99, rng);
  const Plan plan = plan_of(history);
  const PlanItem& item = item_of(plan, "Ad 99");
  EXPECT_EQ(item.action, Action::wait);
  EXPECT_EQ(item.reason_code, "not_enough_data");
  ASSERT_TRUE(item.need);
  EXPECT_GT(item.need->more, 0);
  EXPECT_GT(item.need->days.value_or(0), 0);
  EXPECT_THAT(item.need->text, testing::MatchesRegex("need [0-9,.]+.* more .*about .* day.*"));
}

TEST(Judge, ProposesNothingForAPausedAd) {
  Rng rng(5);
  learn::History history;
  TrueAd loser;
  loser.cvr = 0;
  for (int i = 0; i < 4; ++i) add_ad(history, {}, i, rng);
  add_ad(history, loser, 99, rng);
  learn::AdTotals& totals = history.totals.back();
  std::erase_if(history.days, [&](const learn::AdDay& day) {
    return day.id == totals.id && day.day >= kToday - Days(8);
  });
  totals.last_day = kToday - Days(9);
  const Plan plan = plan_of(history);
  EXPECT_EQ(item_of(plan, "Ad 99").action, Action::keep);
  EXPECT_EQ(item_of(plan, "Ad 99").reason_code, "paused");
}

TEST(Judge, TakesConversionsThatStopForBrokenTrackingAndKillsNobodyForIt) {
  Rng rng(6);
  learn::History history;
  for (int i = 0; i < 12; ++i) add_ad(history, {}, i, rng);
  TrueAd loser;
  loser.cvr = 0;
  add_ad(history, loser, 99, rng);
  EXPECT_EQ(item_of(plan_of(history), "Ad 99").action, Action::kill);
  for (learn::AdDay& day : history.days) {
    if (day.day >= kToday - Days(3)) day.counts.set(Metric::conversions, 0);
  }
  EXPECT_TRUE(tracking_looks_broken(learn::account_days(history, kToday), kToday, 3));
  const Plan plan = plan_of(history);
  for (const PlanItem& item : plan.items) {
    EXPECT_FALSE(item.action == Action::kill && item.reason_code != "low_ctr") << item.reason;
  }
  EXPECT_EQ(item_of(plan, "Ad 99").reason_code, "tracking_broken");
}

TEST(TrackingLooksBroken, NotWhenThereIsLittleToMiss) {
  std::vector<learn::AccountDay> days;
  for (int i = 14; i >= 1; --i) {
    learn::AccountDay day{kToday - Days(i), {}};
    day.counts.set(Metric::link_clicks, 30);
    day.counts.set(Metric::conversions, i > 3 ? 1'000'000 : 0);
    days.push_back(day);
  }
  EXPECT_FALSE(tracking_looks_broken(days, kToday, 3));
}

TEST(Judge, HasNoVerdictOnMetricsThatWereNotReported) {
  learn::History history;
  for (int i = 0; i < 5; ++i) {
    learn::AdTotals totals;
    totals.id.text = "ad:" + std::to_string(i);
    totals.counts.set(Metric::spend, 5'000'000'000);
    totals.counts.set(Metric::impressions, 2'000'000);
    history.totals.push_back(totals);
  }
  for (const PlanItem& item : plan_of(history).items) {
    EXPECT_TRUE(item.action == Action::wait || item.action == Action::keep) << item.reason;
    EXPECT_TRUE(item.evidence.empty());
  }
}

// The public KAG file: 1,143 ads, one total each, no days, no values, "all clicks" only.
std::optional<learn::History> kag_history() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* root = std::getenv("RF_SOURCE_DIR");
  std::ifstream file((root == nullptr ? std::string(".") : std::string(root)) +
                     "/../shared/data/kag/KAG_conversion_data.csv");
  if (!file) return std::nullopt;
  learn::History history;
  history.platform = Platform::meta;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
    if (cells.size() < 11) return std::nullopt;
    learn::AdTotals totals;
    totals.id.text = "ad:" + cells[0];
    totals.entity.ad_name = cells[0];
    totals.conversion_event = "conversions";
    totals.counts.set(Metric::impressions, std::stoll(cells[6]));
    totals.counts.set(Metric::clicks_all, std::stoll(cells[7]));
    totals.counts.set(Metric::spend, std::llround(std::stod(cells[8]) * 1e6));
    totals.counts.set(Metric::conversions, std::stoll(cells[9]) * 1'000'000);
    history.totals.push_back(totals);
  }
  return history;
}

TEST(Judge, OfTheKagAccountIsSoberAndNoMassacre) {
  const std::optional<learn::History> history = kag_history();
  if (!history) GTEST_SKIP() << "../shared/data/kag is not there";
  const Plan plan = plan_of(*history);
  ASSERT_EQ(plan.items.size(), 1143U);
  std::map<Action, int> seen;
  for (const PlanItem& item : plan.items) {
    ++seen[item.action];
    EXPECT_FALSE(item.from) << "spend a day is not known from a file without days";
  }
  EXPECT_LT(seen[Action::kill], 1143 / 10);
  EXPECT_GT(seen[Action::wait], 1143 / 2);
  EXPECT_EQ(seen[Action::increase_budget] + seen[Action::decrease_budget], 0);
  RecordProperty("kill", seen[Action::kill]);
  RecordProperty("promote", seen[Action::promote]);
}

TEST(Judge, OfNothingIsAnEmptyPlan) {
  const Plan plan = plan_of({});
  EXPECT_TRUE(plan.items.empty());
  EXPECT_EQ(plan.hash.size(), 64U);
}

// Accounts of equal ads, judged every day for ever: how often is any given ad killed or promoted?
struct Wrong {
  double kills = 0;
  double promotions = 0;
};

constexpr std::size_t kEqualAds = 10;

// One more day of every ad.
learn::History one_more_day(std::vector<learn::AdTotals>& totals, Rng& rng) {
  TrueAd truth;
  truth.impressions_a_day = 1000;
  truth.ctr = 0.012;
  learn::History history;
  for (std::size_t i = 0; i < totals.size(); ++i) {
    totals[i].id.text = "ad:" + std::to_string(i);
    totals[i].counts.add(one_day(truth, rng));
    history.totals.push_back(totals[i]);
  }
  return history;
}

Wrong wrong_in_equal_accounts(int looks, int accounts, std::uint64_t seed) {
  std::size_t kills = 0;
  int promoted_accounts = 0;
  for (int account = 0; account < accounts; ++account) {
    Rng rng(seed + static_cast<std::uint64_t>(account));
    std::vector<learn::AdTotals> totals(kEqualAds);
    std::set<std::string> killed;
    bool promoted = false;
    for (int look = 1; look <= looks; ++look) {
      for (const PlanItem& item : plan_of(one_more_day(totals, rng)).items) {
        promoted = promoted || item.action == Action::promote;
        if (item.action == Action::kill) killed.insert(item.entity);
      }
    }
    kills += killed.size();
    promoted_accounts += promoted ? 1 : 0;
  }
  return {static_cast<double>(kills) / (static_cast<double>(accounts) * kEqualAds),
          static_cast<double>(promoted_accounts) / accounts};
}

TEST(Judge, IsWrongAboutEqualAdsAtMostAsOftenAsPromised) {
  SCOPED_TRACE("seed 700");
  const Wrong fortnight = wrong_in_equal_accounts(14, 100, 700);
  EXPECT_LE(fortnight.kills, 0.05);
  EXPECT_LE(fortnight.promotions, 0.05);
  const Wrong long_run = wrong_in_equal_accounts(200, 40, 700);
  EXPECT_LE(long_run.kills, 0.05);
  EXPECT_LE(long_run.promotions, 0.05);
}

}  // namespace
}  // namespace rf::decide
