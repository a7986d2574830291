// Finding faces in a picture: a neural network where its file is given, else the classical cascade
// that Debian brings. Which one it is stands in the name, and goes with every feature it makes.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "media/frame.h"
#include "media/pixel_box.h"

namespace rf::media {

struct Spot {
  double x = 0;
  double y = 0;

  bool operator==(const Spot&) const = default;
};

struct FoundFace {
  PixelBox box;                 // Within the frame.
  double confidence = 0;        // [0, 1]
  std::vector<Spot> landmarks;  // Right eye, left eye, nose, right and left mouth corner; or none.

  bool operator==(const FoundFace&) const = default;
};

class FaceDetector {
 public:
  virtual ~FaceDetector() = default;

  // Kind, file and fingerprint: "yunet face_detection_yunet_2023mar.onnx sha256:0123456789ab".
  virtual std::string_view name() const = 0;

  // How many pictures a second it can afford in a report that should cost little more than decoding
  // the film. Units: hertz.
  virtual double rate_hz() const = 0;

  // Everything with a confidence of at least .5, most confident first.
  // REQUIRES: frame.pixels is bgr.
  // Errors: unsupported, when the network cannot run at this size.
  // Thread: one call at a time.
  virtual Result<std::vector<FoundFace>> find(const Frame& frame) = 0;
};

// YuNet, as published in 2022 (outputs loc, conf, iou over anchors) or 2023 (outputs without
// anchors); which one is seen from the outputs' names.
// Errors: not_found; corrupt; unsupported, with what was found and expected.
// Source: Wu, Peng & Yu 2023, doi:10.1007/s11633-023-1423-y; box coding of SSD, doi:10.1007/978-3-319-46448-0_2.
Result<std::unique_ptr<FaceDetector>> open_yunet(const std::string& path);

// How the cascade is run. The defaults are measured: see face_haar.cc.
struct HaarOptions {
  int short_side_px = 180;  // Larger pictures are scaled down to it.
  double scale_step = 1.2;  // From one face size to the next.
};

// Viola and Jones' cascade of Haar-like features, from an OpenCV cascade file.
// Errors: not_found; corrupt.
// Source: Viola & Jones 2004, doi:10.1023/B:VISI.0000013087.49260.fb.
Result<std::unique_ptr<FaceDetector>> open_haar(const std::string& path,
                                                const HaarOptions& options = {});

// Debian's opencv-data.
inline constexpr std::string_view kHaarPath =
    "/usr/share/opencv4/haarcascades/haarcascade_frontalface_default.xml";

struct FaceDetectorChoice {
  std::unique_ptr<FaceDetector> detector;
  std::vector<std::string> passed_over;  // Models that were there and could not be used, and why.
};

// The first that opens: face_detection_yunet_*.onnx of the folder, latest name first, then the
// cascade. An empty folder name means that no models were given.
// Errors: not_found, when the folder is not there; as open_haar(), when nothing opens.
Result<FaceDetectorChoice> choose_face_detector(const std::string& models_folder);

}  // namespace rf::media
