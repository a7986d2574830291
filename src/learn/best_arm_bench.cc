// Chance to be best of ten arms: quadrature against 100,000 draws. Budget: 100 us, error 1e-8.

#include <vector>

#include <benchmark/benchmark.h>

#include "base/rng.h"
#include "learn/best_arm.h"

namespace rf::learn {
namespace {

std::vector<BetaPosterior> ten_arms() {
  std::vector<BetaPosterior> arms;
  arms.reserve(10);
  for (int i = 0; i < 10; ++i) arms.push_back({.a = 100.0 + 4 * i, .b = 9000.0 + 150 * i});
  return arms;
}

// Two arms of a million impressions among eight of a thousand: many panels.
std::vector<BetaPosterior> ten_unlike_arms() {
  std::vector<BetaPosterior> arms;
  arms.reserve(10);
  for (int i = 0; i < 8; ++i) arms.push_back({.a = 0.5 + 2 * i, .b = 990.0});
  for (int i = 0; i < 2; ++i) arms.push_back({.a = 11000.0 + 100 * i, .b = 1e6});
  return arms;
}

void compare_ten(benchmark::State& state) {
  std::vector<BetaPosterior> arms = ten_arms();
  for (auto _ : state) benchmark::DoNotOptimize(compare_arms(std::span<const BetaPosterior>(arms)));
}
BENCHMARK(compare_ten)->Unit(benchmark::kMicrosecond);

void compare_ten_unlike(benchmark::State& state) {
  std::vector<BetaPosterior> arms = ten_unlike_arms();
  for (auto _ : state) benchmark::DoNotOptimize(compare_arms(std::span<const BetaPosterior>(arms)));
}
BENCHMARK(compare_ten_unlike)->Unit(benchmark::kMicrosecond);

std::size_t best_of_one_draw(const std::vector<BetaPosterior>& arms, Rng& rng) {
  std::size_t best = 0;
  double highest = -1;
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const double value = rng.beta(arms[i].a, arms[i].b);
    if (value <= highest) continue;
    highest = value;
    best = i;
  }
  return best;
}

// The baseline: what most tools do.
void compare_ten_by_draws(benchmark::State& state) {
  std::vector<BetaPosterior> arms = ten_arms();
  Rng rng(1);
  for (auto _ : state) {
    std::vector<int> wins(arms.size());
    for (int draw = 0; draw < 100000; ++draw) ++wins[best_of_one_draw(arms, rng)];
    benchmark::DoNotOptimize(wins.data());
  }
}
BENCHMARK(compare_ten_by_draws)->Unit(benchmark::kMicrosecond);

void beats_control(benchmark::State& state) {
  std::vector<BetaPosterior> arms = ten_arms();
  for (auto _ : state) benchmark::DoNotOptimize(chance_beats(arms[9], arms[0], 0.1));
}
BENCHMARK(beats_control)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace rf::learn
