// Evidence on real randomised tests: the Upworthy Research Archive (Matias et al. 2021,
// doi:10.1038/s41597-021-00934-7). Skipped where the data is absent.
//
// What is asserted was measured before with an independent implementation; the tolerances are the
// sampling errors of the procedures.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "learn/overdispersion.h"
#include "learn/pooling.h"
#include "learn/rate_difference.h"
#include "learn/ratio_check.h"
#include "learn/sequential.h"
#include "learn/shrinkage.h"

namespace rf::learn {
namespace {

std::optional<std::string> read_upworthy(const std::string& name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* root = std::getenv("RF_SOURCE_DIR");
  const std::string beside = root == nullptr ? ".." : std::string(root) + "/..";
  for (const std::string& place : {beside, std::string("/work")}) {
    std::ifstream file(fmt::format("{}/shared/data/upworthy/{}", place, name), std::ios::binary);
    if (file) return std::string(std::istreambuf_iterator<char>(file), {});
  }
  return std::nullopt;
}

// Quoted fields may hold commas, doubled quotes and line ends.
std::vector<std::vector<std::string>> csv_rows(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1);
  std::string field;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      // A doubled quote inside a field stands for itself: it closes and opens again.
      if (!quoted && i > 0 && text[i - 1] == '"') field += '"';
      quoted = !quoted;
    } else if (!quoted && (c == ',' || c == '\n')) {
      rows.back().push_back(std::exchange(field, {}));
      if (c == '\n') rows.emplace_back();
    } else if (quoted || c != '\r') {
      field += c;
    }
  }
  rows.pop_back();
  return rows;
}

struct Package {
  std::string test;
  std::string shown;  // Everything a reader saw, as one key.
  int week = 0;
  RateCount count;

  // Randomisation was broken from 25 June 2013 to 10 January 2014.
  bool in_bug_window() const { return week >= 201326 && week <= 201402; }
};

const std::vector<Package>& packages() {
  static const std::vector<Package> all_packages = [] {
    std::vector<Package> found;
    std::optional<std::string> text = read_upworthy("packages.csv");
    if (!text) return found;
    std::vector<std::vector<std::string>> rows = csv_rows(*text);
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const std::vector<std::string>& row = rows[i];
      found.push_back(
          {.test = row[1],
           .shown = row[2] + '\n' + row[3] + '\n' + row[4] + '\n' + row[11],
           .week = std::atoi(row[10].c_str()),
           .count = {.successes = std::atof(row[6].c_str()), .trials = std::atof(row[5].c_str())}});
    }
    return found;
  }();
  return all_packages;
}

std::vector<std::vector<RateCount>> train_tests() {
  std::vector<std::vector<RateCount>> tests;
  std::optional<std::string> text = read_upworthy("train_arms.csv");
  if (!text) return tests;
  std::string last;
  std::vector<std::vector<std::string>> rows = csv_rows(*text);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i][0] != last) tests.emplace_back();
    last = rows[i][0];
    tests.back().push_back(
        {.successes = std::atof(rows[i][2].c_str()), .trials = std::atof(rows[i][1].c_str())});
  }
  return tests;
}

// Cumulative successes of two sides at every look.
struct LookCounts {
  std::vector<double> arm;
  std::vector<double> control;
};

struct AlarmCount {
  int planned = 0;
  int ad_hoc = 0;
  int peeking = 0;  // |z| > 1.96 at any look, for comparison.

  void add(const LookCounts& looks, double per_look, const TestRule& rule) {
    bool by_plan = false;
    bool by_sequence = false;
    bool by_peeking = false;
    for (std::size_t l = 0; l < looks.arm.size(); ++l) {
      const double trials = per_look * static_cast<double>(l + 1);
      const Comparison counts{.arm = {.successes = looks.arm[l], .trials = trials},
                              .control = {.successes = looks.control[l], .trials = trials}};
      const RateVerdict planned_look = may_reject(counts, rule, l);
      by_plan = by_plan || planned_look.reject;
      by_peeking = by_peeking || std::abs(planned_look.z) > 1.96;
      by_sequence = by_sequence || may_reject(counts, rule, std::nullopt).reject;
    }
    planned += by_plan ? 1 : 0;
    ad_hoc += by_sequence ? 1 : 0;
    peeking += by_peeking ? 1 : 0;
  }
};

