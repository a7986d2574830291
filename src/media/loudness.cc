#include "media/loudness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <ebur128.h>

#include "base/check.h"

namespace rf::media {
namespace {

constexpr double kRangeFromS = 10;
constexpr std::size_t kStepsASecond = 10;

// Four times the rate; BS.1770-4 annex 2 asks for no less at 48 kHz.
constexpr std::size_t kPhases = 4;
// Taps of each phase. 12 are the standard's; with 16 the interpolation is flat to .05 dB at 20 kHz.
constexpr std::size_t kTaps = 16;
// The three phases between samples; the samples themselves are looked at as they are.
using Phases = std::array<std::array<float, kTaps>, kPhases - 1>;

// A sinc under a Hann window, each phase scaled to pass a constant unchanged.
Phases interpolation() {
  Phases phases{};
  for (std::size_t p = 0; p + 1 < kPhases; ++p) {
    const double shift = static_cast<double>(p + 1) / kPhases;
    double sum = 0;
    std::array<double, kTaps> taps{};
    for (std::size_t j = 0; j < kTaps; ++j) {
      const double x = static_cast<double>(j) - (kTaps / 2.0 - 1) - shift;
      const double angle = std::numbers::pi * x;
      taps[j] = std::sin(angle) / angle * (0.5 + 0.5 * std::cos(2 * angle / kTaps));
      sum += taps[j];
    }
    for (std::size_t j = 0; j < kTaps; ++j) phases[p][j] = static_cast<float>(taps[j] / sum);
  }
  return phases;
}

// The largest factor by which a peak between samples can exceed the samples around it.
float gain_of(const Phases& phases) {
  float most = 1;
  for (const auto& taps : phases) {
    float sum = 0;
    for (const float tap : taps) sum += std::abs(tap);
    most = std::max(most, sum);
  }
  return most;
}

// The highest point of one channel's curve between its samples.
class TruePeak {
 public:
  TruePeak() : phases_(interpolation()), gain_(gain_of(phases_)), pending_(kTaps - 1, 0.0F) {}

  void on_samples(std::span<const float> interleaved, std::size_t channel, std::size_t channels) {
    for (std::size_t i = channel; i < interleaved.size(); i += channels) {
      pending_.push_back(interleaved[i]);
    }
    look();
  }

  float finish() {
    pending_.resize(pending_.size() + kTaps, 0.0F);
    look();
    return peak_;
  }

 private:
  static constexpr std::size_t kBlock = 256;

  void look() {
    const std::size_t places = pending_.size() - (kTaps - 1);
    for (std::size_t from = 0; from < places; from += kBlock) {
      look_at(pending_.data() + from, std::min(kBlock, places - from));
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(places));
  }

  void look_at(const float* samples, std::size_t places) {
    float around = 0;
    for (std::size_t i = 0; i < places + kTaps - 1; ++i) {
      around = std::max(around, std::abs(samples[i]));
    }
    // Nothing between samples so low can reach the peak: most blocks end here, and nothing is lost.
    if (around * gain_ <= peak_) return;
    peak_ = std::max(peak_, around);
    std::array<float, kBlock> curve{};
    for (const auto& taps : phases_) {
      curve.fill(0);
      for (std::size_t j = 0; j < kTaps; ++j) {
        for (std::size_t i = 0; i < places; ++i) curve[i] += taps[j] * samples[i + j];
      }
      for (std::size_t i = 0; i < places; ++i) peak_ = std::max(peak_, std::abs(curve[i]));
    }
  }

  Phases phases_;
  float gain_;
  std::vector<float> pending_;
  float peak_ = 0;
};

// Loudness range from windows of 3 s, one every 100 ms; libebur128's own takes one a second, which
// is allowed and differed by .4 LU from FFmpeg's on real music.
// Source: EBU Tech 3342 (2016): gates at -70 LUFS and 20 LU below the mean, 10th to 95th percentile.
class Range {
 public:
  // The mean square, weighted, of the next 100 ms.
  void on_energy(double energy) {
    if (count_ >= kWindow) sum_ -= ring_[count_ % kWindow];
    ring_[count_ % kWindow] = energy;
    sum_ += energy;
    if (++count_ < kWindow) return;
    const double lufs = kOffset + 10 * std::log10(std::max(sum_ / kWindow, 1e-12));
    if (lufs < kLowest) return;
    const double place = std::min((lufs - kLowest) / kBin, kBins - 1.0);
    ++bins_[static_cast<std::size_t>(place)];
  }

  std::optional<double> finish() const {
    double energy = 0;
    std::int64_t all = 0;
    for (std::size_t i = 0; i < kBins; ++i) {
      energy += static_cast<double>(bins_[i]) * std::pow(10, lufs_of(i) / 10);
      all += bins_[i];
    }
    if (all == 0) return std::nullopt;
    const double gate = 10 * std::log10(energy / static_cast<double>(all)) - 20;
    return percentile(gate, 0.95) - percentile(gate, 0.10);
  }

 private:
  static constexpr std::size_t kWindow = 30;
  static constexpr double kOffset = -0.691;  // BS.1770-4: 997 Hz at full scale reads -3.01 LUFS.
  static constexpr double kLowest = -70;
  static constexpr double kBin = 0.02;
  static constexpr std::size_t kBins = 4500;  // Up to +20 LUFS.

  static double lufs_of(std::size_t bin) {
    return kLowest + (static_cast<double>(bin) + 0.5) * kBin;
  }

