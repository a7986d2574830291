#include "media/decode/channel_line.h"

#include <algorithm>
#include <span>

extern "C" {
#include <libavutil/channel_layout.h>
}

#include "media/decode/wire.h"

namespace rf::media {
namespace {

// Behind and beside the listener; they count by 1.41.
// Source: ITU-R BS.1770-4, table 3.
constexpr std::uint64_t kSurround = AV_CH_BACK_LEFT | AV_CH_BACK_CENTER | AV_CH_BACK_RIGHT |
                                    AV_CH_TOP_BACK_LEFT | AV_CH_TOP_BACK_CENTER |
                                    AV_CH_TOP_BACK_RIGHT | AV_CH_SIDE_LEFT | AV_CH_SIDE_RIGHT |
                                    AV_CH_SURROUND_DIRECT_LEFT | AV_CH_SURROUND_DIRECT_RIGHT;
// The same, table 3: low frequency effects do not count.
constexpr std::uint64_t kUnheard = AV_CH_LOW_FREQUENCY | AV_CH_LOW_FREQUENCY_2;

class Layout {
 public:
  explicit Layout(const AVFrame& frame) {
    if (frame.ch_layout.order == AV_CHANNEL_ORDER_NATIVE) {
      copied_ = av_channel_layout_copy(&layout_, &frame.ch_layout) >= 0;
    } else {
      av_channel_layout_default(&layout_, frame.ch_layout.nb_channels);
    }
  }
  explicit Layout(std::uint64_t mask) {
    copied_ = av_channel_layout_from_mask(&layout_, mask) >= 0;
  }
  Layout(const Layout&) = delete;
  Layout& operator=(const Layout&) = delete;
  ~Layout() { av_channel_layout_uninit(&layout_); }

  bool known() const { return copied_ && layout_.order == AV_CHANNEL_ORDER_NATIVE; }
  AVChannelLayout& get() { return layout_; }  // The library asks for it unguarded, to read.

 private:
  AVChannelLayout layout_{};
  bool copied_ = true;
};

}  // namespace

Status ChannelLine::add(const AVFrame& frame, double t_s) {
  if (frame.nb_samples <= 0 || frame.sample_rate <= 0 || t_s < 0) return {};
  const bool same = converter_ != nullptr && frame.sample_rate == source_rate_hz_ &&
                    frame.format == source_format_ &&
                    frame.ch_layout.nb_channels == source_channels_;
  if (!same && !open(frame)) return {};
  const int room = swr_get_out_samples(converter_.get(), frame.nb_samples);
  if (room <= 0) return {};
  buffer_.resize(static_cast<std::size_t>(room) * static_cast<std::size_t>(format_->channels));
  auto* out = reinterpret_cast<std::uint8_t*>(buffer_.data());
  const bool planar = av_sample_fmt_is_planar(static_cast<AVSampleFormat>(source_format_)) == 1;
  planes_.clear();
  for (int i = 0; i < (planar ? source_channels_ : 1); ++i) {
    planes_.push_back(frame.extended_data[i]);
  }
  const int got = swr_convert(converter_.get(), &out, room, planes_.data(), frame.nb_samples);
  return got > 0 ? put(got) : Status{};
}

// False: there is no way to the channels that are given.
bool ChannelLine::open(const AVFrame& frame) {
  converter_.reset();
  source_rate_hz_ = frame.sample_rate;
  source_format_ = frame.format;
  source_channels_ = frame.ch_layout.nb_channels;
  Layout source(frame);
  if (!source.known() || !fix_format(frame, source.get())) return false;
  Layout target(layout_);
  if (!target.known()) return false;
  SwrContext* made = nullptr;
  const int status =
      swr_alloc_set_opts2(&made, &target.get(), AV_SAMPLE_FMT_FLT, format_->rate_hz, &source.get(),
                          static_cast<AVSampleFormat>(frame.format), frame.sample_rate, 0, nullptr);
  Av<SwrContext> converter(made);
  if (status < 0 || swr_init(made) < 0) return false;
  converter_ = std::move(converter);
  return true;
}

// The first frame says in what everything is given.
bool ChannelLine::fix_format(const AVFrame& frame, const AVChannelLayout& source) {
  if (format_) return true;
  if (source.nb_channels < 1 || source.nb_channels > kChannelsMax) return false;
  if (frame.sample_rate < kChannelRateMin || frame.sample_rate > kChannelRateMax) return false;
  ChannelSamples format{.rate_hz = frame.sample_rate, .channels = source.nb_channels};
  for (int i = 0; i < source.nb_channels; ++i) {
    const AVChannel channel =
        av_channel_layout_channel_from_index(&source, static_cast<unsigned>(i));
    const std::uint64_t bit = channel >= 0 && channel < 64 ? std::uint64_t{1} << channel : 0;
    if ((bit & kSurround) != 0) format.surround |= 1U << static_cast<unsigned>(i);
    if ((bit & kUnheard) != 0) format.unheard |= 1U << static_cast<unsigned>(i);
  }
  layout_ = source.u.mask;
  format_ = format;
  return true;
}

Status ChannelLine::put(int frames) {
  const auto channels = static_cast<std::size_t>(format_->channels);
  const std::size_t piece = wire::kSamplesMax / channels * channels;
  std::span<const float> rest =
      std::span(buffer_).first(static_cast<std::size_t>(frames) * channels);
  while (!rest.empty()) {
    ChannelSamples samples = *format_;
    samples.interleaved = rest.first(std::min(piece, rest.size()));
    RF_TRY(sink_(samples));
    rest = rest.subspan(samples.interleaved.size());
  }
  return {};
}

}  // namespace rf::media
