#include "media/decode/scaler.h"

#include <algorithm>
#include <array>
#include <cstring>

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <fmt/format.h>

#include "base/check.h"

namespace rf::media {
namespace {

AVPixelFormat format_of(const AVFrame& frame) { return static_cast<AVPixelFormat>(frame.format); }

const AVPixFmtDescriptor& describe(const AVFrame& frame) {
  const AVPixFmtDescriptor* found = av_pix_fmt_desc_get(format_of(frame));
  RF_CHECK(found != nullptr);
  return *found;
}

// Whole numbers in this machine's order, not colours of a palette.
bool plain_samples(const AVPixFmtDescriptor& format) {
  constexpr std::uint64_t kOther =
      AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM |
      AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_FLOAT;
  return (format.flags & kOther) == 0;
}

bool own_plane(const AVPixFmtDescriptor& format, int component) {
  const AVComponentDescriptor& found = format.comp[component];
  return found.plane == component && found.offset == 0 && found.shift == 0 &&
         found.step == (found.depth + 7) / 8 && found.depth >= 8 && found.depth <= 16;
}

bool has_luma_plane(const AVPixFmtDescriptor& format) {
  return plain_samples(format) && own_plane(format, 0);
}

// Can be made smaller plane by plane and keep its format.
bool has_own_planes(const AVPixFmtDescriptor& format) {
  if (!plain_samples(format) || (format.flags & AV_PIX_FMT_FLAG_ALPHA) != 0) return false;
  for (int i = 0; i < format.nb_components; ++i) {
    if (!own_plane(format, i) || format.comp[i].depth != format.comp[0].depth) return false;
  }
  return true;
}

bool is_full_range(const AVFrame& frame) {
  switch (format_of(frame)) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ411P: return true;
    default: return frame.color_range == AVCOL_RANGE_JPEG;
  }
}

// A film that does not say is taken as its size suggests, like players do.
int space_of(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_BT709:
    case AVCOL_SPC_SMPTE240M:
    case AVCOL_SPC_FCC:
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M: return frame.colorspace;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL: return SWS_CS_BT2020;
    default: return std::max(frame.width, frame.height) >= 1280 ? SWS_CS_ITU709 : SWS_CS_ITU601;
  }
}

Light light_of(const AVFrame& frame) {
  if (frame.color_trc == AVCOL_TRC_SMPTE2084) return Light::pq;
  if (frame.color_trc == AVCOL_TRC_ARIB_STD_B67) return Light::hlg;
  return Light::sdr;
}

// Limited range, 16 to 235, to 0 to 255: v 255/219, as v + v 36/219 in words of 16 bits. The factor
// is 2^17 36/219, up to where all 220 values are those of exact division.
void spread_range(std::span<std::uint8_t> grey) {
  constexpr std::uint32_t kFactor = 21546;
  for (std::uint8_t& each : grey) {
    const auto value =
        static_cast<std::uint16_t>(std::clamp<std::uint16_t>(each, 16, 235) - std::uint16_t{16});
    const auto twice = static_cast<std::uint16_t>((value * kFactor) >> 16U);
    each = static_cast<std::uint8_t>(value + (twice + 1) / 2);
  }
}

template <typename Sample>
Plane<const Sample> plane_of(const AVFrame& frame, int number, int width, int height) {
  return {.samples = reinterpret_cast<const Sample*>(frame.data[number]),
          .stride = frame.linesize[number] / static_cast<std::ptrdiff_t>(sizeof(Sample)),
          .width = width,
          .height = height};
}

template <typename Sample>
void shrink_planes(Shrinker& shrinker, const AVFrame& from, int factor, AVFrame& to) {
  const AVPixFmtDescriptor& format = describe(from);
  for (int i = 0; i < format.nb_components; ++i) {
    const bool chroma = i > 0;
    const int across = chroma ? format.log2_chroma_w : 0;
    const int down = chroma ? format.log2_chroma_h : 0;
    const auto source = plane_of<Sample>(from, i, AV_CEIL_RSHIFT(from.width, across),
                                         AV_CEIL_RSHIFT(from.height, down));
    shrinker.shrink(source, factor,
                    {.samples = reinterpret_cast<Sample*>(to.data[i]),
                     .stride = to.linesize[i] / static_cast<std::ptrdiff_t>(sizeof(Sample)),
                     .width = AV_CEIL_RSHIFT(to.width, across),
                     .height = AV_CEIL_RSHIFT(to.height, down)});
  }
}