void expect_alarms(const AlarmCount& alarms, double runs) {
  // Two standard errors of a share of 5 %.
  const double most = 0.05 + 2 * std::sqrt(0.05 * 0.95 / runs);
  EXPECT_LE(alarms.planned / runs, most);
  EXPECT_LE(alarms.ad_hoc / runs, most);
  ::testing::Test::RecordProperty("planned", std::to_string(alarms.planned / runs));
  ::testing::Test::RecordProperty("ad_hoc", std::to_string(alarms.ad_hoc / runs));
  ::testing::Test::RecordProperty("peeking", std::to_string(alarms.peeking / runs));
}

// The click positions of one arm's bag, laid out at random, fall to two sides and their looks.
LookCounts split_bag(const RateCount& bag, std::size_t looks, double per_look, Rng& rng) {
  LookCounts counts{.arm = std::vector<double>(looks), .control = std::vector<double>(looks)};
  const auto trials = static_cast<std::uint64_t>(bag.trials);
  const auto side = static_cast<std::uint64_t>(per_look) * looks;
  std::vector<std::uint64_t> taken;
  while (static_cast<double>(taken.size()) < bag.successes) {
    const std::uint64_t at = rng.below(trials);
    if (std::find(taken.begin(), taken.end(), at) != taken.end()) continue;
    taken.push_back(at);
    if (at >= 2 * side) continue;
    std::vector<double>& target = at < side ? counts.arm : counts.control;
    target[at % side / static_cast<std::uint64_t>(per_look)] += 1;
  }
  for (std::vector<double>* series : {&counts.arm, &counts.control}) {
    for (std::size_t l = 1; l < looks; ++l) (*series)[l] += (*series)[l - 1];
  }
  return counts;
}

TEST(UpworthySameArm, FourteenLooksAreWrongAtMostOnceInTwenty) {
  if (packages().empty()) GTEST_SKIP() << "no ../shared/data/upworthy";
  const TestRule rule{.plan = plan_obrien_fleming(14, 0.05), .anytime = {}};
  SCOPED_TRACE("seed 14");
  Rng rng(14);
  AlarmCount alarms;
  double runs = 0;
  for (const Package& package : packages()) {
    if (package.count.trials < 3000 || package.count.successes < 15) continue;
    for (int repeat = 0; repeat < 10; ++repeat, ++runs) {
      alarms.add(split_bag(package.count, 14, 100, rng), 100, rule);
    }
  }
  EXPECT_GT(runs, 50000);
  expect_alarms(alarms, runs);
}

// Clicks of a stream of impressions at one rate, by the gaps between clicks.
std::vector<double> stream_looks(double rate, std::size_t looks, double per_look, Rng& rng) {
  std::vector<double> counts(looks);
  const double slope = std::log1p(-rate);
  double at = 0;
  while (true) {
    at += 1 + std::floor(std::log(1 - rng.uniform()) / slope);
    const auto look = static_cast<std::size_t>((at - 1) / per_look);
    if (look >= looks) break;
    counts[look] += 1;
  }
  for (std::size_t l = 1; l < looks; ++l) counts[l] += counts[l - 1];
  return counts;
}

TEST(UpworthySameArm, TwoHundredLooksAreWrongAtMostOnceInTwenty) {
  if (packages().empty()) GTEST_SKIP() << "no ../shared/data/upworthy";
  const TestRule rule{.plan = plan_obrien_fleming(200, 0.05), .anytime = {}};
  SCOPED_TRACE("seed 200");
  Rng rng(200);
  AlarmCount alarms;
  double runs = 0;
  for (const Package& package : packages()) {
    if (package.count.trials < 3000 || package.count.successes < 15 || runs == 10000) continue;
    const double rate = package.count.successes / package.count.trials;
    const LookCounts looks{.arm = stream_looks(rate, 200, 500, rng),
                           .control = stream_looks(rate, 200, 500, rng)};
    alarms.add(looks, 500, rule);
    ++runs;
  }
  expect_alarms(alarms, runs);
}

