// A million ads, four tail chances each. Budget: 250 ms on one core for all four.

#include <algorithm>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/rng.h"
#include "learn/tail.h"

namespace rf::learn {
namespace {

constexpr std::size_t kAds = 1000000;
constexpr double kLevel = 0.95;

// An account's ads: mostly small, a few large; 1.5 % CTR, 3 % CVR, 0.02 conversions per unit.
struct Account {
  std::vector<double> click_a, click_b, convert_a, convert_b;
  std::vector<double> sale_shape, sale_rate, value_b, value_scale;
  std::vector<Answer> answers;
};

Account make_account() {
  Account account;
  Rng rng(1);
  for (std::size_t i = 0; i < kAds; ++i) {
    const double shown = 30 * rng.gamma(0.5) * 1000;
    const double clicks = shown * 0.015 * (0.5 + rng.uniform());
    const double sales = static_cast<double>(rng.poisson(clicks * 0.03));
    account.click_a.push_back(30 + clicks);
    account.click_b.push_back(2000 + shown - clicks);
    account.convert_a.push_back(1.2 + std::min(sales, clicks));
    account.convert_b.push_back(40 + std::max(clicks - sales, 0.0));
    account.sale_shape.push_back(1.2 + sales);
    account.sale_rate.push_back(60 + clicks * 1.5);
    account.value_b.push_back(1 + 1.5 * (3 + sales));
    account.value_scale.push_back(1.5 * (3 + sales) * 50 / (60 + clicks * 1.5));
  }
  account.answers.resize(kAds);
  return account;
}

void judge_a_million_ads(benchmark::State& state) {
  Account account = make_account();
  const std::vector<double> click_bound{0.013}, convert_bound{0.02}, sale_bound{0.02},
      value_bound{1.0};
  std::size_t exact = 0;
  for (auto _ : state) {
    exact = judge_below(BetaColumns{account.click_a, account.click_b}, click_bound, kLevel,
                        account.answers);
    exact += judge_below(BetaColumns{account.convert_a, account.convert_b}, convert_bound, kLevel,
                         account.answers);
    exact += judge_below(GammaColumns{account.sale_shape, account.sale_rate}, sale_bound, kLevel,
                         account.answers);
    exact += judge_below(RoasColumns{account.sale_shape, account.value_b, account.value_scale},
                         value_bound, kLevel, account.answers);
    benchmark::ClobberMemory();
  }
  state.counters["exact_share"] = static_cast<double>(exact) / (4.0 * kAds);
}
BENCHMARK(judge_a_million_ads)->Unit(benchmark::kMillisecond);

// The baseline: every tail by the incomplete beta and gamma.
void judge_a_million_ads_exactly(benchmark::State& state) {
  Account account = make_account();
  for (auto _ : state) {
    std::size_t yes = 0;
    for (std::size_t i = 0; i < kAds; ++i) {
      const BetaPosterior click{account.click_a[i], account.click_b[i], 0};
      const BetaPosterior convert{account.convert_a[i], account.convert_b[i], 0};
      const GammaPosterior sale{account.sale_shape[i], account.sale_rate[i], 0};
      const RoasPosterior value{account.sale_shape[i], account.value_b[i], account.value_scale[i],
                                0};
      yes += chance_below(click, 0.013) > kLevel ? 1U : 0U;
      yes += chance_below(convert, 0.02) > kLevel ? 1U : 0U;
      yes += chance_below(sale, 0.02) > kLevel ? 1U : 0U;
      yes += chance_below(value, 1.0) > kLevel ? 1U : 0U;
    }
    benchmark::DoNotOptimize(yes);
  }
}
BENCHMARK(judge_a_million_ads_exactly)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rf::learn
