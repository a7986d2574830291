#include "media/yolo_output.h"

#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace rf::media {
namespace {

constexpr std::array<int, 3> kStrides = {8, 16, 32};
constexpr std::size_t kBoxNumbers = 4;
constexpr std::size_t kAnchorsPerCell = 3;  // YOLOv5.
constexpr double kOverlapMax = 0.45;        // As the family's own tools have it.
constexpr std::size_t kObjectsMax = 100;
// Suppression is quadratic; a network gone wild must not stop a film.
constexpr std::size_t kCandidatesMax = 3000;

constexpr auto kLayoutNames = std::to_array<std::pair<YoloLayout, std::string_view>>(
    {{YoloLayout::yolox, "yolox"}, {YoloLayout::yolov5, "yolov5"}, {YoloLayout::yolov8, "yolov8"}});

// One row of four box numbers, perhaps objectness, and a number a class; `step` apart.
struct Row {
  const float* first = nullptr;
  std::size_t step = 1;
  double at(std::size_t i) const { return static_cast<double>(first[i * step]); }
};

struct Best {
  int class_id = 0;
  double score = 0;
};

Best best_class(const Row& row, std::size_t first_class) {
  Best best;
  for (int id = 0; id < kCocoClasses; ++id) {
    const double score = row.at(first_class + static_cast<std::size_t>(id));
    if (score > best.score) best = {id, score};
  }
  return best;
}

PixelBox around(double x, double y, double width, double height) {
  return {x - width / 2, y - height / 2, width, height};
}

void add(std::vector<FoundObject>& found, const Best& best, double confidence, PixelBox box) {
  // A comparison that also drops what is not a number.
  const bool sound = box.width > 0 && box.height > 0 && box.width < 1e6 && box.height < 1e6 &&
                     std::abs(box.x) < 1e6 && std::abs(box.y) < 1e6;
  if (sound && found.size() < kCandidatesMax)
    found.push_back({best.class_id, std::min(confidence, 1.0), box});
}

void read_grids(std::span<const float> numbers, int height, int width, double confidence_min,
                std::vector<FoundObject>& found) {
  Row row{numbers.data(), 1};
  for (int stride : kStrides) {
    for (int y = 0; y < height / stride; ++y) {
      for (int x = 0; x < width / stride; ++x, row.first += kBoxNumbers + 1 + kCocoClasses) {
        const double objectness = row.at(kBoxNumbers);
        if (objectness < confidence_min) continue;
        const Best best = best_class(row, kBoxNumbers + 1);
        const double confidence = objectness * best.score;
        if (confidence < confidence_min) continue;
        add(found, best, confidence,
            around((row.at(0) + x) * stride, (row.at(1) + y) * stride, std::exp(row.at(2)) * stride,
                   std::exp(row.at(3)) * stride));
      }
    }
  }
}

void read_rows(std::span<const float> numbers, double confidence_min,
               std::vector<FoundObject>& found) {
  constexpr std::size_t kColumns = kBoxNumbers + 1 + kCocoClasses;
  for (std::size_t i = 0; i + kColumns <= numbers.size(); i += kColumns) {
    const Row row{numbers.data() + i, 1};
    const double objectness = row.at(kBoxNumbers);
    if (objectness < confidence_min) continue;
    const Best best = best_class(row, kBoxNumbers + 1);
    const double confidence = objectness * best.score;
    if (confidence >= confidence_min)
      add(found, best, confidence, around(row.at(0), row.at(1), row.at(2), row.at(3)));
  }
}

void read_columns(std::span<const float> numbers, std::size_t cells, double confidence_min,
                  std::vector<FoundObject>& found) {
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const Row row{numbers.data() + cell, cells};
    const Best best = best_class(row, kBoxNumbers);
    if (best.score >= confidence_min)
      add(found, best, best.score, around(row.at(0), row.at(1), row.at(2), row.at(3)));
  }
}

}  // namespace

std::string_view name_of(YoloLayout layout) {
  for (const auto& [each, name] : kLayoutNames) {
    if (each == layout) return name;
  }
  check_failed(__FILE__, __LINE__, "layout has a name");
}

std::size_t yolo_cells(int height, int width) {
  RF_CHECK(height > 0 && width > 0 && height % 32 == 0 && width % 32 == 0);
  std::size_t cells = 0;
  for (int stride : kStrides)
    cells += static_cast<std::size_t>(height / stride) * static_cast<std::size_t>(width / stride);
  return cells;
}

Result<YoloLayout> yolo_layout(std::size_t rows, std::size_t columns, int height, int width) {
  const std::size_t cells = yolo_cells(height, width);
  if (columns == kBoxNumbers + 1 + kCocoClasses && rows == cells) return YoloLayout::yolox;
  if (columns == kBoxNumbers + 1 + kCocoClasses && rows == kAnchorsPerCell * cells)
    return YoloLayout::yolov5;
  if (rows == kBoxNumbers + kCocoClasses && columns == cells) return YoloLayout::yolov8;
  return fail(
      ErrorCode::unsupported,
      fmt::format("found an output of 1 x {} x {}; expected at {} x {}: 1 x {} x 85 (yolox), "
                  "1 x {} x 85 (yolov5) or 1 x 84 x {} (yolov8), all of COCO's 80 classes",
                  rows, columns, width, height, cells, kAnchorsPerCell * cells, cells));
}

std::vector<FoundObject> read_yolo(YoloLayout layout, std::span<const float> numbers, int height,
                                   int width, double confidence_min) {
  const std::size_t cells = yolo_cells(height, width);
  const std::size_t columns = layout == YoloLayout::yolov8 ? 84 : 85;
  RF_CHECK(numbers.size() == columns * cells * (layout == YoloLayout::yolov5 ? 3 : 1));
  std::vector<FoundObject> found;
  switch (layout) {
    case YoloLayout::yolox: read_grids(numbers, height, width, confidence_min, found); break;
    case YoloLayout::yolov5: read_rows(numbers, confidence_min, found); break;
    case YoloLayout::yolov8: read_columns(numbers, cells, confidence_min, found); break;
  }
  return keep_best(
      std::move(found), kOverlapMax, kObjectsMax,
      [](const FoundObject& a, const FoundObject& b) { return a.class_id == b.class_id; });
}

}  // namespace rf::media
