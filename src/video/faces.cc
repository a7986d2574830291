#include "video/faces.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "base/check.h"
#include "video/pixels.h"

namespace rf::video {
namespace {

constexpr int kShortSide = 360;
constexpr std::size_t kBestMax = 5;        // The notes' top-n.
constexpr double kBestApartSeconds = 1.0;  // Moments nearer than this are one moment.
constexpr double kHookSeconds = 3.0;       // The notes' hook.

// Chosen: at a ninth of an upright picture a face fills a third of its width, which is a close-up;
// larger is no clearer.
constexpr double kCloseUpArea = 0.11;
// Variance of the Laplacian at which a face of our sampling size is half sharp. Chosen after a
// look at the talking clips: 100 to 900 as they are, below 30 after a blur of five pixels.
constexpr double kHalfSharp = 100;
constexpr double kWithoutLandmarks = 0.7;
// Chosen by what a thumbnail needs most; a rule, to be replaced by what data says.
constexpr double kSizeWeight = 0.35;
constexpr double kSharpWeight = 0.25;
constexpr double kFrontWeight = 0.2;
constexpr double kSureWeight = 0.2;

Face as_model(const media::FoundFace& found, const media::Frame& frame) {
  Face face;
  face.box = {found.box.x / frame.width, found.box.y / frame.height, found.box.width / frame.width,
              found.box.height / frame.height};
  face.confidence = found.confidence;
  for (const media::Spot& spot : found.landmarks)
    face.landmarks.push_back({spot.x / frame.width, spot.y / frame.height});
  return face;
}

// What a moment is good for, from what is seen in it.
std::string recommendation(const FaceSample& sample) {
  const auto largest =
      std::max_element(sample.faces.begin(), sample.faces.end(),
                       [](const Face& a, const Face& b) { return a.box.area() < b.box.area(); });
  if (sample.faces.size() >= 3) return "shows people together: fits social proof";
  if (largest->box.area() >= kCloseUpArea / 2 && frontality(*largest) >= 0.7)
    return sample.t_s < kHookSeconds ? "large and facing the viewer within the hook: keep it there"
                                     : "large and facing the viewer: fits the hook or a thumbnail";
  if (largest->box.area() < kCloseUpArea / 8) return "face is small: crop closer before using it";
  return "fits a testimonial or an emotional beat";
}

double covered(const std::vector<Face>& faces) {
  double area = 0;
  for (const Face& face : faces) area += face.box.area();
  return std::min(1.0, area);
}

}  // namespace

double frontality(const Face& face) {
  if (face.landmarks.size() != 5) return kWithoutLandmarks;
  const Point& right = face.landmarks[0];
  const Point& left = face.landmarks[1];
  const Point& nose = face.landmarks[2];
  const double eyes = std::abs(left.x - right.x);
  if (eyes <= 1e-6) return 0;
  // In a frontal face the nose stands below the middle of the eyes; in profile below one of them.
  const double off = std::abs(nose.x - (left.x + right.x) / 2) / eyes;
  return std::clamp(1 - 2 * off, 0.0, 1.0);
}

double face_score(const media::Frame& frame, const Face& face) {
  const double size = std::min(1.0, std::sqrt(face.box.area() / kCloseUpArea));
  const double variance = laplacian_variance(frame, pixels_of(face.box, frame));
  const double sharp = variance / (variance + kHalfSharp);
  return kSizeWeight * size + kSharpWeight * sharp + kFrontWeight * frontality(face) +
         kSureWeight * face.confidence;
}

FaceAnalyser::FaceAnalyser(media::FaceDetector& detector) : detector_(detector) {
  faces_.detector = detector.name();
}

media::Tap FaceAnalyser::tap() const {
  return {media::Pixels::bgr, kShortSide, detector_.rate_hz()};
}

Status FaceAnalyser::on_frame(const media::Frame& frame) {
  RF_CHECK(faces_.samples.empty() || frame.t_s >= faces_.samples.back().t_s);
  const std::vector<media::FoundFace> found = RF_TRY(detector_.find(frame));
  FaceSample sample;
  sample.t_s = frame.t_s;
  for (const media::FoundFace& each : found) sample.faces.push_back(as_model(each, frame));
  tracks_.follow(frame.t_s, sample.faces);
  double best = 0;
  for (const Face& face : sample.faces) best = std::max(best, face_score(frame, face));
  scores_.push_back(best);
  faces_.samples.push_back(std::move(sample));
  return {};
}

const FaceSample* FaceAnalyser::latest() const {
  return faces_.samples.empty() ? nullptr : &faces_.samples.back();
}

Faces FaceAnalyser::finish() {
  std::vector<std::size_t> order;
  double with_face = 0;
  for (std::size_t i = 0; i < faces_.samples.size(); ++i) {
    const FaceSample& sample = faces_.samples[i];
    faces_.mean_count += static_cast<double>(sample.faces.size());
    faces_.mean_coverage += covered(sample.faces);
    if (sample.faces.empty()) continue;
    ++with_face;
    order.push_back(i);
  }
  const double samples = std::max(1.0, static_cast<double>(faces_.samples.size()));
  faces_.presence = with_face / samples;
  faces_.mean_count /= samples;
  faces_.mean_coverage /= samples;
  faces_.tracks = tracks_.count();
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return scores_[a] > scores_[b]; });
  for (const std::size_t i : order) {
    if (faces_.best.size() >= kBestMax) break;
    const FaceSample& sample = faces_.samples[i];
    const bool near_another =
        std::any_of(faces_.best.begin(), faces_.best.end(), [&](const FaceMoment& moment) {
          return std::abs(moment.t_s - sample.t_s) < kBestApartSeconds;
        });
    if (near_another) continue;
    faces_.best.push_back({sample.t_s, scores_[i], static_cast<std::int64_t>(sample.faces.size()),
                           recommendation(sample)});
  }
  return std::move(faces_);
}

}  // namespace rf::video
