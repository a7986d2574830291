// How fast the sandbox turns: ad-days a second, files a second, and bulk rows a second.

#include <string>

#include <benchmark/benchmark.h>

#include "base/check.h"
#include "sim/bulk_export.h"
#include "sim/export.h"
#include "sim/platform/sandbox.h"
#include "sim/world.h"

namespace rf::sim {
namespace {

World world_of(std::int64_t concepts) {
  WorldSpec spec{.accounts = {{.concepts = concepts, .ads_per_concept = 10}}};
  Result<World> world = World::make(spec);
  RF_CHECK(world.has_value());
  return std::move(world).value();
}

// Baseline: drawing the ten counts of an ad-day that matter, with nothing around them.
void draws_alone(benchmark::State& state) {
  Rng rng(1);
  for (auto _ : state) {
    std::int64_t left = 5000;
    for (int i = 0; i < 10; ++i) benchmark::DoNotOptimize(left = rng.binomial(left, 0.8));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(draws_alone);

// Budget: 30 µs an ad-day, so that a year of 100 ads takes about a second.
void run_ad_days(benchmark::State& state) {
  World world = world_of(10);
  for (auto _ : state) world.run_day();
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(world.scene().ads.size()));
  state.counters["world_days"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(run_ad_days);

// Budget: 365 days of 200 ads in seconds, books and all.
void run_sandbox_year(benchmark::State& state) {
  const ManualClock clock{Instant{}};
  for (auto _ : state) {
    WorldSpec spec{.accounts = {{.concepts = 20, .ads_per_concept = 10}}};
    Result<std::unique_ptr<Sandbox>> box = Sandbox::make(spec, clock);
    RF_CHECK(box.has_value());
    (*box)->run_days(365);
    benchmark::DoNotOptimize((*box)->version());
  }
  state.SetItemsProcessed(state.iterations() * 365 * 200);
}
BENCHMARK(run_sandbox_year)->Unit(benchmark::kMillisecond);

// Budget: the demo's file of 15 ads and four weeks in 5 ms.
void write_meta_file(benchmark::State& state) {
  World world = world_of(2);
  world.run_days(28);
  Export file = world.export_as_of(0, world.today() - Days(1));
  for (auto _ : state) benchmark::DoNotOptimize(export_bytes(file, Layout::meta_csv));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(file.rows.size()));
}
BENCHMARK(write_meta_file);

constexpr std::int64_t kRows = 50'000;

// Budget: 5 µs a row, a million in five seconds.
void write_bulk_rows(benchmark::State& state) {
  for (auto _ : state) {
    Result<BulkExport> written = write_bulk_meta_export("/dev/null", kRows, 2000, 1);
    RF_CHECK(written.has_value());
    state.counters["bytes_per_row"] = static_cast<double>(written->bytes) / kRows;
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(write_bulk_rows)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rf::sim
