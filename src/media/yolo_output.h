// Reading the numbers that a YOLO network gives as boxes with classes. Plain arithmetic, so that
// each layout can be checked by hand.

#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "media/object_detector.h"

namespace rf::media {

enum class YoloLayout : std::uint8_t { yolox, yolov5, yolov8 };

std::string_view name_of(YoloLayout layout);

// Cells of the grids of 8, 16 and 32 pixels.
// REQUIRES: height and width are multiples of 32.
std::size_t yolo_cells(int height, int width);

// Which layout an output of 1 x rows x columns is, at that input size.
// Errors: unsupported.
Result<YoloLayout> yolo_layout(std::size_t rows, std::size_t columns, int height, int width);

// Boxes in pixels of the network's input, with a confidence of at least `confidence_min`, the best
// of each class where they overlap.
// REQUIRES: `numbers` has the shape that `layout` says for that size.
std::vector<FoundObject> read_yolo(YoloLayout layout, std::span<const float> numbers, int height,
                                   int width, double confidence_min);

}  // namespace rf::media