TEST(UpworthyRatioCheck, FindsTheBrokenMonthsAndLeavesTheRest) {
  if (packages().empty()) GTEST_SKIP() << "no ../shared/data/upworthy";
  std::map<std::string, std::vector<const Package*>> tests;
  for (const Package& package : packages()) tests[package.test].push_back(&package);
  struct Share {
    double broken = 0;
    double all = 0;
  };
  Share inside, outside, outside_beside;
  for (const auto& [name, arms] : tests) {
    std::vector<double> trials;
    for (const Package* arm : arms) trials.push_back(arm->count.trials);
    const double broken = check_ratio(trials, {}).broken ? 1 : 0;
    Share& share = arms.front()->in_bug_window() ? inside : outside;
    share.broken += broken;
    share.all += 1;
    // The bug began in the middle of week 201325.
    if (arms.front()->in_bug_window() || arms.front()->week == 201325) continue;
    outside_beside.broken += broken;
    outside_beside.all += 1;
  }
  RecordProperty("inside", std::to_string(inside.broken / inside.all));
  RecordProperty("outside", std::to_string(outside.broken / outside.all));
  RecordProperty("outside_beside", std::to_string(outside_beside.broken / outside_beside.all));
  // 67.1 % by an independent implementation. Outside, the whole archive gives 1.18 %; its first 70
  // % give 44 of 2,356 tests, 28 of which are of the week in which the bug began (mpmath's
  // chi-square on the same file).
  EXPECT_NEAR(inside.broken / inside.all, 0.671, 0.002);
  EXPECT_LT(outside.broken / outside.all, 0.02);
  EXPECT_LT(outside_beside.broken / outside_beside.all, 0.01);
}

struct DatedTwin {
  int week = 0;
  TwinCount pair;
};

std::vector<DatedTwin> natural_twins() {
  std::map<std::pair<std::string, std::string>, std::vector<const Package*>> same;
  for (const Package& package : packages()) {
    if (!package.in_bug_window()) same[{package.test, package.shown}].push_back(&package);
  }
  std::vector<DatedTwin> twins;
  for (const auto& [key, arms] : same) {
    for (std::size_t i = 0; i + 1 < arms.size(); i += 2) {
      twins.push_back(
          {.week = arms[i]->week, .pair = {.first = arms[i]->count, .second = arms[i + 1]->count}});
    }
  }
  std::stable_sort(twins.begin(), twins.end(),
                   [](const DatedTwin& x, const DatedTwin& y) { return x.week < y.week; });
  return twins;
}

TEST(UpworthyTwins, OverDispersionFromEarlierTwinsCorrectsLaterOnes) {
  if (packages().empty()) GTEST_SKIP() << "no ../shared/data/upworthy";
  const std::vector<DatedTwin> twins = natural_twins();
  RecordProperty("pairs", std::to_string(twins.size()));
  ASSERT_GT(twins.size(), 200);
  const std::size_t half = twins.size() / 2;
  std::vector<TwinCount> earlier;
  for (std::size_t i = 0; i < half; ++i) earlier.push_back(twins[i].pair);
  const Overdispersion found = overdispersion_from_twins(earlier);
  double plain = 0;
  double corrected = 0;
  for (std::size_t i = half; i < twins.size(); ++i) {
    const TwinCount& pair = twins[i].pair;
    const double z = std::abs(difference_z({.arm = pair.first, .control = pair.second}));
    plain += z > 1.96 ? 1 : 0;
    corrected += z / std::sqrt(found.phi) > 1.96 ? 1 : 0;
  }
  const double later = static_cast<double>(twins.size() - half);
  RecordProperty("phi", std::to_string(found.phi));
  RecordProperty("plain", std::to_string(plain / later));
  RecordProperty("corrected", std::to_string(corrected / later));
  // The whole archive gives phi 1.76, 12.3 % and 4.8 %; its first 70 % with disjoint pairs
  // give 2.30 on the earlier half and 1.98 on all (an independent script), with 1.76 well inside.
  EXPECT_GT(plain / later, 0.09);
  EXPECT_LE(corrected / later, 0.05);
  std::vector<TwinCount> all = earlier;
  for (std::size_t i = half; i < twins.size(); ++i) all.push_back(twins[i].pair);
  const Overdispersion whole = overdispersion_from_twins(all);
  RecordProperty("phi_all", std::to_string(whole.phi));
  EXPECT_LT(whole.likely.low, 1.76);
  EXPECT_GT(whole.likely.high, 1.76);
}

