#include "video/sound.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "video/beats.h"
#include "video/drops.h"
#include "video/onsets.h"
#include "video/speech.h"

namespace rf::video {
namespace {

std::vector<double> energy_of(const std::vector<float>& power) {
  const auto each = static_cast<std::size_t>(std::lround(kEnergyStepS / kSoundHopS));
  std::vector<double> energy;
  for (std::size_t from = 0; from < power.size(); from += each) {
    const std::size_t to = std::min(power.size(), from + each);
    double sum = 0;
    for (std::size_t k = from; k < to; ++k) sum += static_cast<double>(power[k]);
    energy.push_back(std::sqrt(sum / static_cast<double>(to - from)));
  }
  return energy;
}

// Wind rises too; only music drops.
bool in_music(const std::vector<SoundSegment>& segments, double t_s) {
  return std::any_of(segments.begin(), segments.end(), [&](const SoundSegment& segment) {
    return segment.kind == SoundKind::music && segment.start_s <= t_s && t_s < segment.end_s;
  });
}

}  // namespace

void SoundWatcher::on_samples(const media::Samples& samples) {
  framer_.on_samples(samples);
  if (channels_) return;
  if (!mono_) {
    auto meter = media::Loudness::open(1, kSoundRateHz);
    RF_CHECK(meter.has_value());
    mono_ = std::move(*meter);
  }
  mono_->on_samples(samples.mono);
}

Status SoundWatcher::on_channels(const media::ChannelSamples& samples) {
  const int channels = samples.channels;
  const int rate_hz = samples.rate_hz;
  if (!channels_) {
    channels_ = RF_TRY(media::Loudness::open_as(samples));
    channel_count_ = channels;
    channel_rate_hz_ = rate_hz;
  }
  if (channels != channel_count_ || rate_hz != channel_rate_hz_) {
    return fail(ErrorCode::invalid,
                fmt::format("sound of {} channels at {} Hz went on with {} at {} Hz",
                            channel_count_, channel_rate_hz_, channels, rate_hz));
  }
  channels_->on_samples(samples.interleaved);
  return {};
}

void SoundWatcher::set_loudness(Sound& sound) {
  std::optional<media::Loudness>& meter = channels_ ? channels_ : mono_;
  if (!meter) return;
  const media::LoudnessReading reading = meter->finish();
  sound.loudness_lufs = reading.integrated_lufs;
  sound.loudness_range_lu = reading.range_lu;
  sound.true_peak_dbtp = reading.true_peak_dbtp;
  sound.loudness_of = channels_ ? "channels" : "mono mix";
}

Sound SoundWatcher::finish() {
  Sound sound;
  set_loudness(sound);
  const SoundFrames frames = framer_.finish();
  if (frames.samples == 0) return sound;
  sound.present = true;
  const Beats beats = find_beats(frames);
  sound.beats_s = beats.times_s;
  sound.tempo_bpm = beats.tempo_bpm;
  sound.beat_confidence = beats.confidence;
  sound.onsets_s = find_onsets(frames);
  sound.segments = sound_segments(frames);
  for (const double drop : find_drops(frames, beats.times_s)) {
    if (in_music(sound.segments, drop + 1)) sound.drops_s.push_back(drop);
  }
  sound.vocals_s = vocal_onsets(frames, sound.segments);
  sound.speech_share = share_of(sound.segments, SoundKind::speech);
  sound.music_share = share_of(sound.segments, SoundKind::music);
  sound.silence_share = share_of(sound.segments, SoundKind::silence);
  sound.energy = energy_of(frames.power);
  // A tenth of a second in whole hops.
  sound.energy_step_s = std::round(kEnergyStepS / kSoundHopS) * kSoundHopS;
  return sound;
}

}  // namespace rf::video
