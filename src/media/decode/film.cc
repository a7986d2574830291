#include "media/decode/film.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdarg>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

extern "C" {
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
}

#include <fmt/format.h>

namespace rf::media {
namespace {

// Chosen: one read of a page-cache-friendly size; FFmpeg's own default for files.
constexpr int kReadBytes = 32768;

// FFmpeg tells of too many streams, and of most damage to pictures, in its log only.
std::atomic<bool> too_many_streams = false;
std::atomic<bool> damage = false;

// Called from any thread of a decoder.
void overhear(void* speaker, int level, const char* format, va_list) {
  if (std::strstr(format, "max_streams") != nullptr) too_many_streams = true;
  if (level > AV_LOG_ERROR || speaker == nullptr) return;
  const AVClass* kind = *static_cast<const AVClass**>(speaker);
  if (kind != avcodec_get_class()) return;
  if (static_cast<const AVCodecContext*>(speaker)->codec_type == AVMEDIA_TYPE_VIDEO) damage = true;
}

int read_film(void* opaque, std::uint8_t* into, int bytes) {
  auto& reader = *static_cast<FilmReader*>(opaque);
  const std::int64_t count =
      reader.source->read_at(reader.position, {into, static_cast<std::size_t>(bytes)});
  if (count < 0) return AVERROR(EIO);
  if (count == 0) return AVERROR_EOF;
  reader.position += count;
  return static_cast<int>(count);
}

std::int64_t seek_film(void* opaque, std::int64_t offset, int whence) {
  auto& reader = *static_cast<FilmReader*>(opaque);
  const std::int64_t size = reader.source->size();
  std::int64_t target = offset;
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE: return size;
    case SEEK_CUR:
      if (__builtin_add_overflow(reader.position, offset, &target)) return AVERROR(EINVAL);
      break;
    case SEEK_END:
      if (__builtin_add_overflow(size, offset, &target)) return AVERROR(EINVAL);
      break;
    default: break;
  }
  if (target < 0) return AVERROR(EINVAL);
  reader.position = target;
  return target;
}

// A playlist's other files, a picture sequence's neighbours: there are none.
int refuse_file(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EACCES);
}

bool has_size(const AVCodecParameters& codec, int side_px_max) {
  return codec.width > 0 && codec.height > 0 && codec.width <= side_px_max &&
         codec.height <= side_px_max;
}

Status check_streams(const AVFormatContext& format, const Limits& limits) {
  if (std::cmp_greater(format.nb_streams, limits.streams_max)) {
    return fail(ErrorCode::over_limit, fmt::format("holds {} streams; at most {} are looked at",
                                                   format.nb_streams, limits.streams_max));
  }
  for (const AVStream* stream : std::span(format.streams, format.nb_streams)) {
    const AVCodecParameters& codec = *stream->codecpar;
    if (codec.codec_type == AVMEDIA_TYPE_VIDEO &&
        (codec.width > limits.side_px_max || codec.height > limits.side_px_max)) {
      return fail(ErrorCode::over_limit,
                  fmt::format("stream {} is {} x {} pixels; a side may have {}", stream->index,
                              codec.width, codec.height, limits.side_px_max));
    }
  }
  return {};
}

Status open_container(Film& film, const Limits& limits) {
  av_log_set_callback(overhear);
  too_many_streams = false;
  auto* buffer = static_cast<unsigned char*>(av_malloc(kReadBytes));
  film.io.reset(
      avio_alloc_context(buffer, kReadBytes, 0, film.reader.get(), read_film, nullptr, seek_film));
  AVFormatContext* format = avformat_alloc_context();
  if (film.io == nullptr || format == nullptr) return av_error("opening", AVERROR(ENOMEM));
  format->pb = film.io.get();
  format->flags |= AVFMT_FLAG_CUSTOM_IO;
  format->io_open = refuse_file;
  format->max_streams = limits.streams_max + 1;
  const int opened = avformat_open_input(&format, nullptr, nullptr, nullptr);  // Frees on failure.
  if (opened >= 0) film.format.reset(format);
  if (too_many_streams) {
    return fail(ErrorCode::over_limit,
                fmt::format("holds more than {} streams", limits.streams_max));
  }
  if (opened < 0) return av_error("the container cannot be read", opened);
  return check_streams(*format, limits);
}

// Decodes as much as is needed to know what the streams are.
Status look_into_streams(Film& film, const Limits& limits) {
  const std::size_t count = film.format->nb_streams;
  std::vector<AVDictionary*> options(count, nullptr);
  const std::int64_t pixels_max = std::int64_t{limits.side_px_max} * limits.side_px_max;
  for (AVDictionary*& each : options) av_dict_set_int(&each, "max_pixels", pixels_max, 0);
  const int found = avformat_find_stream_info(film.format.get(), options.data());
  for (AVDictionary*& each : options) av_dict_free(&each);
  if (found < 0) return av_error("the streams cannot be read", found);
  return check_streams(*film.format, limits);
}

