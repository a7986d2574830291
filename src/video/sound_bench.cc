// Thirty seconds of music. Budget: 100 ms of CPU for everything that is heard.

#include <vector>

#include <benchmark/benchmark.h>

#include "media/fourier.h"
#include "media/loudness.h"
#include "video/music_for_test.h"
#include "video/sound.h"

namespace rf::video {
namespace {

constexpr double kSeconds = 30;

const std::vector<float>& music() {
  static const std::vector<float> samples = make_music(Piece::noisy_room, 118, kSeconds, 1).samples;
  return samples;
}

// Stereo at 48 kHz: the same samples at another speed, twice.
const std::vector<float>& channels() {
  static const std::vector<float> samples = [] {
    std::vector<float> out;
    const auto frames = static_cast<std::size_t>(kSeconds * 48000);
    for (std::size_t i = 0; i < frames; ++i) {
      const float value = music()[i % music().size()];
      out.push_back(value);
      out.push_back(0.8F * value);
    }
    return out;
  }();
  return samples;
}

void hear_30_s(benchmark::State& state) {
  music();
  channels();
  for (auto _ : state) {
    SoundWatcher watcher;
    benchmark::DoNotOptimize(
        watcher.on_channels({.rate_hz = 48000, .channels = 2, .interleaved = channels()}));
    watcher.on_samples({.first = 0, .rate_hz = kSoundRateHz, .mono = music()});
    benchmark::DoNotOptimize(watcher.finish());
  }
}
BENCHMARK(hear_30_s)->Unit(benchmark::kMillisecond);

void hear_30_s_loudness_alone(benchmark::State& state) {
  channels();
  for (auto _ : state) {
    auto meter = media::Loudness::open(2, 48000);
    meter->on_samples(channels());
    benchmark::DoNotOptimize(meter->finish());
  }
}
BENCHMARK(hear_30_s_loudness_alone)->Unit(benchmark::kMillisecond);

// What no analysis by spectra can go below: the transforms alone.
void hear_30_s_baseline_transforms(benchmark::State& state) {
  constexpr std::size_t kRows = 64;
  std::vector<float> rows(kRows * 1024);
  std::vector<float> power(kRows * 513);
  for (auto _ : state) {
    for (std::size_t from = 0; from + 1024 + kRows * kSoundHop <= music().size();
         from += kRows * kSoundHop) {
      for (std::size_t row = 0; row < kRows; ++row) {
        const auto begin = music().begin() + static_cast<std::ptrdiff_t>(from + row * kSoundHop);
        std::copy(begin, begin + 1024, rows.begin() + static_cast<std::ptrdiff_t>(row * 1024));
      }
      media::power_spectra(rows, 1024, power);
    }
    benchmark::DoNotOptimize(power.data());
  }
}
BENCHMARK(hear_30_s_baseline_transforms)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rf::video
