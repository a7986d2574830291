#include "media/film_writer.h"

#include <algorithm>
#include <utility>
#include <vector>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
}

#include <fmt/format.h>

#include "media/decode/av.h"

namespace rf::media {
namespace {

constexpr int kSideMax = 4320;
constexpr std::int64_t kAudioBits = 96'000;

// Makes every message of an encoder less important than any that is shown: it has nothing to tell
// that is not in our errors. Beyond a byte FFmpeg reads it as a colour.
constexpr int kSilent = 100;

// What the container writes to; closed by whoever opened it.
struct CloseOutput {
  void operator()(AVFormatContext* format) const {
    avio_closep(&format->pb);
    avformat_free_context(format);
  }
};

Status check(const FilmFormat& format) {
  const bool sides = format.width > 0 && format.height > 0 && format.width % 2 == 0 &&
                     format.height % 2 == 0 && std::max(format.width, format.height) <= kSideMax;
  if (sides && format.fps > 0 && format.fps <= 240 && format.audio_rate_hz >= 0 &&
      (format.audio_channels == 1 || format.audio_channels == 2)) {
    return {};
  }
  return fail(ErrorCode::invalid,
              fmt::format("a film of {}x{} at {} pictures a second; expected even sides up to {} "
                          "and 1 to 240 pictures",
                          format.width, format.height, format.fps, kSideMax));
}

// What the disk or the container refuses; encoders refuse nothing that was checked.
Error writing_error(std::string_view what, int code) {
  return {ErrorCode::unavailable, av_error(what, code).message};
}

struct Stream {
  Av<AVCodecContext> codec;
  Av<AVFrame> frame;
  AVStream* stream = nullptr;
  std::int64_t next = 0;  // Time stamp of the next frame, in the codec's time base.
};

Result<Av<AVFrame>> picture_buffer(const FilmFormat& format) {
  Av<AVFrame> frame(av_frame_alloc());
  if (!frame) return fail(ErrorCode::over_limit, "no memory for a picture");
  frame->format = AV_PIX_FMT_YUV420P;
  frame->width = format.width;
  frame->height = format.height;
  const int code = av_frame_get_buffer(frame.get(), 0);
  if (code < 0) return av_error("a picture's memory", code);
  return frame;
}

Result<Av<AVFrame>> sound_buffer(const AVCodecContext& codec) {
  Av<AVFrame> frame(av_frame_alloc());
  if (!frame) return fail(ErrorCode::over_limit, "no memory for sound");
  frame->format = codec.sample_fmt;
  frame->sample_rate = codec.sample_rate;
  frame->nb_samples = codec.frame_size;
  const int copied = av_channel_layout_copy(&frame->ch_layout, &codec.ch_layout);
  if (copied < 0) return av_error("a sound's channels", copied);
  const int code = av_frame_get_buffer(frame.get(), 0);
  if (code < 0) return av_error("a sound's memory", code);
  return frame;
}

// x264 alone makes the same bytes whatever else the machine does: one thread, no look at the time.
Result<Stream> video_stream(AVFormatContext& out, const FilmFormat& format) {
  const AVCodec* encoder = avcodec_find_encoder_by_name("libx264");
  if (encoder == nullptr) {
    return fail(ErrorCode::unsupported,
                "this FFmpeg has no H.264 encoder; install Debian's libavcodec59 or -extra");
  }
  Stream video{.codec = Av<AVCodecContext>(avcodec_alloc_context3(encoder))};
  AVCodecContext& codec = *video.codec;
  codec.log_level_offset = kSilent;
  codec.width = format.width;
  codec.height = format.height;
  codec.pix_fmt = AV_PIX_FMT_YUV420P;
  codec.time_base = {1, format.fps};
  codec.framerate = {format.fps, 1};
  codec.gop_size = 2 * format.fps;
  codec.thread_count = 1;
  codec.flags |= AV_CODEC_FLAG_BITEXACT;
  codec.color_range = AVCOL_RANGE_MPEG;
  codec.colorspace = AVCOL_SPC_SMPTE170M;
  if ((out.oformat->flags & AVFMT_GLOBALHEADER) != 0) codec.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  av_opt_set(codec.priv_data, "preset", "ultrafast", 0);
  av_opt_set_int(codec.priv_data, "crf", format.quality, 0);
  const int code = avcodec_open2(&codec, encoder, nullptr);
  if (code < 0) return av_error("the H.264 encoder", code);
  video.frame = RF_TRY(picture_buffer(format));
  video.stream = avformat_new_stream(&out, nullptr);
  if (video.stream == nullptr) return fail(ErrorCode::over_limit, "no memory for a stream");
  video.stream->time_base = codec.time_base;
  video.stream->avg_frame_rate = codec.framerate;
  avcodec_parameters_from_context(video.stream->codecpar, &codec);
  return video;
}

Result<Stream> audio_stream(AVFormatContext& out, const FilmFormat& format) {
  const AVCodec* encoder = avcodec_find_encoder(AV_CODEC_ID_AAC);
  if (encoder == nullptr) return fail(ErrorCode::unsupported, "this FFmpeg has no AAC encoder");
  Stream audio{.codec = Av<AVCodecContext>(avcodec_alloc_context3(encoder))};
  AVCodecContext& codec = *audio.codec;
  codec.log_level_offset = kSilent;
  codec.sample_rate = format.audio_rate_hz;
  codec.sample_fmt = AV_SAMPLE_FMT_FLTP;
  av_channel_layout_default(&codec.ch_layout, format.audio_channels);
  codec.bit_rate = kAudioBits * format.audio_channels;
  codec.time_base = {1, format.audio_rate_hz};
  codec.thread_count = 1;
  codec.flags |= AV_CODEC_FLAG_BITEXACT;
  if ((out.oformat->flags & AVFMT_GLOBALHEADER) != 0) codec.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  const int code = avcodec_open2(&codec, encoder, nullptr);
  if (code < 0) return fail(ErrorCode::invalid, av_error("the AAC encoder", code).message);
  audio.frame = RF_TRY(sound_buffer(codec));
  audio.stream = avformat_new_stream(&out, nullptr);
  if (audio.stream == nullptr) return fail(ErrorCode::over_limit, "no memory for a stream");
  audio.stream->time_base = codec.time_base;
  avcodec_parameters_from_context(audio.stream->codecpar, &codec);
  return audio;
}

}  // namespace

struct FilmWriter::Parts {
  FilmFormat format;
  std::unique_ptr<AVFormatContext, CloseOutput> out;
  Av<SwsContext> scaler;
  Av<AVPacket> packet;
  Stream video;
  Stream audio;                // Without a codec where the film is silent.
  std::vector<float> waiting;  // Samples that do not fill a frame yet.

