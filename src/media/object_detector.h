// Finding everyday objects in a picture with a network of the YOLO family.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "media/frame.h"
#include "media/pixel_box.h"

namespace rf::media {

struct FoundObject {
  int class_id = 0;  // COCO's 80, from 0: person. See coco_class().
  double confidence = 0;
  PixelBox box;  // Within the frame.

  bool operator==(const FoundObject&) const = default;
};

inline constexpr int kCocoClasses = 80;

// REQUIRES: 0 <= class_id < kCocoClasses.
// Source: COCO 2017, instances, categories in order of their ids; doi:10.1007/978-3-319-10602-1_48.
std::string_view coco_class(int class_id);

class ObjectDetector {
 public:
  virtual ~ObjectDetector() = default;

  // Layout, file and fingerprint: "yolox yolox_nano.onnx sha256:0123456789ab".
  virtual std::string_view name() const = 0;

  // Everything with a confidence of at least .4, most confident first.
  // REQUIRES: frame.pixels is bgr.
  // Errors: unsupported, when the network cannot run.
  // Thread: one call at a time.
  virtual Result<std::vector<FoundObject>> find(const Frame& frame) = 0;
};

// Layouts, seen from the shape of the first three-dimensional output at the model's input size:
//   yolox   1 x cells x 85        raw offsets on grids of 8, 16, 32 pixels; BGR 0 to 255
//   yolov5  1 x 3 cells x 85      pixels; RGB 0 to 1
//   yolov8  1 x 84 x cells        pixels, without objectness; RGB 0 to 1
// Errors: not_found; corrupt; unsupported, with the shape that was found and those expected.
// Source: Ge et al. 2021, arXiv:2107.18430; ultralytics' export formats.
Result<std::unique_ptr<ObjectDetector>> open_yolo(const std::string& path);

struct ObjectDetectorChoice {
  std::unique_ptr<ObjectDetector> detector;  // Null: no model was given, or none could be used.
  std::vector<std::string> passed_over;  // Models that were there and could not be used, and why.
};

// The first yolo*.onnx of the folder that opens, latest name first. An empty folder name means that
// no models were given.
// Errors: not_found, when the folder is not there.
Result<ObjectDetectorChoice> choose_object_detector(const std::string& models_folder);

}  // namespace rf::media
