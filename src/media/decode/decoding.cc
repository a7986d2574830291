#include "media/decode/decoding.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <optional>
#include <utility>

extern "C" {
#include <libavutil/cpu.h>
}

#include <fmt/format.h>

#include "base/check.h"
#include "media/decode/channel_line.h"
#include "media/decode/film.h"
#include "media/decode/mono.h"
#include "media/decode/scaler.h"
#include "media/decode/tap_plan.h"
#include "media/decode/troubles.h"
#include "media/decode/vectors.h"
#include "media/decode/wire.h"

namespace rf::media {
namespace {

// Sound that is decoded before the first picture waits for it, as that sets time zero. Chosen: at
// 1024 samples a piece, over 20 s at 48 kHz; a film that starts later than that has no picture at
// its start.
constexpr std::size_t kWaitingMax = 1024;

// Threads of a decoder beyond this cost memory and save no time on small pictures.
constexpr int kThreadsMax = 8;

// How far pictures may end before the container says so. Chosen: above what muxers round.
constexpr double kShortS = 0.25;

// Intervals between pictures, counted by length, to tell a steady rate from a variable one.
class Rhythm {
 public:
  void add(std::int64_t ticks) {
    if (counts_.size() < kLengthsMax || counts_.count(ticks) > 0) ++counts_[ticks];
    ++total_;
  }
  // More than one interval in fifty is not the usual one, give or take the container's rounding.
  bool variable() const {
    if (total_ == 0) return false;
    const auto usual =
        std::max_element(counts_.begin(), counts_.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    const double slack = std::max(1.5, static_cast<double>(usual->first) * 0.1);
    std::int64_t steady = 0;
    for (const auto& [ticks, count] : counts_) {
      if (std::abs(static_cast<double>(ticks - usual->first)) <= slack) steady += count;
    }
    return (total_ - steady) * 50 > total_;
  }

 private:
  static constexpr std::size_t kLengthsMax = 256;
  std::map<std::int64_t, std::int64_t> counts_;
  std::int64_t total_ = 0;
};

int threads_for(const WatchOptions& options) {
  const int wanted = options.threads > 0 ? options.threads : av_cpu_count();
  return std::clamp(wanted, 1, kThreadsMax);
}

FilmOptions film_options(const WatchOptions& options, int threads) {
  return {.limits = options.limits,
          .sound = options.audio_rate_hz > 0,
          .triage = options.pace == Pace::triage,
          .vectors = options.vectors,
          .threads = threads};
}

class Decoding {
 public:
  Decoding(ByteSource& source, Film film, const WatchOptions& options, Outlet& outlet)
      : source_(source),
        film_(std::move(film)),
        options_(options),
        outlet_(outlet),
        threads_(threads_for(options)),
        plan_(film_.picture.stream == nullptr ? std::vector<Tap>() : options.taps, shown()),
        mono_(std::max(options.audio_rate_hz, 1),
              [this](std::int64_t first, auto mono) { return outlet_.put_samples(first, mono); }),
        channels_([this](const ChannelSamples& samples) { return outlet_.put_channels(samples); }) {
    for (const PlannedSize& each : plan_.sizes()) {
      scalers_.emplace_back(each.size, film_.orientation);
    }
  }

  Result<Ending> run() {
    packet_.reset(av_packet_alloc());
    frame_.reset(av_frame_alloc());
    if (packet_ == nullptr || frame_ == nullptr) return av_error("decoding", AVERROR(ENOMEM));
    RF_TRY(outlet_.begin(film_.facts));
    RF_TRY(read_all());
    if (wants_one_thread()) {
      RF_TRY(start_again());
      RF_TRY(read_all());
    }
    if (hears()) RF_TRY(feed(film_.sound, nullptr));
    if (!zero_s_) RF_TRY(set_zero(first_sound_s_));
    if (hears()) RF_TRY(mono_.finish());
    return ending();
  }

 private:
  PictureSize shown() const {
    return {.width = std::max(film_.facts.width, 1), .height = std::max(film_.facts.height, 1)};
  }

  bool hears() const { return options_.audio_rate_hz > 0 && film_.sound.stream != nullptr; }

  // Many threads conceal damage differently from run to run, and one thread does not.
  bool wants_one_thread() const { return threads_ > 1 && (damaged_ || heard_of_damage()); }

