// Boxes in pixels, and keeping the best of many that lie on each other.

#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace rf::media {

// From the picture's upper left corner.
struct PixelBox {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;

  bool operator==(const PixelBox&) const = default;
};

// Intersection over union, [0, 1].
double overlap(const PixelBox& a, const PixelBox& b);

// What is left of the box within a picture of that size; without area when nothing is.
PixelBox within(const PixelBox& box, int width, int height);

// Non-maximum suppression: the most confident stays, and whatever overlaps it by more than
// `overlap_max` and is `same` goes. Sorted by confidence; equal ones keep their order.
// Cost: quadratic in what is left, so at most `kept_max` are kept.
template <typename Found, typename Same>
std::vector<Found> keep_best(std::vector<Found> found, double overlap_max, std::size_t kept_max,
                             Same same) {
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& a, const Found& b) { return a.confidence > b.confidence; });
  std::vector<Found> kept;
  for (Found& each : found) {
    if (kept.size() >= kept_max) break;
    const bool covered = std::any_of(kept.begin(), kept.end(), [&](const Found& other) {
      return same(each, other) && overlap(each.box, other.box) > overlap_max;
    });
    if (!covered) kept.push_back(std::move(each));
  }
  return kept;
}

}  // namespace rf::media