  // Sends one frame, or none at the end, and writes what comes out.
  Status encode(Stream& stream, const AVFrame* frame) {
    int code = avcodec_send_frame(stream.codec.get(), frame);
    while (code >= 0) {
      code = avcodec_receive_packet(stream.codec.get(), packet.get());
      if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
      if (code < 0) break;
      if (packet->duration == 0 && &stream == &video) packet->duration = 1;
      av_packet_rescale_ts(packet.get(), stream.codec->time_base, stream.stream->time_base);
      packet->stream_index = stream.stream->index;
      code = av_interleaved_write_frame(out.get(), packet.get());
    }
    return writing_error("writing a film", code);
  }

  // The first `count` samples that wait; a short last frame is told to be short.
  Status encode_sound(std::size_t count) {
    AVFrame& frame = *audio.frame;
    const int code = av_frame_make_writable(&frame);
    if (code < 0) return writing_error("a sound's memory", code);
    frame.nb_samples = static_cast<int>(count);
    // FLTP keeps each channel's samples as floats.
    for (int side = 0; side < format.audio_channels; ++side) {
      std::copy_n(waiting.begin(), count, reinterpret_cast<float*>(frame.data[side]));
    }
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(count));
    frame.pts = audio.next;
    audio.next += static_cast<std::int64_t>(count);
    return encode(audio, &frame);
  }
};