  // The film from its start with one thread. Pictures that were given are not given again: what
  // came before the decoder complained was whole. Sound goes on where it is.
  Status start_again() {
    threads_ = 1;
    Film fresh = RF_TRY(open_film(source_, film_options(options_, threads_)));
    fresh.sound.codec = std::move(film_.sound.codec);
    const Film old = std::exchange(film_, std::move(fresh));
    given_ = frames_;
    frames_ = 0;
    sound_packets_given_ = std::exchange(sound_packets_, 0);
    first_ticks_.reset();
    last_ticks_.reset();
    size_changed_at_s_.reset();
    troubles_ = {};
    rhythm_ = {};
    now_s_ = end_s_ = 0;
    cut_off_ = damaged_ = false;
    return {};
  }

  Status read_all() {
    while (!cut_off_ && !wants_one_thread()) {
      const int got = av_read_frame(film_.format.get(), packet_.get());
      if (got == AVERROR_EOF) break;
      if (got < 0) {
        troubles_.note("reading stopped, " + av_error("the film", got).message, now_s_);
        break;
      }
      Status status = take_packet();
      av_packet_unref(packet_.get());
      RF_TRY(std::move(status));
    }
    if (film_.picture.stream == nullptr || wants_one_thread()) return {};
    return feed(film_.picture, nullptr);
  }

  Status take_packet() {
    if ((packet_->flags & AV_PKT_FLAG_CORRUPT) != 0) {
      troubles_.note("a piece of the film is cut short", now_s_);
    }
    if (film_.picture.stream != nullptr && packet_->stream_index == film_.picture.stream->index) {
      return feed(film_.picture, packet_.get());
    }
    if (hears() && packet_->stream_index == film_.sound.stream->index) {
      if (++sound_packets_ <= sound_packets_given_) return {};
      return feed(film_.sound, packet_.get());
    }
    return {};
  }

  // nullptr: no more packets; give what is still held.
  Status feed(Track& track, const AVPacket* packet) {
    int sent = avcodec_send_packet(track.codec.get(), packet);
    if (sent == AVERROR(EAGAIN)) {
      RF_TRY(drain(track));
      sent = avcodec_send_packet(track.codec.get(), packet);
    }
    if (sent < 0 && sent != AVERROR_EOF) note_undecodable(track, sent);
    return drain(track);
  }

  Status drain(Track& track) {
    while (true) {
      const int got = avcodec_receive_frame(track.codec.get(), frame_.get());
      if (got == AVERROR(EAGAIN) || got == AVERROR_EOF) return {};
      if (got < 0) {
        note_undecodable(track, got);
        // A decoder whose threads failed reports each failure once; the next call goes on.
        if (++failures_in_a_row_ > kThreadsMax) return {};
        continue;
      }
      failures_in_a_row_ = 0;
      Status status = &track == &film_.picture ? take_picture(*frame_) : take_sound(*frame_);
      av_frame_unref(frame_.get());
      RF_TRY(std::move(status));
    }
  }

  void note_undecodable(const Track& track, int code) {
    const bool picture = &track == &film_.picture;
    const char* what = picture ? "pictures" : "sound";
    damaged_ = damaged_ || picture;
    const std::string words = code == AVERROR(ENOMEM) ? fmt::format("no memory left for {}", what)
                                                      : fmt::format("{} cannot be decoded", what);
    (picture ? troubles_ : sound_troubles_).note(words, now_s_);
  }

  double absolute(std::int64_t ticks, const AVStream& stream) const {
    return static_cast<double>(ticks) * stream.time_base.num / stream.time_base.den;
  }

