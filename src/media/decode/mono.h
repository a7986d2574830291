// Sound as one line of samples at one rate, placed by its time stamps: gaps become silence,
// what overlaps is heard once.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "media/decode/av.h"

namespace rf::media {

// Thread: one at a time.
class MonoLine {
 public:
  // Takes samples that follow each other without gap or overlap; the number of the first.
  using Sink = std::function<Status(std::int64_t first, std::span<const float> mono)>;

  MonoLine(int rate_hz, Sink sink) : rate_hz_(rate_hz), sink_(std::move(sink)) {}

  // `t_s` counts from the film's time zero; sound before it is left out.
  // Errors: unsupported, over_limit, and the sink's.
  Status add(const AVFrame& frame, double t_s);
  Status finish();

  // Just after the last sample, in seconds.
  double end_s() const;
  std::int64_t count() const { return position_.value_or(0) - first_; }

 private:
  Status restart(const AVFrame& frame, double t_s);
  Status convert(const AVFrame* frame);
  Status place(std::span<const float> mono);
  Status put(std::span<const float> mono);
  Status flush();

  int rate_hz_;
  Sink sink_;
  Av<SwrContext> resampler_;
  int source_rate_hz_ = 0;
  int source_format_ = -1;
  int source_channels_ = 0;
  double start_s_ = 0;                    // Of the run of sound that is being converted.
  std::int64_t taken_ = 0;                // Samples of the source in this run.
  std::int64_t next_ = 0;                 // Number of the next sample that the resampler gives.
  std::optional<std::int64_t> position_;  // Number of the next sample that is wanted.
  std::int64_t first_ = 0;
  std::vector<const std::uint8_t*> planes_;
  std::vector<float> buffer_;
  std::vector<float> pending_;
};

}  // namespace rf::media
