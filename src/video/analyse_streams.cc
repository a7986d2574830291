#include "video/analyse_streams.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "video/av_sync.h"
#include "video/motion.h"
#include "video/sound.h"
#include "video/speech_pace.h"
#include "video/subtitles.h"

namespace rf::video {
namespace {

class MotionPart final : public Part {
 public:
  std::vector<media::Tap> taps() const override {
    return {MotionAnalyser::tap(), MotionAnalyser::colour_tap()};
  }
  Status on_frame(std::size_t tap, const media::Frame& frame) override {
    if (tap == 0) {
      analyser_.on_frame(frame);
    } else {
      analyser_.on_colours(frame);
    }
    return {};
  }
  Status finish(Features& features) override {
    if (features.width <= 0) return {};
    Moving moving = analyser_.finish(features.faces, features.duration_s);
    features.motion = std::move(moving.motion);
    features.shots = std::move(moving.shots);
    features.attention = std::move(moving.attention);
    features.face_motion = std::move(moving.face_motion);
    for (std::string_view name : {"motion", "shots", "attention"}) {
      features.measured.emplace_back(name);
    }
    return {};
  }

 private:
  MotionAnalyser analyser_;
};

class SoundPart final : public Part {
 public:
  explicit SoundPart(std::optional<Subtitles> words) : words_(std::move(words)) {}
  int audio_rate_hz() const override { return kSoundRateHz; }
  bool wants_channels() const override { return true; }
  Status on_samples(const media::Samples& samples) override {
    watcher_.on_samples(samples);
    heard_ = true;
    return {};
  }
  Status on_channels(const media::ChannelSamples& samples) override {
    return watcher_.on_channels(samples);
  }
  Status finish(Features& features) override {
    if (heard_) features.audio = watcher_.finish();
    features.measured.emplace_back("sound");
    if (!words_) return {};
    std::optional<double> spoken_s;
    if (features.audio.speech_share > 0) {
      spoken_s = features.audio.speech_share * features.duration_s;
    }
    SpeechPace pace = speech_pace(*words_, features.duration_s, spoken_s);
    features.audio.words_per_minute = pace.words_per_minute;
    features.audio.captions_per_second = pace.captions_per_second;
    return {};
  }

 private:
  SoundWatcher watcher_;
  std::optional<Subtitles> words_;
  bool heard_ = false;
};

// Of every track, the sample that it is first seen in.
std::vector<double> first_appearances(const Faces& faces) {
  std::set<std::int64_t> seen;
  std::vector<double> times;
  for (const FaceSample& sample : faces.samples) {
    for (const Face& face : sample.faces) {
      if (face.track >= 0 && seen.insert(face.track).second) times.push_back(sample.t_s);
    }
  }
  return times;
}

class SyncPart final : public Part {
 public:
  Status finish(Features& features) override {
    std::vector<VisualPeak> motion;
    for (const MotionMoment& moment : features.motion.moments) {
      motion.push_back({moment.peak_s, VisualPeakType::motion, moment.energy});
    }
    std::ranges::stable_sort(motion, {}, &VisualPeak::t_s);
    features.sync =
        find_sync(audio_peaks(features.audio),
                  visual_peaks(features.shots, motion, first_appearances(features.faces)));
    features.measured.emplace_back("sync");
    return {};
  }
};

}  // namespace

std::unique_ptr<Part> motion_part() { return std::make_unique<MotionPart>(); }

Result<std::unique_ptr<Part>> sound_part(std::string_view transcript) {
  std::optional<Subtitles> words;
  if (!transcript.empty()) words = RF_TRY(parse_subtitles(transcript));
  return std::unique_ptr<Part>(std::make_unique<SoundPart>(std::move(words)));
}

std::unique_ptr<Part> sync_part() { return std::make_unique<SyncPart>(); }

}  // namespace rf::video
