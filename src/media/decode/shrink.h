// Making a plane of samples smaller by a whole factor: each new sample is the mean of a square.
//
// Most of the way from a full picture to a small one is gone by adding up rows, which costs little
// more than reading the picture once; a proper scaler does the small rest.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rf::media {

template <typename Sample>
struct Plane {
  Sample* samples = nullptr;
  std::ptrdiff_t stride = 0;  // Samples from one row to the next.
  int width = 0;
  int height = 0;
};

// Larger squares than this are not needed: 64 times smaller than 8K is a thumbnail.
constexpr int kFactorMax = 64;

// Fills `to` with means of factor x factor squares of `from`; squares at the right and lower edge
// are cut where the plane ends.
// REQUIRES: 1 <= factor <= kFactorMax; to.width <= ceil(from.width / factor), height alike.
class Shrinker {
 public:
  void shrink(Plane<const std::uint8_t> from, int factor, Plane<std::uint8_t> to);
  void shrink(Plane<const std::uint16_t> from, int factor, Plane<std::uint16_t> to);

 private:
  std::vector<std::uint16_t> sums_;
  std::vector<std::uint32_t> wide_sums_;
};

}  // namespace rf::media
