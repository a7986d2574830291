#include "video/analyse_parts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "media/face_detector.h"
#include "media/object_detector.h"
#include "media/text_reader.h"
#include "video/analyse_streams.h"
#include "video/faces.h"
#include "video/hashes.h"
#include "video/look.h"
#include "video/objects.h"
#include "video/text.h"

namespace rf::video {
namespace {

constexpr auto kNames =
    std::to_array<std::string_view>({"motion", "shots", "attention", "faces", "objects", "text",
                                     "look", "sound", "sync", "hashes"});

void mark(Features& features, std::string_view analyser) {
  // A sound file has nothing to see, which is not the same as nothing seen.
  if (features.width > 0) features.measured.emplace_back(analyser);
}

// Keeps the first and the last picture, small, to see whether the film ends as it began.
class Ends final : public Part {
 public:
  std::vector<media::Tap> taps() const override {
    // As small as shows what is where; twice a second is near enough to the end.
    return {{.pixels = media::Pixels::grey, .short_side_px = 32, .rate_hz = 2}};
  }
  Status on_frame(std::size_t, const media::Frame& frame) override {
    std::vector<std::uint8_t>& kept = first_.empty() ? first_ : last_;
    kept.assign(frame.data.begin(), frame.data.end());
    return {};
  }
  Status finish(Features&) override { return {}; }

  // Alike where brightness correlates beyond .9. Chosen: pictures a moment apart lie above it,
  // those of different shots far below.
  bool alike() const {
    if (last_.size() != first_.size() || first_.empty()) return false;
    const auto n = static_cast<double>(first_.size());
    double a = 0;
    double b = 0;
    double aa = 0;
    double bb = 0;
    double ab = 0;
    for (std::size_t i = 0; i < first_.size(); ++i) {
      const double x = first_[i];
      const double y = last_[i];
      a += x;
      b += y;
      aa += x * x;
      bb += y * y;
      ab += x * y;
    }
    const double spread = std::sqrt((aa / n - a * a / n / n) * (bb / n - b * b / n / n));
    return spread > 1 && (ab / n - a * b / n / n) / spread > 0.9;
  }

 private:
  std::vector<std::uint8_t> first_;
  std::vector<std::uint8_t> last_;
};

class FacesPart final : public Part {
 public:
  explicit FacesPart(std::unique_ptr<media::FaceDetector> detector)
      : detector_(std::move(detector)), analyser_(*detector_) {}
  std::vector<media::Tap> taps() const override { return {analyser_.tap()}; }
  Status on_frame(std::size_t, const media::Frame& frame) override {
    return analyser_.on_frame(frame);
  }
  Status finish(Features& features) override {
    features.faces = analyser_.finish();
    mark(features, "faces");
    return {};
  }

 private:
  std::unique_ptr<media::FaceDetector> detector_;
  FaceAnalyser analyser_;
};

class ObjectsPart final : public Part {
 public:
  explicit ObjectsPart(std::unique_ptr<media::ObjectDetector> detector)
      : detector_(std::move(detector)), analyser_(detector_.get()) {}
  std::vector<media::Tap> taps() const override {
    if (!analyser_.wants_frames()) return {};
    return {analyser_.tap()};
  }
  Status on_frame(std::size_t, const media::Frame& frame) override {
    return analyser_.on_frame(frame);
  }
  Status finish(Features& features) override {
    features.objects = analyser_.finish();
    mark(features, "objects");
    return {};
  }

 private:
  std::unique_ptr<media::ObjectDetector> detector_;
  ObjectAnalyser analyser_;
};

// An analyser that needs nothing but its pictures, and the member of the features that it fills.
template <typename Analyser, auto Filled>
class PicturePart final : public Part {
 public:
  explicit PicturePart(std::string_view name) : name_(name) {}
  std::vector<media::Tap> taps() const override { return {analyser_.tap()}; }
  Status on_frame(std::size_t, const media::Frame& frame) override {
    analyser_.on_frame(frame);
    return {};
  }
  Status finish(Features& features) override {
    features.*Filled = analyser_.finish();
    mark(features, name_);
    return {};
  }

 private:
  std::string_view name_;
  Analyser analyser_;
};

using LookPart = PicturePart<LookAnalyser, &Features::look>;
using HashesPart = PicturePart<HashAnalyser, &Features::hashes>;

// After LookPart, into whose result it puts its own numbers.
class TextPart final : public Part {
 public:
  TextPart() : reader_(media::tesseract_reader()), analyser_(*reader_) {}
  std::vector<media::Tap> taps() const override { return {analyser_.tap()}; }
  Status on_frame(std::size_t, const media::Frame& frame) override {
    return analyser_.on_frame(frame);
  }
  Status finish(Features& features) override {
    TextSummary text = analyser_.finish();
    add_text(text, features.look);
    features.text = std::move(text.sightings);
    mark(features, "text");
    return {};
  }

 private:
  std::unique_ptr<media::TextReader> reader_;
  TextAnalyser analyser_;
};

class AllParts final : public Parts {
 public:
  AllParts() {
    auto ends = std::make_unique<Ends>();
    ends_ = ends.get();
    parts.push_back(std::move(ends));
  }
  bool ends_as_it_began() const override { return ends_->alike(); }

 private:
  const Ends* ends_;
};

void say_passed_over(std::vector<std::string>&& passed_over, std::vector<std::string>& problems) {
  for (std::string& each : passed_over) problems.push_back(std::move(each));
}

}  // namespace

std::span<const std::string_view> analyser_names() { return kNames; }

Result<std::unique_ptr<Parts>> parts_for(const AnalyseOptions& options,
                                         std::vector<std::string>& problems) {
  auto wants = [&](std::string_view name) {
    return options.only.empty() || std::ranges::find(options.only, name) != options.only.end();
  };
  auto all = std::make_unique<AllParts>();
  auto add = [&](std::unique_ptr<Part> part) { all->parts.push_back(std::move(part)); };
  if (wants("faces")) {
    media::FaceDetectorChoice choice = RF_TRY(media::choose_face_detector(options.models));
    say_passed_over(std::move(choice.passed_over), problems);
    add(std::make_unique<FacesPart>(std::move(choice.detector)));
  }
  if (wants("objects")) {
    media::ObjectDetectorChoice choice = RF_TRY(media::choose_object_detector(options.models));
    say_passed_over(std::move(choice.passed_over), problems);
    add(std::make_unique<ObjectsPart>(std::move(choice.detector)));
  }
  if (wants("look")) add(std::make_unique<LookPart>("look"));
  if (wants("text")) add(std::make_unique<TextPart>());
  if (wants("hashes")) add(std::make_unique<HashesPart>("hashes"));
  // Whether sound and picture fall together takes both.
  const bool sync = wants("sync");
  if (sync || wants("motion") || wants("shots") || wants("attention")) add(motion_part());
  if (sync || wants("sound")) {
    std::unique_ptr<Part> sound = RF_TRY(sound_part(options.transcript));
    add(std::move(sound));
  }
  if (sync) add(sync_part());
  return std::unique_ptr<Parts>(std::move(all));
}

}  // namespace rf::video