// A frame with memory of its own for that format and size; the one at hand when it fits.
Status fit(Av<AVFrame>& frame, int format, int width, int height) {
  if (frame != nullptr && frame->format == format && frame->width == width &&
      frame->height == height) {
    return {};
  }
  frame.reset(av_frame_alloc());
  if (frame == nullptr) return av_error("scaling a picture", AVERROR(ENOMEM));
  frame->format = format;
  frame->width = width;
  frame->height = height;
  if (const int got = av_frame_get_buffer(frame.get(), 64); got < 0) {
    return av_error("scaling a picture", got);
  }
  return {};
}

void copy_rows(const AVFrame& from, std::size_t row_bytes, std::span<std::uint8_t> to) {
  for (int y = 0; y < from.height; ++y) {
    std::memcpy(to.data() + static_cast<std::size_t>(y) * row_bytes,
                from.data[0] + std::ptrdiff_t{y} * from.linesize[0], row_bytes);
  }
}

}  // namespace

Scaler::Scaler(PictureSize target, Orientation orientation)
    : target_(target), stored_(target), orientation_(orientation) {
  if (orientation.transposed) std::swap(stored_.width, stored_.height);
}

std::size_t Scaler::bytes() const {
  return static_cast<std::size_t>(target_.width) * static_cast<std::size_t>(target_.height) *
         static_cast<std::size_t>(target_.channels);
}

Status Scaler::scale(const AVFrame& frame, std::span<std::uint8_t> to) {
  RF_CHECK(to.size() == bytes());
  if (orientation_.upright()) return scale_stored(frame, to);
  unturned_.resize(bytes());
  RF_TRY(scale_stored(frame, unturned_));
  turn_picture(unturned_, stored_, orientation_, to);
  return {};
}

Status Scaler::scale_stored(const AVFrame& frame, std::span<std::uint8_t> to) {
  if (av_pix_fmt_desc_get(format_of(frame)) == nullptr || frame.width <= 0 || frame.height <= 0) {
    return fail(ErrorCode::unsupported, "a picture has no known format");
  }
  const Light light = light_of(frame);
  if (light != Light::sdr) return scale_light(frame, light, to);
  if (stored_.channels == 1 && has_luma_plane(describe(frame))) return scale_luma(frame, to);
  return scale_colour(frame, to);
}

int Scaler::factor_for(const AVFrame& frame) const {
  const int factor = std::min(frame.width / stored_.width, frame.height / stored_.height);
  return std::clamp(factor, 1, kFactorMax);
}

// Grey needs only the luma, which is a plane of its own in nearly every film.
Status Scaler::scale_luma(const AVFrame& frame, std::span<std::uint8_t> to) {
  const int factor = factor_for(frame);
  const int width = frame.width / factor;
  const int height = frame.height / factor;
  const int depth = describe(frame).comp[0].depth;
  const bool fits = width == stored_.width && height == stored_.height;
  if (!fits) RF_TRY(fit(small_, AV_PIX_FMT_GRAY8, width, height));
  const Plane<std::uint8_t> out{.samples = fits ? to.data() : small_->data[0],
                                .stride = fits ? width : small_->linesize[0],
                                .width = width,
                                .height = height};
  if (depth == 8) {
    shrinker_.shrink(plane_of<std::uint8_t>(frame, 0, frame.width, frame.height), factor, out);
  } else {
    wide_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    shrinker_.shrink(plane_of<std::uint16_t>(frame, 0, frame.width, frame.height), factor,
                     {.samples = wide_.data(), .stride = width, .width = width, .height = height});
    for (int y = 0; y < height; ++y) {
      const std::uint16_t* from = wide_.data() + std::ptrdiff_t{y} * width;
      for (int x = 0; x < width; ++x) {
        out.samples[y * out.stride + x] = static_cast<std::uint8_t>(from[x] >> (depth - 8));
      }
    }
  }
  if (!fits) {
    const AVFrame* found = RF_TRY(converted(*small_, AV_PIX_FMT_GRAY8));
    copy_rows(*found, static_cast<std::size_t>(stored_.width), to);
  }
  if (!is_full_range(frame)) spread_range(to);
  return {};
}