FilmWriter::FilmWriter(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
FilmWriter::FilmWriter(FilmWriter&&) noexcept = default;
FilmWriter& FilmWriter::operator=(FilmWriter&&) noexcept = default;
FilmWriter::~FilmWriter() = default;

Result<FilmWriter> FilmWriter::open(const std::string& path, const FilmFormat& format) {
  RF_TRY(check(format));
  auto parts = std::make_unique<Parts>();
  parts->format = format;
  AVFormatContext* raw = nullptr;
  int code = avformat_alloc_output_context2(&raw, nullptr, "mp4", path.c_str());
  if (code < 0) return av_error("the MP4 writer", code);
  parts->out.reset(raw);
  raw->flags |= AVFMT_FLAG_BITEXACT;  // No version and no time in the file.
  // The container tells of its second pass on the error stream, and has no level of its own.
  av_log_set_level(std::min(av_log_get_level(), AV_LOG_WARNING));
  parts->packet.reset(av_packet_alloc());
  parts->scaler.reset(sws_getContext(format.width, format.height, AV_PIX_FMT_BGR24, format.width,
                                     format.height, AV_PIX_FMT_YUV420P,
                                     SWS_BILINEAR | SWS_BITEXACT | SWS_ACCURATE_RND, nullptr,
                                     nullptr, nullptr));
  if (!parts->packet || !parts->scaler) return fail(ErrorCode::over_limit, "no memory for a film");
  parts->video = RF_TRY(video_stream(*raw, format));
  if (format.audio_rate_hz > 0) parts->audio = RF_TRY(audio_stream(*raw, format));
  code = avio_open(&raw->pb, path.c_str(), AVIO_FLAG_WRITE);
  // The index first, so that a film plays before all of it is there.
  if (code >= 0) code = av_opt_set(raw->priv_data, "movflags", "+faststart", 0);
  if (code >= 0) code = avformat_write_header(raw, nullptr);
  if (code < 0) return writing_error(fmt::format("'{}'", path), code);
  return FilmWriter(std::move(parts));
}

Status FilmWriter::add_picture(std::span<const std::uint8_t> bgr) {
  const FilmFormat& format = parts_->format;
  const auto row = static_cast<std::size_t>(format.width) * 3;
  if (bgr.size() != row * static_cast<std::size_t>(format.height)) {
    return fail(ErrorCode::invalid, fmt::format("a picture of {} bytes; expected {}x{}x3",
                                                bgr.size(), format.height, format.width));
  }
  AVFrame& frame = *parts_->video.frame;
  const int code = av_frame_make_writable(&frame);
  if (code < 0) return writing_error("a picture's memory", code);
  const std::uint8_t* const from[] = {bgr.data()};
  const int stride[] = {static_cast<int>(row)};
  sws_scale(parts_->scaler.get(), from, stride, 0, format.height, frame.data, frame.linesize);
  frame.pts = parts_->video.next++;
  return parts_->encode(parts_->video, &frame);
}

Status FilmWriter::add_samples(std::span<const float> mono) {
  if (!parts_->audio.codec) return fail(ErrorCode::invalid, "the film was opened as a silent one");
  parts_->waiting.insert(parts_->waiting.end(), mono.begin(), mono.end());
  const auto frame = static_cast<std::size_t>(parts_->audio.codec->frame_size);
  while (parts_->waiting.size() >= frame) RF_TRY(parts_->encode_sound(frame));
  return {};
}

Status FilmWriter::finish() {
  if (parts_->audio.codec) {
    if (!parts_->waiting.empty()) RF_TRY(parts_->encode_sound(parts_->waiting.size()));
    RF_TRY(parts_->encode(parts_->audio, nullptr));
  }
  RF_TRY(parts_->encode(parts_->video, nullptr));
  const int code = av_write_trailer(parts_->out.get());
  if (code < 0) return writing_error("ending a film", code);
  const int closed = avio_closep(&parts_->out->pb);
  if (closed < 0) return writing_error("ending a film", closed);
  return {};
}

}  // namespace rf::media
