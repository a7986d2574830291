// How loud a programme is, by the broadcasters' rules: integrated loudness and its range, which are
// libebur128's, and the true peak, which is our own because it has to be cheap.
// Source: EBU R 128, EBU Tech 3342, ITU-R BS.1770-4.

#pragma once

#include <memory>
#include <optional>
#include <span>

#include "base/result.h"
#include "media/frame.h"

namespace rf::media {

// Null: too short, or nothing above the gate of -70 LUFS.
struct LoudnessReading {
  std::optional<double> integrated_lufs;
  std::optional<double> range_lu;        // Null below 10 s: it would rest on a few windows.
  std::optional<double> true_peak_dbtp;  // Null: silence.
};

class Loudness {
 public:
  // Channels are taken for the usual ones of their number (L R C LFE Ls Rs); open_as() is told.
  // Errors: unsupported (more than kChannelsMax channels, or a rate outside 8 to 192 kHz).
  static Result<Loudness> open(int channels, int rate_hz);
  // For sound of that shape: surround channels count by 1.41, unheard ones not at all.
  // Errors: as open().
  static Result<Loudness> open_as(const ChannelSamples& shape);

  Loudness(Loudness&& other) noexcept;
  Loudness& operator=(Loudness&& other) noexcept;
  ~Loudness();

  // Shape: channels side by side, in FFmpeg's order; whole frames only. What is not a finite number
  // counts as silence.
  // Cost: about 1.2 ms of CPU for a second of stereo at 48 kHz (video/sound_bench.cc); memory does
  // not grow with length.
  void on_samples(std::span<const float> interleaved);

  LoudnessReading finish();

 private:
  struct Meter;
  explicit Loudness(std::unique_ptr<Meter> meter);

  std::unique_ptr<Meter> meter_;
};

}  // namespace rf::media
