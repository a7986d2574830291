#include "video/face_motion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include <fmt/format.h>

namespace rf::video {
namespace {

constexpr std::size_t kPeaks = 5;
constexpr double kPeaksApartS = 1.0;

Box between(const Box& a, const Box& b, double share) {
  const auto mix = [share](double from, double to) { return from + share * (to - from); };
  return {mix(a.x, b.x), mix(a.y, b.y), mix(a.width, b.width), mix(a.height, b.height)};
}

const Face* same_track(const FaceSample& sample, const Face& face) {
  if (face.track < 0) return nullptr;
  for (const Face& other : sample.faces) {
    if (other.track == face.track) return &other;
  }
  return nullptr;
}

using Cover = std::array<double, kPlaces * kPlaces>;

double overlap(double from, double to, double a, double b) {
  return std::max(0.0, std::min(to, b) - std::max(from, a));
}

// Share of each place that faces cover.
Cover cover_of(const std::vector<Box>& boxes) {
  Cover cover{};
  constexpr double kSide = 1.0 / static_cast<double>(kPlaces);
  for (const Box& box : boxes) {
    for (std::size_t i = 0; i < cover.size(); ++i) {
      const double left = static_cast<double>(i % kPlaces) * kSide;
      const std::size_t row = i / kPlaces;
      const double top = static_cast<double>(row) * kSide;
      const double area = overlap(left, left + kSide, box.x, box.x + box.width) *
                          overlap(top, top + kSide, box.y, box.y + box.height);
      cover[i] = std::min(1.0, cover[i] + area / (kSide * kSide));
    }
  }
  return cover;
}

struct Peak {
  double t_s, energy;
  std::size_t faces;
  MotionType type;
};

std::vector<CutPoint> strongest(std::vector<Peak> peaks) {
  std::stable_sort(peaks.begin(), peaks.end(),
                   [](const Peak& a, const Peak& b) { return a.energy > b.energy; });
  std::vector<CutPoint> points;
  for (const Peak& peak : peaks) {
    if (points.size() == kPeaks) break;
    const bool near = std::any_of(points.begin(), points.end(), [&](const CutPoint& point) {
      return std::abs(point.t_s - peak.t_s) < kPeaksApartS;
    });
    if (near) continue;
    points.push_back(
        {peak.t_s, peak.energy / peaks.front().energy, peak.type,
         fmt::format("{} {} in motion", peak.faces, peak.faces == 1 ? "face" : "faces")});
  }
  return points;
}

// Faces of the earlier sample, on their way to where the later one has them, or held for a while.
void add_seen_before(const FaceSample& earlier, const FaceSample* later, double t_s,
                     std::vector<Box>& boxes) {
  for (const Face& face : earlier.faces) {
    const Face* then = later == nullptr ? nullptr : same_track(*later, face);
    if (then != nullptr) {
      const double share = (t_s - earlier.t_s) / (later->t_s - earlier.t_s);
      boxes.push_back(between(face.box, then->box, share));
    } else if (t_s - earlier.t_s <= kFaceHeldS / 2) {
      boxes.push_back(face.box);
    }
  }
}

// Faces of the later sample that are not on their way from the earlier one.
void add_seen_after(const FaceSample& later, const FaceSample* earlier, double t_s,
                    std::vector<Box>& boxes) {
  for (const Face& face : later.faces) {
    const bool drawn = earlier != nullptr && same_track(*earlier, face) != nullptr;
    if (!drawn && (face.track >= 0 || earlier == nullptr || earlier->faces.empty() ||
                   t_s - earlier->t_s > kFaceHeldS / 2)) {
      boxes.push_back(face.box);
    }
  }
}

}  // namespace

std::vector<Box> boxes_at(const Faces& faces, double t_s) {
  const auto after =
      std::lower_bound(faces.samples.begin(), faces.samples.end(), t_s,
                       [](const FaceSample& sample, double when) { return sample.t_s < when; });
  std::vector<Box> boxes;
  const FaceSample* earlier = after == faces.samples.begin() ? nullptr : &*std::prev(after);
  const FaceSample* later = after == faces.samples.end() ? nullptr : &*after;
  if (earlier != nullptr) add_seen_before(*earlier, later, t_s, boxes);
  if (later != nullptr && later->t_s - t_s <= kFaceHeldS / 2) {
    add_seen_after(*later, earlier, t_s, boxes);
  }
  return boxes;
}

double weighted_energy(const MotionFrame& frame) {
  const double raw = frame.face / kFaceWeight;
  return frame.background * (1 - frame.face_share) + kFaceWeight * raw * frame.face_share;
}

FaceMotion look_at_faces(const Faces& faces, std::vector<Step>& steps) {
  FaceMotion sums;
  sums.weight = kFaceWeight;
  std::vector<Peak> peaks;
  double pictures = 0;
  for (Step& step : steps) {
    const auto count = static_cast<double>(step.pictures);
    pictures += count;
    const std::vector<Box> boxes = boxes_at(faces, step.frame.t_s);
    const Cover cover = boxes.empty() ? Cover{} : cover_of(boxes);
    double covered = 0, inside = 0, outside = 0;
    for (std::size_t i = 0; i < cover.size(); ++i) {
      const double energy = place_energy(step.places[i]);
      covered += cover[i];
      inside += cover[i] * energy;
      outside += (1 - cover[i]) * energy;
    }
    const auto places = static_cast<double>(cover.size());
    step.frame.face_share = covered / places;
    step.frame.face = covered > 0 ? kFaceWeight * inside / covered : 0;
    step.frame.background =
        covered > 0 ? outside / std::max(places - covered, 1e-9) : step.frame.energy;
    sums.face_total += inside / places * count;
    sums.background_total += (covered > 0 ? outside / places : step.frame.energy) * count;
    sums.mean_coverage += step.frame.face_share * count;
    if (inside > 0) {
      peaks.push_back({step.frame.t_s, inside / places, boxes.size(), step.frame.type});
    }
  }
  sums.face_total_weighted = kFaceWeight * sums.face_total;
  if (sums.background_total > 0) {
    sums.face_to_background = sums.face_total_weighted / sums.background_total;
  }
  if (pictures > 0) sums.mean_coverage /= pictures;
  sums.peaks = strongest(std::move(peaks));
  return sums;
}

}  // namespace rf::video