// Covers and thumbnails are pictures of the film, not the film.
bool is_film_picture(const AVStream& stream) {
  constexpr int kStills = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS;
  return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO && (stream.disposition & kStills) == 0;
}

// What a player would show first: the default stream, then the larger one, then the first.
std::int64_t rank_of(const AVStream& stream) {
  const AVCodecParameters& codec = *stream.codecpar;
  const std::int64_t is_default = (stream.disposition & AV_DISPOSITION_DEFAULT) != 0 ? 1 : 0;
  const std::int64_t known = codec.format >= 0 ? 2 : 0;
  const std::int64_t pixels = std::int64_t{codec.width} * codec.height;
  return ((known + is_default) << 40) + pixels;
}

AVStream* best_stream(const AVFormatContext& format, AVMediaType type, const Limits& limits) {
  AVStream* best = nullptr;
  for (AVStream* stream : std::span(format.streams, format.nb_streams)) {
    const AVCodecParameters& codec = *stream->codecpar;
    if (codec.codec_type != type || avcodec_find_decoder(codec.codec_id) == nullptr) continue;
    if (type == AVMEDIA_TYPE_VIDEO && !is_film_picture(*stream)) continue;
    if (type == AVMEDIA_TYPE_VIDEO && !has_size(codec, limits.side_px_max)) continue;
    if (best == nullptr || rank_of(*stream) > rank_of(*best)) best = stream;
  }
  return best;
}

Status open_decoder(Track& track, const FilmOptions& options) {
  const AVCodecParameters& parameters = *track.stream->codecpar;
  const AVCodec* decoder = avcodec_find_decoder(parameters.codec_id);
  track.codec.reset(avcodec_alloc_context3(decoder));
  if (track.codec == nullptr) return av_error("opening a decoder", AVERROR(ENOMEM));
  AVCodecContext& codec = *track.codec;
  if (const int copied = avcodec_parameters_to_context(&codec, &parameters); copied < 0) {
    return av_error("the stream's description cannot be used", copied);
  }
  codec.pkt_timebase = track.stream->time_base;
  codec.max_pixels = std::int64_t{options.limits.side_px_max} * options.limits.side_px_max;
  if (codec.codec_type == AVMEDIA_TYPE_VIDEO) {
    // By pictures only: by slices, some decoders conceal damage in another way.
    codec.thread_type = FF_THREAD_FRAME;
    codec.thread_count = options.threads;
    if (options.triage) codec.skip_frame = AVDISCARD_NONREF;
    if (options.vectors) codec.export_side_data |= AV_CODEC_EXPORT_DATA_MVS;
  } else {
    codec.thread_count = 1;
  }
  if (const int opened = avcodec_open2(&codec, decoder, nullptr); opened < 0) {
    return av_error(fmt::format("the {} decoder cannot start", decoder->name), opened);
  }
  return {};
}

std::string name_of(AVCodecID codec) { return avcodec_get_name(codec); }

double seconds(std::int64_t ticks, AVRational base) {
  return static_cast<double>(ticks) * base.num / base.den;
}

double duration_of(const Film& film) {
  for (const AVStream* stream : {film.picture.stream, film.sound.stream}) {
    if (stream != nullptr && !states_duration(*stream)) return 0;
  }
  if (film.format->duration != AV_NOPTS_VALUE && film.format->duration > 0) {
    return static_cast<double>(film.format->duration) / AV_TIME_BASE;
  }
  const AVStream* stream = film.picture.stream != nullptr ? film.picture.stream : film.sound.stream;
  if (stream != nullptr && stream->duration != AV_NOPTS_VALUE && stream->duration > 0) {
    return seconds(stream->duration, stream->time_base);
  }
  return 0;
}

double rate_of(const AVStream& stream) {
  for (const AVRational rate : {stream.avg_frame_rate, stream.r_frame_rate}) {
    // Above a thousand a second it is the clock of the container and no rate of pictures.
    if (rate.num > 0 && rate.den > 0 && av_q2d(rate) <= 1000) return av_q2d(rate);
  }
  return 0;
}

// A pixel may be wider than high; the picture is then shown wider, as players do.
// Units: a sane aspect is within 1:8 and 8:1; beyond, it is damage.
int shown_width_of(const Film& film, const Limits& limits) {
  const AVRational pixel =
      av_guess_sample_aspect_ratio(film.format.get(), film.picture.stream, nullptr);
  const int width = film.picture.stream->codecpar->width;
  if (pixel.num <= 0 || pixel.den <= 0) return width;
  const double aspect = av_q2d(pixel);
  if (aspect < 1.0 / 8 || aspect > 8) return width;
  const long shown = std::lround(width * aspect);
  return static_cast<int>(std::clamp<long>(shown, 1, limits.side_px_max));
}

