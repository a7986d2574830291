#include "video/face_tracks.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/check.h"

namespace rf::video {
namespace {

// A face that was away for longer is a new one: the camera was elsewhere meanwhile.
constexpr double kAwayMax_s = 2.0;
// Chosen: less overlap than this also happens between neighbours.
constexpr double kOverlapMin = 0.3;
// How far a middle may have moved, in widths of the box, where boxes no longer overlap.
constexpr double kMoveMax = 0.8;
constexpr double kGrowthMax = 1.6;

// Films of crowds: beyond this many tracks old ones are no longer looked at, so that the cost of a
// sample stays bounded.
constexpr std::size_t kRecentMax = 200;

// How well a box goes on another: 1 to 2 by overlap, 0 to 1 by nearness, negative not at all.
double fit(const Box& before, const Box& now) {
  const double shared = overlap(before, now);
  if (shared >= kOverlapMin) return 1 + shared;
  const double width = std::max(before.width, 1e-9);
  const double growth = now.width / width;
  if (growth > kGrowthMax || growth < 1 / kGrowthMax) return -1;
  const double dx = (before.x + before.width / 2) - (now.x + now.width / 2);
  const double dy = (before.y + before.height / 2) - (now.y + now.height / 2);
  const double moved = std::hypot(dx / width, dy / std::max(before.height, 1e-9));
  return moved <= kMoveMax ? 1 - moved : -1;
}

struct Pair {
  double fit = 0;
  std::size_t track = 0;
  std::size_t face = 0;
};

}  // namespace

double overlap(const Box& a, const Box& b) {
  const double width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const double height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const double shared = width * height;
  return shared / (a.area() + b.area() - shared);
}

void FaceTracks::follow(double t_s, std::vector<Face>& faces) {
  ++samples_;
  std::vector<Pair> pairs;
  const std::size_t first = tracks_.size() > kRecentMax ? tracks_.size() - kRecentMax : 0;
  for (std::size_t track = first; track < tracks_.size(); ++track) {
    if (t_s - tracks_[track].last_s > kAwayMax_s) continue;
    for (std::size_t face = 0; face < faces.size(); ++face) {
      const double how_well = fit(tracks_[track].box, faces[face].box);
      if (how_well >= 0) pairs.push_back({how_well, track, face});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.fit > b.fit; });
  std::vector<bool> taken(tracks_.size(), false);
  for (Face& face : faces) face.track = -1;
  for (const Pair& pair : pairs) {
    if (taken[pair.track] || faces[pair.face].track >= 0) continue;
    taken[pair.track] = true;
    faces[pair.face].track = static_cast<std::int64_t>(pair.track);
  }
  for (Face& face : faces) {
    if (face.track < 0) {
      face.track = static_cast<std::int64_t>(tracks_.size());
      tracks_.emplace_back();
    }
    Track& track = tracks_[static_cast<std::size_t>(face.track)];
    track.box = face.box;
    track.last_s = t_s;
    ++track.sightings;
  }
}

std::int64_t FaceTracks::count() const {
  if (samples_ == 1) return static_cast<std::int64_t>(tracks_.size());
  return std::count_if(tracks_.begin(), tracks_.end(),
                       [](const Track& track) { return track.sightings >= 2; });
}

}  // namespace rf::video
