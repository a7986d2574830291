#include "media/decode/mono.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
}

#include "media/decode/wire.h"

namespace rf::media {
namespace {

// Stamps may lie this far off the count of samples before that means a gap or an overlap. Chosen:
// above the rounding of containers that count milliseconds, below what an ear would hear as one.
constexpr double kSlackS = 0.03;

// Silence for a gap, at most: damaged stamps must not fill the disk of whoever listens.
constexpr double kGapMaxS = 3600;

}  // namespace

Status MonoLine::add(const AVFrame& frame, double t_s) {
  if (frame.nb_samples <= 0 || frame.sample_rate <= 0) return {};
  const double expected =
      source_rate_hz_ > 0 ? start_s_ + static_cast<double>(taken_) / source_rate_hz_ : t_s;
  const bool same = frame.sample_rate == source_rate_hz_ && frame.format == source_format_ &&
                    frame.ch_layout.nb_channels == source_channels_;
  if (!same || resampler_ == nullptr || std::abs(t_s - expected) > kSlackS) {
    RF_TRY(restart(frame, t_s));
  }
  taken_ += frame.nb_samples;
  return convert(&frame);
}

Status MonoLine::restart(const AVFrame& frame, double t_s) {
  if (resampler_ != nullptr) RF_TRY(convert(nullptr));
  resampler_.reset();
  source_rate_hz_ = frame.sample_rate;
  source_format_ = frame.format;
  source_channels_ = frame.ch_layout.nb_channels;
  start_s_ = t_s;
  taken_ = 0;
  next_ = std::llround(t_s * rate_hz_);
  AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO;
  AVChannelLayout source{};
  if (frame.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC) {
    av_channel_layout_default(&source, frame.ch_layout.nb_channels);
  } else if (const int copied = av_channel_layout_copy(&source, &frame.ch_layout); copied < 0) {
    return av_error("the sound's channels are unknown", copied);
  }
  SwrContext* made = nullptr;
  int status =
      swr_alloc_set_opts2(&made, &mono, AV_SAMPLE_FMT_FLT, rate_hz_, &source,
                          static_cast<AVSampleFormat>(frame.format), frame.sample_rate, 0, nullptr);
  av_channel_layout_uninit(&source);
  Av<SwrContext> resampler(made);
  if (status >= 0) {
    // Channels are averaged, so that full scale stays full scale.
    status = av_opt_set_double(made, "rematrix_maxval", 1.0, 0);
  }
  if (status >= 0) status = swr_init(made);
  if (status < 0) return av_error("the sound cannot be resampled", status);
  resampler_ = std::move(resampler);
  return {};
}

// nullptr: whatever the resampler still holds.
Status MonoLine::convert(const AVFrame* frame) {
  const int samples = frame == nullptr ? 0 : frame->nb_samples;
  const int room = swr_get_out_samples(resampler_.get(), samples);
  if (room < 0) return av_error("the sound cannot be resampled", room);
  buffer_.resize(static_cast<std::size_t>(room) + 1);
  auto* out = reinterpret_cast<std::uint8_t*>(buffer_.data());
  const bool planar = av_sample_fmt_is_planar(static_cast<AVSampleFormat>(source_format_)) == 1;
  planes_.clear();
  for (int i = 0; frame != nullptr && i < (planar ? source_channels_ : 1); ++i) {
    planes_.push_back(frame->extended_data[i]);
  }
  const auto** in = frame == nullptr ? nullptr : planes_.data();
  const int got = swr_convert(resampler_.get(), &out, room, in, samples);
  if (got < 0) return av_error("the sound cannot be resampled", got);
  return place(std::span(buffer_).first(static_cast<std::size_t>(got)));
}

// Puts samples that begin at number next_ where they belong.
Status MonoLine::place(std::span<const float> mono) {
  std::int64_t at = next_;
  next_ += std::ssize(mono);
  const std::int64_t wanted = std::max<std::int64_t>(position_.value_or(0), 0);
  if (at < wanted) {
    const auto late = std::min<std::int64_t>(wanted - at, std::ssize(mono));
    mono = mono.subspan(static_cast<std::size_t>(late));
    at += late;
  }
  if (mono.empty()) return {};
  if (!position_) {
    position_ = first_ = at;
  }
  if (static_cast<double>(at - *position_) > kGapMaxS * rate_hz_) {
    return fail(ErrorCode::corrupt, "the sound's time stamps jump by more than an hour");
  }
  constexpr std::array<float, 4096> kSilence{};
  while (*position_ < at) {
    const auto count = std::min<std::int64_t>(at - *position_, std::ssize(kSilence));
    RF_TRY(put(std::span(kSilence).first(static_cast<std::size_t>(count))));
  }
  return put(mono);
}

Status MonoLine::put(std::span<const float> mono) {
  for (const float sample : mono) {
    pending_.push_back(std::isfinite(sample) ? std::clamp(sample, -1.0F, 1.0F) : 0.0F);
    ++*position_;
    if (pending_.size() == wire::kSamplesMax / 2) RF_TRY(flush());
  }
  return {};
}

Status MonoLine::flush() {
  if (pending_.empty()) return {};
  const std::int64_t first = *position_ - std::ssize(pending_);
  RF_TRY(sink_(first, pending_));
  pending_.clear();
  return {};
}

Status MonoLine::finish() {
  if (resampler_ != nullptr) RF_TRY(convert(nullptr));
  resampler_.reset();
  return flush();
}

double MonoLine::end_s() const {
  return position_ ? static_cast<double>(*position_) / rate_hz_ : 0;
}

}  // namespace rf::media