void describe_picture(Film& film, const Limits& limits) {
  const AVStream& stream = *film.picture.stream;
  const AVCodecParameters& codec = *stream.codecpar;
  std::size_t bytes = 0;
  const std::uint8_t* matrix = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &bytes);
  if (matrix != nullptr && bytes >= 9 * sizeof(std::int32_t)) {
    std::array<std::int32_t, 9> numbers{};
    std::memcpy(numbers.data(), matrix, sizeof(numbers));
    film.orientation = orientation_of(numbers);
  }
  MediaFacts& facts = film.facts;
  facts.video_codec = name_of(codec.codec_id);
  const char* format = av_get_pix_fmt_name(static_cast<AVPixelFormat>(codec.format));
  facts.pixel_format = format == nullptr ? "" : format;
  facts.width = shown_width_of(film, limits);
  facts.height = codec.height;
  if (film.orientation.transposed) std::swap(facts.width, facts.height);
  facts.rotation_degrees = film.orientation.degrees();
  facts.hdr = codec.color_trc == AVCOL_TRC_SMPTE2084 || codec.color_trc == AVCOL_TRC_ARIB_STD_B67;
  facts.fps = rate_of(stream);
  const double nominal = stream.r_frame_rate.den > 0 ? av_q2d(stream.r_frame_rate) : 0;
  // The container's own two rates disagree; what was really there is known at the end.
  facts.variable_rate = facts.fps > 0 && nominal > 0 && std::abs(nominal / facts.fps - 1) > 0.02;
}

void describe(Film& film, const Limits& limits) {
  MediaFacts& facts = film.facts;
  facts.container = film.format->iformat->name;
  facts.bytes = film.reader->source->size();
  facts.duration_s = duration_of(film);
  if (film.picture.stream != nullptr) describe_picture(film, limits);
  if (film.sound.stream != nullptr) {
    const AVCodecParameters& codec = *film.sound.stream->codecpar;
    facts.audio_codec = name_of(codec.codec_id);
    facts.audio_rate_hz = codec.sample_rate;
    facts.audio_channels = codec.ch_layout.nb_channels;
  }
}

// What the film would have had, had it been whole or in a known codec.
void note_unusable(Film& film, const Limits& limits) {
  for (const AVStream* stream : std::span(film.format->streams, film.format->nb_streams)) {
    const AVCodecParameters& codec = *stream->codecpar;
    const bool picture = is_film_picture(*stream);
    if (!picture && codec.codec_type != AVMEDIA_TYPE_AUDIO) continue;
    if (avcodec_find_decoder(codec.codec_id) == nullptr) {
      film.problems.push_back(
          fmt::format("stream {}: no decoder for {}", stream->index, name_of(codec.codec_id)));
    } else if (picture && !has_size(codec, limits.side_px_max)) {
      film.problems.push_back(
          fmt::format("stream {}: the size of its pictures is unknown", stream->index));
    }
  }
}

// A track whose decoder does not start is lost; the other one is still worth having.
void start(Film& film, Track& track, const FilmOptions& options) {
  if (track.stream == nullptr) return;
  Status opened = open_decoder(track, options);
  if (opened) return;
  film.problems.push_back(
      fmt::format("stream {}: {}", track.stream->index, opened.error().message));
  track = {};
}

}  // namespace

bool heard_of_damage() { return damage; }

bool states_duration(const AVStream& stream) {
  // All bits set is how fragmented films say that they do not know. Source: ISO/IEC
  // 14496-12, 8.4.2.
  return stream.duration != std::int64_t{0xFFFFFFFF};
}

Result<Film> open_film(ByteSource& source, const FilmOptions& options) {
  Film film;
  film.reader = std::make_unique<FilmReader>(FilmReader{.source = &source});
  RF_TRY(open_container(film, options.limits));
  RF_TRY(look_into_streams(film, options.limits));
  film.picture.stream = best_stream(*film.format, AVMEDIA_TYPE_VIDEO, options.limits);
  film.sound.stream = best_stream(*film.format, AVMEDIA_TYPE_AUDIO, options.limits);
  note_unusable(film, options.limits);
  start(film, film.picture, options);
  start(film, film.sound, options);
  if (film.picture.stream == nullptr && film.sound.stream == nullptr) {
    return fail(ErrorCode::unsupported,
                film.problems.empty()
                    ? fmt::format("there is nothing to see or hear in this {} file",
                                  film.format->iformat->name)
                    : film.problems.front());
  }
  describe(film, options.limits);
  if (film.facts.duration_s > options.limits.duration_s_max) {
    return fail(ErrorCode::over_limit,
                fmt::format("lasts {:.0f} s; at most {:.0f} s are watched", film.facts.duration_s,
                            options.limits.duration_s_max));
  }
  for (AVStream* stream : std::span(film.format->streams, film.format->nb_streams)) {
    const bool wanted =
        stream == film.picture.stream || (options.sound && stream == film.sound.stream);
    if (!wanted) stream->discard = AVDISCARD_ALL;
  }
  damage = false;  // Looking into the streams has met it as well, and goes on.
  return film;
}

}  // namespace rf::media
