#include "video/steps.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "base/check.h"

namespace rf::video {
namespace {

// Chosen: the mean vector is more than half as long as the mean length, so most goes one way.
constexpr double kOneWay = 0.5;

// Chosen: half as much again in one part as in the other.
constexpr double kElsewhere = 1.5;

constexpr std::array<double MotionFrame::*, 11> kMeans{
    &MotionFrame::energy,     &MotionFrame::total,  &MotionFrame::horizontal,
    &MotionFrame::vertical,   &MotionFrame::camera, &MotionFrame::object,
    &MotionFrame::center,     &MotionFrame::edge,   &MotionFrame::face,
    &MotionFrame::background, &MotionFrame::max};

// The mean of a few steps that follow each other; the largest of their maxima.
Step merged(std::span<const Step> steps) {
  Step one = steps.back();
  one.from_s = steps.front().from_s;
  one.pictures = 0;
  double largest = 0;
  for (const Step& step : steps) {
    one.pictures += step.pictures;
    largest = std::max(largest, step.frame.max);
  }
  for (double MotionFrame::*field : kMeans) {
    double sum = 0;
    for (const Step& step : steps) {
      sum += step.frame.*field * static_cast<double>(step.pictures);
    }
    one.frame.*field = sum / static_cast<double>(one.pictures);
  }
  one.frame.max = largest;
  for (std::size_t i = 0; i < one.places.size(); ++i) {
    double sum = 0;
    for (const Step& step : steps) {
      sum += place_energy(step.places[i]) * static_cast<double>(step.pictures);
    }
    one.places[i] = place_code(sum / static_cast<double>(one.pictures));
  }
  name_motion(one.frame);
  return one;
}

struct Sums {
  double length = 0, x = 0, y = 0, camera = 0, object = 0, largest = 0;
  double center = 0, edge = 0;
  double center_cells = 0, edge_cells = 0;
};

bool in_middle(int at, int all) { return 4 * at + 2 >= all && 4 * at + 2 < 3 * all; }

void add_cell(const Cells& cells, const Camera& camera, int row, int column, Sums& sums) {
  const auto i = cells.index(row, column);
  const double weight = static_cast<double>(cells.weight[i]);
  const double x = static_cast<double>(cells.x[i]);
  const double y = static_cast<double>(cells.y[i]);
  const double length = weight * std::sqrt(x * x + y * y);
  const auto [cx, cy] = camera.at((column + 0.5 - cells.columns / 2.0) * kCellPx,
                                  (row + 0.5 - cells.rows / 2.0) * kCellPx);
  sums.length += length;
  sums.x += weight * x;
  sums.y += weight * y;
  sums.camera += std::sqrt(cx * cx + cy * cy);
  sums.object += weight * std::sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy));
  sums.largest = std::max(sums.largest, length);
  const bool middle = in_middle(row, cells.rows) && in_middle(column, cells.columns);
  (middle ? sums.center : sums.edge) += length;
  (middle ? sums.center_cells : sums.edge_cells) += 1;
}

PlaceMap places_of(const Cells& cells, double scale) {
  std::array<float, kPlaces * kPlaces> sums{};
  std::array<float, kPlaces * kPlaces> counts{};
  for (int row = 0; row < cells.rows; ++row) {
    const std::size_t down =
        static_cast<std::size_t>(row) * kPlaces / static_cast<std::size_t>(cells.rows);
    for (int column = 0; column < cells.columns; ++column) {
      const std::size_t across =
          static_cast<std::size_t>(column) * kPlaces / static_cast<std::size_t>(cells.columns);
      const auto i = cells.index(row, column);
      sums[down * kPlaces + across] +=
          cells.weight[i] * std::sqrt(cells.x[i] * cells.x[i] + cells.y[i] * cells.y[i]);
      counts[down * kPlaces + across] += 1;
    }
  }
  PlaceMap places{};
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (counts[i] > 0) places[i] = place_code(static_cast<double>(sums[i] / counts[i]) * scale);
  }
  return places;
}

}  // namespace

double place_energy(std::uint8_t code) { return (std::exp2(code / 20.0) - 1) / 16; }

std::uint8_t place_code(double energy) {
  return static_cast<std::uint8_t>(
      std::clamp(std::lround(20 * std::log2(1 + 16 * energy)), 0L, 255L));
}

MotionType type_of(double energy) {
  if (energy < kStaticBelow) return MotionType::still;
  if (energy < kSmoothBelow) return MotionType::smooth;
  return energy < kFastBelow ? MotionType::fast : MotionType::chaotic;
}

void name_motion(MotionFrame& frame) {
  const double across = std::abs(frame.horizontal);
  const double down = std::abs(frame.vertical);
  frame.direction = Direction::mixed;
  if (std::hypot(across, down) > kOneWay * frame.energy && frame.energy > 0) {
    if (across >= down) {
      frame.direction = frame.horizontal > 0 ? Direction::right : Direction::left;
    } else {
      frame.direction = frame.vertical > 0 ? Direction::down : Direction::up;
    }
  }
  frame.spread = MotionSpread::uniform;
  if (frame.center > kElsewhere * frame.edge) frame.spread = MotionSpread::centered;
  if (frame.edge > kElsewhere * frame.center) frame.spread = MotionSpread::peripheral;
  frame.type = type_of(frame.energy);
}

Step measure_step(const Cells& cells, const Camera& camera, int width, int height,
                  std::int64_t pictures) {
  RF_CHECK(pictures >= 1 && cells.columns >= 1 && cells.rows >= 1);
  Sums sums;
  for (int row = 0; row < cells.rows; ++row) {
    for (int column = 0; column < cells.columns; ++column) {
      add_cell(cells, camera, row, column, sums);
    }
  }
  const double to_reference = static_cast<double>(kReferenceSide) / std::min(width, height);
  const double scale = to_reference / static_cast<double>(pictures);
  const double mean = scale / (static_cast<double>(cells.columns) * cells.rows);
  Step step;
  step.pictures = pictures;
  step.places = places_of(cells, scale);
  MotionFrame& frame = step.frame;
  frame.energy = sums.length * mean;
  frame.max = sums.largest * scale;
  frame.total = frame.energy * width * height * to_reference * to_reference / 1e6;
  frame.horizontal = sums.x * mean;
  frame.vertical = sums.y * mean;
  frame.camera = sums.camera * mean;
  frame.object = sums.object * mean;
  frame.center = sums.center_cells > 0 ? sums.center * scale / sums.center_cells : frame.energy;
  frame.edge = sums.edge_cells > 0 ? sums.edge * scale / sums.edge_cells : frame.energy;
  frame.background = frame.energy;
  name_motion(frame);
  return step;
}

void StepLog::add(const Step& step) {
  pending_.push_back(step);
  if (pending_.size() < span_) return;
  steps_.push_back(span_ == 1 ? pending_.front() : merged(pending_));
  pending_.clear();
  if (steps_.size() < kStepsMax) return;
  for (std::size_t i = 0; i < kStepsMax / 2; ++i) {
    steps_[i] = merged(std::span<const Step>(steps_).subspan(2 * i, 2));
  }
  steps_.resize(kStepsMax / 2);
  span_ *= 2;
}

std::vector<Step> StepLog::take() {
  if (!pending_.empty()) steps_.push_back(merged(pending_));
  pending_.clear();
  return std::exchange(steps_, {});
}

}  // namespace rf::video
