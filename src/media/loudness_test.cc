#include "media/loudness.h"

#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

namespace rf::media {
namespace {

constexpr int kRate = 48000;

std::vector<float> sine(double hz, double amplitude, double seconds, int channels, double phase) {
  const auto frames = static_cast<std::size_t>(seconds * kRate);
  std::vector<float> out;
  for (std::size_t i = 0; i < frames; ++i) {
    const double angle = 2 * std::numbers::pi * hz * static_cast<double>(i) / kRate + phase;
    for (int c = 0; c < channels; ++c)
      out.push_back(static_cast<float>(amplitude * std::sin(angle)));
  }
  return out;
}

LoudnessReading read(const std::vector<float>& samples, int channels, std::size_t frames) {
  auto meter = Loudness::open(channels, kRate);
  EXPECT_TRUE(meter);
  const std::size_t step = frames * static_cast<std::size_t>(channels);
  for (std::size_t from = 0; from < samples.size(); from += step) {
    meter->on_samples(std::span(samples).subspan(from, std::min(step, samples.size() - from)));
  }
  return meter->finish();
}

// Source: EBU Tech 3341 case 1: stereo 1 kHz at -23 dBFS reads -23.0 +- .1 LUFS.
TEST(Loudness, ReadsTheBroadcastersReferenceTone) {
  const double amplitude = std::pow(10, -23.0 / 20);
  const LoudnessReading reading = read(sine(1000, amplitude, 20, 2, 0), 2, 4096);
  EXPECT_NEAR(reading.integrated_lufs.value(), -23, 0.1);
  EXPECT_NEAR(reading.range_lu.value(), 0, 0.1);
  EXPECT_NEAR(reading.true_peak_dbtp.value(), -23, 0.1);
}

// Source: EBU Tech 3342 case 1: 20 s each at -20 and -30 dBFS have a range of 10 +- 1 LU.
TEST(Loudness, RangeIsTheDistanceOfTwoLevels) {
  std::vector<float> samples = sine(1000, 0.1, 20, 2, 0);
  const std::vector<float> soft = sine(1000, 0.1 / std::sqrt(10.0), 20, 2, 0);
  samples.insert(samples.end(), soft.begin(), soft.end());
  EXPECT_NEAR(read(samples, 2, 4096).range_lu.value(), 10, 0.2);
}

// Source: EBU Tech 3341 case 15: a quarter of the rate at 45 degrees, peaks between the samples.
TEST(Loudness, TruePeakIsSeenBetweenSamples) {
  const std::vector<float> samples = sine(kRate / 4.0, 0.5, 1, 1, std::numbers::pi / 4);
  EXPECT_NEAR(read(samples, 1, 999).true_peak_dbtp.value(), 20 * std::log10(0.5), 0.2);
}

TEST(Loudness, HowTheStreamIsCutUpDoesNotMatter) {
  std::vector<float> samples = sine(440, 0.3, 12, 2, 0.2);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] *= static_cast<float>(i % 60000) / 60000.0F;
  }
  const LoudnessReading whole = read(samples, 2, samples.size());
  for (const std::size_t frames : {1000U, 4801U, 333U}) {
    const LoudnessReading parts = read(samples, 2, frames);
    EXPECT_EQ(parts.integrated_lufs, whole.integrated_lufs);
    EXPECT_EQ(parts.range_lu, whole.range_lu);
    EXPECT_EQ(parts.true_peak_dbtp, whole.true_peak_dbtp);
  }
}

TEST(Loudness, SilenceAndNonsenseHaveNone) {
  const LoudnessReading silent = read(std::vector<float>(96000, 0.0F), 2, 4096);
  EXPECT_FALSE(silent.integrated_lufs);
  EXPECT_FALSE(silent.true_peak_dbtp);
  const std::vector<float> nonsense(96000, std::numeric_limits<float>::quiet_NaN());
  EXPECT_FALSE(read(nonsense, 2, 4096).integrated_lufs);
  EXPECT_FALSE(Loudness::open(0, kRate));
  EXPECT_FALSE(Loudness::open(2, 1));
}

}  // namespace
}  // namespace rf::media