Status Scaler::scale_colour(const AVFrame& frame, std::span<std::uint8_t> to) {
  const AVFrame* small = RF_TRY(shrunk(frame));
  const AVPixelFormat wanted = stored_.channels == 1 ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_BGR24;
  const AVFrame* found = RF_TRY(converted(*small, wanted));
  copy_rows(*found,
            static_cast<std::size_t>(stored_.width) * static_cast<std::size_t>(stored_.channels),
            to);
  return {};
}

Status Scaler::scale_light(const AVFrame& frame, Light light, std::span<std::uint8_t> to) {
  if (!tone_ || tone_light_ != light) tone_.emplace(light);
  tone_light_ = light;
  const AVFrame* small = RF_TRY(shrunk(frame));
  const AVFrame* found = RF_TRY(converted(*small, AV_PIX_FMT_RGB48LE));
  const std::size_t row = static_cast<std::size_t>(stored_.width);
  for (int y = 0; y < stored_.height; ++y) {
    const auto* rgb = reinterpret_cast<const std::uint16_t*>(
        found->data[0] + std::ptrdiff_t{y} * found->linesize[0]);
    const std::size_t bytes = row * static_cast<std::size_t>(stored_.channels);
    const auto out = to.subspan(static_cast<std::size_t>(y) * bytes, bytes);
    if (stored_.channels == 1) {
      tone_->to_grey({rgb, 3 * row}, out);
    } else {
      tone_->to_bgr({rgb, 3 * row}, out);
    }
  }
  return {};
}

Result<const AVFrame*> Scaler::shrunk(const AVFrame& frame) {
  const int factor = factor_for(frame);
  const AVPixFmtDescriptor& format = describe(frame);
  if (factor == 1 || !has_own_planes(format)) return &frame;
  RF_TRY(fit(small_, frame.format, frame.width / factor, frame.height / factor));
  small_->color_range = frame.color_range;
  small_->colorspace = static_cast<AVColorSpace>(space_of(frame));
  if (format.comp[0].depth == 8) {
    shrink_planes<std::uint8_t>(shrinker_, frame, factor, *small_);
  } else {
    shrink_planes<std::uint16_t>(shrinker_, frame, factor, *small_);
  }
  return small_.get();
}

// Scales what is left to scale, and converts.
Result<const AVFrame*> Scaler::converted(const AVFrame& from, AVPixelFormat format) {
  RF_TRY(prepare({.format = from.format,
                  .width = from.width,
                  .height = from.height,
                  .out_format = format,
                  .space = space_of(from),
                  .full_range = is_full_range(from)}));
  RF_TRY(fit(converted_, format, stored_.width, stored_.height));
  const int rows = sws_scale(sws_.get(), from.data, from.linesize, 0, from.height, converted_->data,
                             converted_->linesize);
  if (rows < 0) return av_error("a picture cannot be scaled", rows);
  return converted_.get();
}

Status Scaler::prepare(const Key& key) {
  if (sws_ != nullptr && key == key_) return {};
  key_ = key;
  const auto from = static_cast<AVPixelFormat>(key.format);
  const auto to = static_cast<AVPixelFormat>(key.out_format);
  sws_.reset(sws_getContext(key.width, key.height, from, stored_.width, stored_.height, to,
                            SWS_BILINEAR, nullptr, nullptr, nullptr));
  if (sws_ == nullptr) {
    const char* name = av_get_pix_fmt_name(from);
    return fail(ErrorCode::unsupported, fmt::format("pictures of format {} cannot be converted",
                                                    name == nullptr ? "?" : name));
  }
  constexpr int kOne = 1 << 16;
  // Fails for formats without such details, which then need none.
  static_cast<void>(
      sws_setColorspaceDetails(sws_.get(), sws_getCoefficients(key.space), key.full_range ? 1 : 0,
                               sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, kOne, kOne));
  return {};
}

}  // namespace rf::media
