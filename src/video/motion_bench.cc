// Everything this room reads from one picture of 180 x 320. Budget: 1 ms a picture on one core.

#include <benchmark/benchmark.h>

#include "media/flow.h"
#include "video/motion.h"
#include "video/scenes_for_test.h"

namespace rf::video {
namespace {

std::vector<Picture> film_of(int pictures) {
  const Texture texture(1);
  std::vector<Picture> film;
  film.reserve(static_cast<std::size_t>(pictures));
  for (int i = 0; i < pictures; ++i) film.push_back(shifted(texture, 1.5 * i, 0.5 * i));
  return film;
}

void watch_one_picture(benchmark::State& state, MotionMethod method) {
  const std::vector<Picture> film = film_of(30);
  MotionAnalyser analyser(method);
  std::int64_t index = 0;
  for (auto _ : state) {
    // There and back, so that no step is a cut.
    const std::int64_t at = index % 58;
    analyser.on_frame(frame_of(film[static_cast<std::size_t>(at < 30 ? at : 58 - at)], index));
    ++index;
  }
}
BENCHMARK_CAPTURE(watch_one_picture, hybrid, MotionMethod::hybrid)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(watch_one_picture, difference, MotionMethod::difference)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(watch_one_picture, blocks, MotionMethod::blocks)->Unit(benchmark::kMicrosecond);

// The baseline, as the notes have it: Farneback's flow on the picture at full size, 1080 x 1920.
void farneback_full_size(benchmark::State& state) {
  const std::vector<Picture> film = film_of(2);
  constexpr int kTimes = 6;
  std::vector<Picture> large(2);
  for (std::size_t n = 0; n < 2; ++n) {
    for (std::size_t y = 0; y < std::size_t{kHigh} * kTimes; ++y) {
      for (std::size_t x = 0; x < std::size_t{kWide} * kTimes; ++x) {
        large[n].push_back(film[n][y / kTimes * kWide + x / kTimes]);
      }
    }
  }
  media::DenseFlow flow(media::FlowMethod::farneback);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        flow.between(large[0], large[1], kWide * kTimes, kHigh * kTimes).xy.data());
  }
}
BENCHMARK(farneback_full_size)->Unit(benchmark::kMicrosecond)->Iterations(3);

}  // namespace
}  // namespace rf::video
