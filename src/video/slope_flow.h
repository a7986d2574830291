// Movement of less than a pixel, from how a picture's slopes change: what a search on whole patches
// is too coarse for.
//
// With slopes g and their own slopes H (second derivatives), a texture that moves by d changes its
// slopes by -H d; over the cells around, least squares gives d. A change of light leaves slopes
// alone, and where there is no texture the damping holds d at zero.
// Source: one step of Farneback 2003, doi:10.1007/3-540-45103-X_50, by finite differences on a
// smoothed picture instead of fitted polynomials: .2 ms in place of some 2 ms at 320 x 180.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "video/cells.h"

namespace rf::video {

class SlopeFlow {
 public:
  // Takes the next picture of a film. One of another size than the one before begins anew.
  // REQUIRES: the span holds width x height pixels; sides >= 1.
  // Cost: .2 ms for 320 x 180.
  void next(std::span<const std::uint8_t> picture, int width, int height);

  // The movement between the last two pictures, in cells as Evidence has them; zeros after the
  // first. Units: pixels, at most two pixels long.
  const std::vector<float>& x() const { return x_; }
  const std::vector<float>& y() const { return y_; }

 private:
  static constexpr std::size_t kSums = 5;

  void gather();
  void gather_row(std::size_t y, std::span<std::int32_t> sums) const;
  void add_around(std::size_t row);
  void solve();

  std::size_t width_ = 0;
  std::size_t height_ = 0;
  std::vector<std::int16_t> before_, after_;  // Smoothed, sixteen times the grey level.
  std::vector<std::int16_t> rows_;
  std::vector<std::int32_t> pixels_;  // The same, by columns of pixels, for one row of cells.
  std::vector<float> sums_;  // Per cell: H'H (three), H'(change of slope) (two), in planes.
  std::vector<float> column_, around_;
  std::vector<float> x_, y_;
};

// Where a cell changes by little, what slopes tell; where by much, what the search found, weighed
// as before:
//   s w search + .6 (1 - s) slopes,  s = e^4/(e^4 + 3^4), w the cell's weight and e its
//   Evidence::moved.
// Afterwards each cell counts in full.
// REQUIRES: all were measured on the same pictures.
void blend(const SlopeFlow& slopes, const Evidence& evidence, Cells& cells);

}  // namespace rf::video
