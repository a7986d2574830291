// Everything that is heard in a film, from one pass over its samples.

#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "media/frame.h"
#include "media/loudness.h"
#include "model/features_sound.h"
#include "video/sound_frames.h"

namespace rf::video {

// Seconds between two values of Sound::energy.
inline constexpr double kEnergyStepS = 0.1;

// Feed on_samples() with the mono mix, and, where the decoder has them, on_channels() with the same
// sound in its own channels and rate, for loudness. Without channels loudness is that of the mono
// mix, and Sound::loudness_of says so: measured on 11 clips it lies 0 to 2.8 LU lower, by how
// unlike the channels are (libswresample's mix).
// Cost: about 1 ms of CPU for a second of mono, 1 more for stereo channels; 15 kB of memory a second
// while it runs.
class SoundWatcher {
 public:
  // REQUIRES: kSoundRateHz; stretches in order without gaps.
  void on_samples(const media::Samples& samples);

  // Errors: unsupported (see media::Loudness::open); invalid where channels or rate change.
  Status on_channels(const media::ChannelSamples& samples);

  // Everything but words and captions, which are of other sources. Nothing may follow.
  Sound finish();

 private:
  void set_loudness(Sound& sound);

  SoundFramer framer_;
  std::optional<media::Loudness> mono_;
  std::optional<media::Loudness> channels_;
  int channel_count_ = 0;
  int channel_rate_hz_ = 0;
};

}  // namespace rf::video
