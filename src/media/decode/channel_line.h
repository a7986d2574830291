// Sound in its own channels and rate, for what the mix to one channel would change: loudness.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/result.h"
#include "media/decode/av.h"
#include "media/frame.h"

namespace rf::media {

// What comes after the first frame is brought to that one's channels and rate. Pieces follow each
// other as they were decoded; gaps are left out, as silence has no part in loudness.
// Thread: one at a time.
class ChannelLine {
 public:
  using Sink = std::function<Status(const ChannelSamples&)>;

  explicit ChannelLine(Sink sink) : sink_(std::move(sink)) {}

  // `t_s` counts from the film's time zero; sound before it is left out. Sound of more channels or
  // another rate than kChannelsMax and kChannelRateMin to kChannelRateMax gives nothing.
  // Errors: the sink's. A frame that cannot be converted is left out.
  Status add(const AVFrame& frame, double t_s);

 private:
  bool open(const AVFrame& frame);
  bool fix_format(const AVFrame& frame, const AVChannelLayout& source);
  Status put(int frames);

  Sink sink_;
  Av<SwrContext> converter_;
  int source_rate_hz_ = 0;
  int source_format_ = -1;
  int source_channels_ = 0;
  std::optional<ChannelSamples> format_;  // Of everything that is given; without samples.
  std::uint64_t layout_ = 0;              // FFmpeg's mask of it.
  std::vector<float> buffer_;
  std::vector<const std::uint8_t*> planes_;
};

}  // namespace rf::media
