// What the whole report costs beside a bare decode of the same film.
// Budget, processor time: 1.3 times the bare decode without models, 1.8 times with a face and an
// object detector.

#include <cstdlib>
#include <string>

#include <benchmark/benchmark.h>

#include "base/check.h"
#include "media/bare_decode_for_test.h"
#include "media/frames_for_test.h"
#include "video/analyse.h"

namespace rf::media {

std::string environment_for_test(const char* name) {
  // One thread so far. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace rf::media

namespace rf::video {
namespace {

void report_baseline_bare_decode(benchmark::State& state) {
  const std::string path = media::bench_clip().path();
  for (auto _ : state) {
    const double before = media::used_s();
    benchmark::DoNotOptimize(media::decode_without_fence(path));
    state.SetIterationTime(media::used_s() - before);
  }
}
BENCHMARK(report_baseline_bare_decode)
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

void report_with(benchmark::State& state, const AnalyseOptions& options) {
  const std::string path = media::bench_clip().path();
  for (auto _ : state) {
    NoProgress progress;
    const double before = media::used_s();
    const Result<Features> features = analyse(media::bench_decoder(), path, options, progress);
    state.SetIterationTime(media::used_s() - before);
    RF_CHECK(features.has_value() && !features->partial);
  }
}

void report_without_models(benchmark::State& state) { report_with(state, {}); }
BENCHMARK(report_without_models)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

void report_with_models(benchmark::State& state) {
  const std::string models = media::shared_video("models");
  if (!media::is_there(models)) return state.SkipWithError("no models");
  report_with(state, {.models = models});
}
BENCHMARK(report_with_models)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

void report_part(benchmark::State& state, const std::string& analyser) {
  report_with(state, {.only = {analyser}});
}
BENCHMARK_CAPTURE(report_part, motion, "motion")
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(report_part, faces, "faces")
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(report_part, text, "text")
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(report_part, sound, "sound")
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rf::video
