// What the fence, the taps and the sound add to a bare decode of the same film.
// Budget: 1.12 times the processor time of the bare decode, the decoder's process included.

#include <cstdlib>
#include <string>

#include <benchmark/benchmark.h>

#include "base/check.h"
#include "media/bare_decode_for_test.h"
#include "media/watch.h"

namespace rf::media {

std::string environment_for_test(const char* name) {
  // One thread so far. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

namespace {

void decode_bare(benchmark::State& state) {
  const std::string path = bench_clip().path();
  for (auto _ : state) {
    const double before = used_s();
    benchmark::DoNotOptimize(decode_without_fence(path));
    state.SetIterationTime(used_s() - before);
  }
}
BENCHMARK(decode_bare)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

class Idle final : public Viewer {
 public:
  Status begin(const MediaFacts&) override { return {}; }
  Status on_frame(std::size_t, const Frame&) override { return {}; }
  Status on_samples(const Samples&) override { return {}; }
};

void watch_with(benchmark::State& state, const WatchOptions& options) {
  const std::string path = bench_clip().path();
  for (auto _ : state) {
    Idle viewer;
    NoProgress progress;
    const double before = used_s();
    const Result<Watched> watched = watch(bench_decoder(), path, options, viewer, progress);
    state.SetIterationTime(used_s() - before);
    RF_CHECK(watched.has_value() && !watched->partial);
  }
}

void watch_default_taps(benchmark::State& state) {
  watch_with(state, {.taps = {{Pixels::grey, 180, 0}, {Pixels::bgr, 360, 5}, {Pixels::bgr, 416, 1}},
                     .audio_rate_hz = 22050});
}
BENCHMARK(watch_default_taps)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

void watch_no_taps(benchmark::State& state) { watch_with(state, {.taps = {}}); }
BENCHMARK(watch_no_taps)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

void watch_triage(benchmark::State& state) {
  watch_with(state, {.taps = {{Pixels::grey, 180, 0}, {Pixels::bgr, 360, 5}, {Pixels::bgr, 416, 1}},
                     .audio_rate_hz = 22050,
                     .pace = Pace::triage});
}
BENCHMARK(watch_triage)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rf::media