// Half of an arm's impressions at random, with the clicks that fall among them.
RateCount half_of(const RateCount& whole, Rng& rng) {
  RateCount half{.successes = 0, .trials = std::floor(whole.trials / 2)};
  double left = whole.trials;
  double room = half.trials;
  // Click by click: each is in the half with the share of room that is left in it.
  for (double click = 0; click < whole.successes; ++click, --left) {
    if (rng.uniform() * left < room) {
      half.successes += 1;
      room -= 1;
    }
  }
  return half;
}

double strength_of(const std::vector<std::vector<RateCount>>& tests, std::size_t count) {
  std::vector<RateCount> arms;
  std::vector<double> means;
  for (std::size_t t = 0; t < count; ++t) {
    RateCount total;
    for (const RateCount& arm : tests[t]) {
      total.successes += arm.successes;
      total.trials += arm.trials;
    }
    if (total.successes == 0) continue;
    for (const RateCount& arm : tests[t]) {
      arms.push_back(arm);
      means.push_back(total.successes / total.trials);
    }
  }
  return fit_strength(arms, means, 1);
}

// Sums over tests of the winner's rate as seen in one half, as shown, and as the other half has it.
struct Curse {
  double seen = 0;
  double shown = 0;
  double delivered = 0;
  double usual = 0;  // The mean arm of the other half.

  void add(const std::vector<RateCount>& arms, double strength, Rng& rng) {
    std::vector<RateCount> first;
    std::vector<double> second;
    for (const RateCount& arm : arms) {
      first.push_back(half_of(arm, rng));
      second.push_back((arm.successes - first.back().successes) /
                       (arm.trials - first.back().trials));
    }
    const WinnerLift winner = lift_of_winner(first, strength, 1, 0.9);
    seen += first[winner.winner].successes / first[winner.winner].trials;
    shown += winner.rate;
    delivered += second[winner.winner];
    for (double rate : second) usual += rate / static_cast<double>(second.size());
  }
};

TEST(UpworthyWinner, TheShownLiftIsWhatTheOtherHalfDelivers) {
  const std::vector<std::vector<RateCount>> tests = train_tests();
  if (tests.empty()) GTEST_SKIP() << "no ../shared/data/upworthy";
  // Strength from the earlier half of the tests, judged on the later half.
  const std::size_t fitted = tests.size() / 2;
  const double strength = strength_of(tests, fitted);
  SCOPED_TRACE("seed 20");
  Rng rng(20);
  Curse curse;
  for (int repeat = 0; repeat < 20; ++repeat) {
    for (std::size_t t = fitted; t < tests.size(); ++t) curse.add(tests[t], strength, rng);
  }
  RecordProperty("strength", std::to_string(strength));
  RecordProperty("seen_lift", std::to_string(curse.seen / curse.usual - 1));
  RecordProperty("shown_lift", std::to_string(curse.shown / curse.usual - 1));
  RecordProperty("delivered_lift", std::to_string(curse.delivered / curse.usual - 1));
  RecordProperty("seen_bias", std::to_string(curse.seen / curse.delivered - 1));
  RecordProperty("shown_bias", std::to_string(curse.shown / curse.delivered - 1));
  EXPECT_GT(curse.seen / curse.delivered - 1, 0.1);
  EXPECT_LE(std::abs(curse.shown / curse.delivered - 1), 0.02);
}

TEST(UpworthyStrength, OfAllTrainingTestsIsTheOneMeasuredElsewhere) {
  const std::vector<std::vector<RateCount>> tests = train_tests();
  if (tests.empty()) GTEST_SKIP() << "no ../shared/data/upworthy";
  // 2067.9 by an independent fit without our hyperprior.
  EXPECT_NEAR(strength_of(tests, tests.size()) / 2067.9, 1, 0.02);
}

}  // namespace
}  // namespace rf::learn
