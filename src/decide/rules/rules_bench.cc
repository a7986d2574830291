// Users' rules over a million ads, and over a year of a thousand, against the plainest code for it.

#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/rng.h"
#include "decide/rules/backtest.h"
#include "decide/rules/program.h"

namespace rf::decide {
namespace {

constexpr std::size_t kAds = 1'000'000;

Rule rule_of(const std::string& toml) {
  return read_rules(*parse_toml(toml), "bench").value().front();
}

Rule stop_loss() {
  return rule_of(
      "name = \"stop-loss\"\naction = \"pause\"\nminimum = { spend = 100 }\n"
      "when = { all = [ { metric = \"cpa\", is = \"above\", target_cpa = true, times = 3 },"
      " { not = { metric = \"roas\", is = \"at_least\", value = 1 } },"
      " { metric = \"ctr\", is = \"below\", before = true } ] }");
}

const TermColumns& million() {
  static const TermColumns columns = [] {
    const RuleProgram program(stop_loss());
    Rng rng(1);
    TermColumns made;
    for (std::size_t t = 0; t < program.terms().size(); ++t) {
      std::vector<double>& column = made.values.emplace_back(kAds);
      for (double& value : column) {
        value = rng.uniform() < 0.1 ? std::numeric_limits<double>::quiet_NaN()
                                    : std::exp(6 * rng.uniform());
      }
    }
    return made;
  }();
  return columns;
}

void rules_over_a_million_ads(benchmark::State& state) {
  const RuleProgram program(stop_loss());
  std::vector<Truth> truths(kAds);
  for (auto _ : state) {
    program.run(million(), 40, truths);
    benchmark::DoNotOptimize(truths.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kAds));
}
BENCHMARK(rules_over_a_million_ads)->Unit(benchmark::kMillisecond);

// Baseline: a tree of closures that is walked for every ad, the plain way to interpret a condition.
using Ask = std::function<int(std::size_t)>;

Ask compare(const std::vector<double>& column, const std::function<bool(double)>& test) {
  return [&column, test](std::size_t row) {
    return std::isnan(column[row]) ? 1 : 2 * static_cast<int>(test(column[row]));
  };
}

Ask all_of(std::vector<Ask> parts) {
  return [parts = std::move(parts)](std::size_t row) {
    int least = 2;
    for (const Ask& part : parts) least = std::min(least, part(row));
    return least;
  };
}

void rules_over_a_million_ads_baseline_tree(benchmark::State& state) {
  const auto& columns = million().values;
  const Ask not_enough = compare(columns[1], [](double v) { return v >= 1; });
  const Ask tree = all_of({compare(columns[0], [](double v) { return v > 120; }),
                           [not_enough](std::size_t row) { return 2 - not_enough(row); },
                           [&columns](std::size_t row) {
                             const double now = columns[2][row];
                             const double before = columns[3][row];
                             const bool known = !std::isnan(now) && !std::isnan(before);
                             return known ? 2 * static_cast<int>(now < before) : 1;
                           },
                           compare(columns[4], [](double v) { return v >= 100; })});
  std::vector<Truth> truths(kAds);
  for (auto _ : state) {
    for (std::size_t row = 0; row < kAds; ++row) truths[row] = static_cast<Truth>(tree(row));
    benchmark::DoNotOptimize(truths.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kAds));
}
BENCHMARK(rules_over_a_million_ads_baseline_tree)->Unit(benchmark::kMillisecond);

// A day said once the next morning and corrected twice.
void add_day(Past& to, std::size_t ad, Day day, Rng& rng) {
  Counts counts;
  counts.set(Metric::spend, 50'000'000);
  counts.set(Metric::impressions, 4000);
  counts.set(Metric::link_clicks, rng.poisson(40));
  for (std::int64_t late : {1, 3, 7}) {
    const std::int64_t sales = rng.poisson(0.5 + 0.1 * static_cast<double>(late));
    counts.set(Metric::conversions, sales * 1'000'000);
    counts.set(Metric::conversion_value, sales * 60'000'000);
    to.add(ad, day, day + Days(late), counts);
  }
}

const Past& year_of_a_thousand(const std::vector<Rule>& rules) {
  static const Past past = [&] {
    Rng rng(2);
    Past made(rules, std::vector<Entity>(1000));
    for (std::size_t ad = 0; ad < 1000; ++ad) {
      for (std::int64_t i = 0; i < 365; ++i) {
        add_day(made, ad, Day{Days(20000 + i)}, rng);
      }
    }
    return made;
  }();
  return past;
}

void backtest_a_thousand_ads_for_a_year(benchmark::State& state) {
  const std::vector<Rule> rules{stop_loss()};
  const Past& past = year_of_a_thousand(rules);
  for (auto _ : state) {
    std::vector<Backtest> results = backtest(rules, past, 40, Day(Days(20000)));
    benchmark::DoNotOptimize(results.data());
  }
}
BENCHMARK(backtest_a_thousand_ads_for_a_year)->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace
}  // namespace rf::decide