  double percentile(double gate, double share) const {
    const auto from = static_cast<std::size_t>(std::max(0.0, (gate - kLowest) / kBin));
    std::int64_t kept = 0;
    for (std::size_t i = from; i < kBins; ++i) kept += bins_[i];
    const auto rank = static_cast<std::int64_t>(std::lround(share * static_cast<double>(kept - 1)));
    std::int64_t passed = 0;
    for (std::size_t i = from; i < kBins; ++i) {
      passed += bins_[i];
      if (passed > rank) return lufs_of(i);
    }
    return lufs_of(kBins - 1);
  }

  std::array<double, kWindow> ring_{};
  double sum_ = 0;
  std::size_t count_ = 0;
  std::vector<std::int64_t> bins_ = std::vector<std::int64_t>(kBins, 0);
};

struct Close {
  void operator()(ebur128_state* state) const { ebur128_destroy(&state); }
};

// libebur128 says -infinity where there is nothing to say.
std::optional<double> finite(int status, double value) {
  if (status != EBUR128_SUCCESS || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

struct Loudness::Meter {
  std::unique_ptr<ebur128_state, Close> state;
  std::vector<TruePeak> peaks;
  std::vector<float> clean;  // Waiting for 100 ms to be full.
  Range range;
  std::int64_t frames = 0;
  int rate_hz = 0;
};

Loudness::Loudness(std::unique_ptr<Meter> meter) : meter_(std::move(meter)) {}
Loudness::Loudness(Loudness&& other) noexcept = default;
Loudness& Loudness::operator=(Loudness&& other) noexcept = default;
Loudness::~Loudness() = default;

Result<Loudness> Loudness::open(int channels, int rate_hz) {
  if (channels < 1 || channels > kChannelsMax || rate_hz < kChannelRateMin ||
      rate_hz > kChannelRateMax) {
    return fail(ErrorCode::unsupported, "loudness of " + std::to_string(channels) +
                                            " channels at " + std::to_string(rate_hz) +
                                            " Hz; 1 to 16 at 8 to 192 kHz are supported");
  }
  auto meter = std::make_unique<Meter>();
  // Histograms of .1 LU instead of a list of blocks: memory stays the same for hours.
  meter->state.reset(ebur128_init(static_cast<unsigned>(channels),
                                  static_cast<unsigned long>(rate_hz),
                                  EBUR128_MODE_I | EBUR128_MODE_HISTOGRAM));
  if (!meter->state) return fail(ErrorCode::unavailable, "no memory for a loudness meter");
  meter->peaks.resize(static_cast<std::size_t>(channels));
  meter->rate_hz = rate_hz;
  return Loudness(std::move(meter));
}

Result<Loudness> Loudness::open_as(const ChannelSamples& shape) {
  Loudness opened = RF_TRY(open(shape.channels, shape.rate_hz));
  for (int i = 0; i < shape.channels && i < 32; ++i) {
    const auto number = static_cast<unsigned>(i);
    int role = EBUR128_CENTER;  // Counts in full, like left and right.
    if ((shape.surround >> number & 1U) != 0) role = EBUR128_LEFT_SURROUND;
    if ((shape.unheard >> number & 1U) != 0) role = EBUR128_UNUSED;
    ebur128_set_channel(opened.meter_->state.get(), number, role);
  }
  return opened;
}

void Loudness::on_samples(std::span<const float> interleaved) {
  const std::size_t channels = meter_->peaks.size();
  RF_CHECK(interleaved.size() % channels == 0);
  std::vector<float>& clean = meter_->clean;
  const std::size_t old = clean.size();
  clean.insert(clean.end(), interleaved.begin(), interleaved.end());
  for (std::size_t i = old; i < clean.size(); ++i) {
    clean[i] = std::isfinite(clean[i]) ? clean[i] : 0.0F;
  }
  for (std::size_t c = 0; c < channels; ++c) {
    meter_->peaks[c].on_samples(std::span(clean).subspan(old), c, channels);
  }
  meter_->frames += static_cast<std::int64_t>(interleaved.size() / channels);

  const std::size_t step = static_cast<std::size_t>(meter_->rate_hz) / kStepsASecond;
  std::size_t from = 0;
  for (; from + step * channels <= clean.size(); from += step * channels) {
    ebur128_add_frames_float(meter_->state.get(), clean.data() + from, step);
    double lufs = 0;
    ebur128_loudness_window(meter_->state.get(), 1000 / kStepsASecond, &lufs);
    meter_->range.on_energy(std::isfinite(lufs) ? std::pow(10, (lufs + 0.691) / 10) : 0);
  }
  clean.erase(clean.begin(), clean.begin() + static_cast<std::ptrdiff_t>(from));
}

LoudnessReading Loudness::finish() {
  LoudnessReading reading;
  const std::size_t left = meter_->clean.size() / meter_->peaks.size();
  ebur128_add_frames_float(meter_->state.get(), meter_->clean.data(), left);
  double value = 0;
  const int status = ebur128_loudness_global(meter_->state.get(), &value);
  reading.integrated_lufs = finite(status, value);
  if (static_cast<double>(meter_->frames) >= kRangeFromS * meter_->rate_hz) {
    reading.range_lu = meter_->range.finish();
  }
  float peak = 0;
  for (TruePeak& channel : meter_->peaks) peak = std::max(peak, channel.finish());
  if (peak > 0) reading.true_peak_dbtp = 20 * std::log10(static_cast<double>(peak));
  return reading;
}

}  // namespace rf::media