  Status take_picture(const AVFrame& frame) {
    damaged_ =
        damaged_ || (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags != 0;
    if (wants_one_thread()) return {};
    const AVStream& stream = *film_.picture.stream;
    std::int64_t ticks = frame.best_effort_timestamp;
    if (ticks == AV_NOPTS_VALUE) ticks = last_ticks_ ? *last_ticks_ + usual_ticks() : 0;
    if (!first_ticks_) {
      first_ticks_ = ticks;
      if (!zero_s_) RF_TRY(set_zero(absolute(ticks, stream)));
      late_start_s_ = std::max(absolute(ticks, stream) - *zero_s_, 0.0);
    }
    double t_s = absolute(ticks - *first_ticks_, stream) + late_start_s_;
    if (last_ticks_) {
      if (t_s <= now_s_) {
        troubles_.note("time stamps of pictures do not grow", now_s_);
        t_s = now_s_ + 0.001;  // The least that keeps their order.
      } else {
        rhythm_.add(ticks - *last_ticks_);
      }
    }
    last_ticks_ = ticks;
    if (!(t_s <= options_.limits.duration_s_max)) return cut_off();
    now_s_ = t_s;
    note_damage(frame);
    end_s_ = std::max(end_s_, t_s + length_s(frame));
    if (frames_ >= given_) RF_TRY(give_picture(frame, t_s));
    ++frames_;
    return {};
  }

  Status cut_off() {
    troubles_.note(
        fmt::format("cut off, as films may last {:.0f} s", options_.limits.duration_s_max), now_s_);
    cut_off_ = true;
    return {};
  }

  std::int64_t usual_ticks() const {
    const AVRational base = film_.picture.stream->time_base;
    const double fps = film_.facts.fps > 0 ? film_.facts.fps : 25;
    return std::max<std::int64_t>(1, std::llround(base.den / (fps * base.num)));
  }

  double length_s(const AVFrame& frame) const {
    if (frame.pkt_duration > 0) {
      const double stated = absolute(frame.pkt_duration, *film_.picture.stream);
      if (stated < 60) return stated;  // A picture that stands longer is a mistake of the muxer.
    }
    return film_.facts.fps > 0 ? 1 / film_.facts.fps : 0;
  }

  void note_damage(const AVFrame& frame) {
    if ((frame.flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags != 0) {
      troubles_.note("a picture is damaged", now_s_);
    }
    if (frames_ == 0) {
      stored_width_ = frame.width;
      stored_height_ = frame.height;
    } else if (frame.width != stored_width_ || frame.height != stored_height_) {
      size_changed_at_s_ = size_changed_at_s_.value_or(now_s_);
    }
  }

  Status give_picture(const AVFrame& frame, double t_s) {
    for (std::size_t i = 0; i < scalers_.size(); ++i) {
      const std::uint32_t due = plan_.due(i, t_s);
      if (due == 0) continue;
      Scaler& scaler = scalers_[i];
      const std::span<std::uint8_t> room = RF_TRY(outlet_.room(scaler.bytes()));
      Status scaled = scaler.scale(frame, room);
      if (!scaled) {
        troubles_.note(scaled.error().message, t_s);
        continue;
      }
      const PictureSize& size = scaler.target();
      RF_TRY(outlet_.put_picture({.taps = due,
                                  .index = frames_,
                                  .t_s = t_s,
                                  .width = size.width,
                                  .height = size.height,
                                  .channels = size.channels}));
    }
    if (!options_.vectors) return {};
    const std::vector<MotionVector> vectors = vectors_of(frame, film_.orientation, shown());
    if (vectors.empty()) return {};
    return outlet_.put_vectors({.t_s = t_s,
                                .index = frames_,
                                .width = film_.facts.width,
                                .height = film_.facts.height,
                                .vectors = vectors});
  }

  Status take_sound(const AVFrame& frame) {
    const AVStream& stream = *film_.sound.stream;
    const double t_s = frame.best_effort_timestamp == AV_NOPTS_VALUE
                           ? next_sound_s_
                           : absolute(frame.best_effort_timestamp, stream);
    if (frame.sample_rate > 0) {
      next_sound_s_ = t_s + static_cast<double>(frame.nb_samples) / frame.sample_rate;
    }
    if (waiting_.empty() && !zero_s_) first_sound_s_ = t_s;
    if (zero_s_) return give_sound(frame, t_s - *zero_s_);
    if (film_.picture.stream == nullptr) {
      RF_TRY(set_zero(t_s));
      return give_sound(frame, 0);
    }
    waiting_.emplace_back(t_s, Av<AVFrame>(av_frame_clone(&frame)));
    if (waiting_.back().second == nullptr) return av_error("sound", AVERROR(ENOMEM));
    if (waiting_.size() < kWaitingMax) return {};
    return set_zero(first_sound_s_);
  }

  Status give_sound(const AVFrame& frame, double t_s) {
    if (options_.channels) RF_TRY(channels_.add(frame, t_s));
    return mono_.add(frame, t_s);
  }

  Status set_zero(double t_s) {
    zero_s_ = t_s;
    for (const auto& [at_s, frame] : waiting_) RF_TRY(give_sound(*frame, at_s - t_s));
    waiting_.clear();
    return {};
  }

  // What the container promised beyond what was there.
  void note_missing_end() {
    const Track& track = film_.picture.stream != nullptr ? film_.picture : film_.sound;
    const AVStream& stream = *track.stream;
    if (!states_duration(stream)) return;
    double promised = film_.facts.duration_s;
    if (stream.duration != AV_NOPTS_VALUE && stream.duration > 0) {
      promised = absolute(stream.duration, stream);
    } else if (film_.sound.stream != nullptr && !hears()) {
      return;  // It may be the length of the sound.
    }
    const double seen = end_of_all_s();
    if (cut_off_ || promised <= seen + std::max(kShortS, 3 * usual_interval_s())) return;
    troubles_.note(fmt::format("the film ends early, as {:.3f} s were promised", promised), seen);
  }

  double usual_interval_s() const { return film_.facts.fps > 0 ? 1 / film_.facts.fps : 0; }

  double end_of_all_s() const { return std::max(end_s_, hears() ? mono_.end_s() : 0.0); }

  bool lost_a_track() const {
    bool picture = film_.picture.stream == nullptr;
    bool sound = film_.sound.stream == nullptr;
    bool lost = false;
    for (const AVStream* stream : std::span(film_.format->streams, film_.format->nb_streams)) {
      const AVMediaType type = stream->codecpar->codec_type;
      const bool still = (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
      lost = lost || (picture && type == AVMEDIA_TYPE_VIDEO && !still) ||
             (sound && type == AVMEDIA_TYPE_AUDIO);
    }
    return lost;
  }

  Result<Ending> ending() {
    if (frames_ == 0 && film_.picture.stream != nullptr) {
      troubles_.note("no picture can be decoded", 0);
    }
    RF_TRY(something_decoded());
    note_missing_end();
    Ending end{.duration_s = end_of_all_s(),
               .frames = frames_,
               .partial = troubles_.any() || sound_troubles_.any() || lost_a_track(),
               .variable_rate = rhythm_.variable(),
               .fps = film_.facts.fps,
               .problems = film_.problems};
    if (end.fps <= 0 && end_s_ > 0) end.fps = static_cast<double>(frames_) / end_s_;
    add_problems(end.problems);
    return end;
  }

  Status something_decoded() const {
    if (frames_ > 0 || mono_.count() != 0) return {};
    if (!hears() && film_.picture.stream == nullptr) return {};
    const Troubles& told = troubles_.any() ? troubles_ : sound_troubles_;
    return fail(ErrorCode::corrupt, "nothing in it can be decoded" +
                                        (told.any() ? ": " + told.in_words().front() : ""));
  }

  void add_problems(std::vector<std::string>& problems) const {
    for (const Troubles* troubles : {&troubles_, &sound_troubles_}) {
      for (std::string& words : troubles->in_words()) problems.push_back(std::move(words));
    }
    if (size_changed_at_s_) {
      problems.push_back(
          fmt::format("pictures change their size: at {:.3f} s", *size_changed_at_s_));
    }
  }

  ByteSource& source_;
  Film film_;
  const WatchOptions& options_;
  Outlet& outlet_;
  int threads_;
  TapPlan plan_;
  std::vector<Scaler> scalers_;
  MonoLine mono_;
  ChannelLine channels_;
  Troubles troubles_;  // Of reading and of pictures.
  Troubles sound_troubles_;
  Rhythm rhythm_;
  Av<AVPacket> packet_;
  Av<AVFrame> frame_;
  std::deque<std::pair<double, Av<AVFrame>>> waiting_;
  std::optional<double> zero_s_;  // The film's time zero by the container's clock.
  double first_sound_s_ = 0;
  double next_sound_s_ = 0;
  double late_start_s_ = 0;  // Of the first picture, when the sound could not wait for it.
  std::optional<std::int64_t> first_ticks_;
  std::optional<std::int64_t> last_ticks_;
  std::optional<double> size_changed_at_s_;
  double now_s_ = 0;  // Of the last picture.
  double end_s_ = 0;
  std::int64_t frames_ = 0;
  std::int64_t given_ = 0;  // By a first attempt; see start_again().
  std::int64_t sound_packets_ = 0;
  std::int64_t sound_packets_given_ = 0;
  bool damaged_ = false;
  int stored_width_ = 0;
  int stored_height_ = 0;
  int failures_in_a_row_ = 0;
  bool cut_off_ = false;
};

}  // namespace

Result<Ending> decode_film(ByteSource& source, const WatchOptions& options, Outlet& outlet) {
  RF_CHECK(options.taps.size() <= wire::kTapsMax);
  Film film = RF_TRY(open_film(source, film_options(options, threads_for(options))));
  return Decoding(source, std::move(film), options, outlet).run();
}

Result<MediaFacts> describe_film(ByteSource& source, const Limits& limits) {
  Film film = RF_TRY(open_film(source, {.limits = limits}));
  return film.facts;
}

}  // namespace rf::media
