#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "media/face_detector.h"
#include "media/onnx_net.h"
#include "media/opencv_call.h"

namespace rf::media {
namespace {

// The longest side that the network sees. Measured on the annotated images and talking clips of
// face_detector_test: 320 finds as many faces as 640 for a quarter of the time.
constexpr int kSideMax = 320;
// Sides must be whole cells of the coarsest grid (2023: 32 pixels, 2022: 64).
constexpr int kCell2023 = 32;
constexpr int kCell2022 = 64;
constexpr double kConfidenceMin = 0.5;  // The notes' threshold.
constexpr double kOverlapMax =
    0.3;  // Faces rarely cover each other; as the model's authors have it.
constexpr std::size_t kFacesMax = 100;
constexpr double kRateHz = 5;
constexpr int kLandmarks = 5;

// Numbers of an output, read as doubles.
struct Numbers {
  const float* first = nullptr;
  double operator[](std::ptrdiff_t i) const { return static_cast<double>(first[i]); }
};

using Outputs = std::map<std::string, Numbers>;

double unit(double value) { return std::clamp(value, 0.0, 1.0); }

// One cell's or anchor's face. `centre`, `size`: as decoded.
FoundFace face_at(Spot centre, Spot size, double confidence) {
  FoundFace face;
  face.box = {centre.x - size.x / 2, centre.y - size.y / 2, size.x, size.y};
  face.confidence = confidence;
  return face;
}

// Every cell of three grids says how likely it holds a face (class times object), and where.
void decode_cells(const Outputs& outputs, int stride, int height, int width,
                  std::vector<FoundFace>& found) {
  const std::string suffix = fmt::format("_{}", stride);
  const Numbers cls = outputs.at("cls" + suffix);
  const Numbers obj = outputs.at("obj" + suffix);
  const Numbers bbox = outputs.at("bbox" + suffix);
  const Numbers kps = outputs.at("kps" + suffix);
  const int columns = width / stride;
  const std::ptrdiff_t cells = std::ptrdiff_t{height / stride} * columns;
  for (std::ptrdiff_t cell = 0; cell < cells; ++cell) {
    const double confidence = std::sqrt(unit(cls[cell]) * unit(obj[cell]));
    if (confidence < kConfidenceMin) continue;
    const double x = static_cast<double>(cell % columns);
    const double y = static_cast<double>(cell / columns);
    const Numbers box{bbox.first + cell * 4};
    FoundFace face = face_at({(x + box[0]) * stride, (y + box[1]) * stride},
                             {std::exp(box[2]) * stride, std::exp(box[3]) * stride}, confidence);
    Numbers spot{kps.first + cell * 2 * kLandmarks};
    for (int i = 0; i < kLandmarks; ++i, spot.first += 2)
      face.landmarks.push_back({(x + spot[0]) * stride, (y + spot[1]) * stride});
    found.push_back(std::move(face));
  }
}

// The anchors of one grid of the 2022 model. Source: the training repository's configuration.
struct AnchorGrid {
  int stride;
  std::vector<int> sides;
};

const std::vector<AnchorGrid>& anchor_grids() {
  static const std::vector<AnchorGrid> grids = {
      {8, {10, 16, 24}}, {16, {32, 48}}, {32, {64, 96}}, {64, {128, 192, 256}}};
  return grids;
}

// The 2022 network is sure of everything: its authors, and OpenCV, take .9 where others take .5. So
// that number is laid on .5, and what lies below and above it stretched to [0, .5) and [.5, 1].
// Measured on our faceless films: false faces reach .73 as a rule, true ones stand at .99 and more.
constexpr double kEvenRaw2022 = 0.9;

double calibrated_2022(double raw) {
  return raw < kEvenRaw2022 ? 0.5 * raw / kEvenRaw2022
                            : 0.5 + 0.5 * (raw - kEvenRaw2022) / (1 - kEvenRaw2022);
}

constexpr double kCentreVariance = 0.1;  // Of the box coding; likewise.
constexpr double kSizeVariance = 0.2;

void decode_anchors(const Outputs& outputs, int height, int width, std::vector<FoundFace>& found) {
  Numbers loc = outputs.at("loc");
  Numbers conf = outputs.at("conf");
  Numbers iou = outputs.at("iou");
  for (const AnchorGrid& grid : anchor_grids()) {
    const int columns = width / grid.stride;
    for (int cell = 0; cell < height / grid.stride * columns; ++cell) {
      for (int side : grid.sides) {
        const double confidence = calibrated_2022(std::sqrt(unit(conf[1]) * unit(iou[0])));
        if (confidence >= kConfidenceMin) {
          const double x = (cell % columns + 0.5) * grid.stride;
          const double y = (static_cast<double>(cell / columns) + 0.5) * grid.stride;
          const double shift = kCentreVariance * side;
          FoundFace face = face_at(
              {x + loc[0] * shift, y + loc[1] * shift},
              {side * std::exp(loc[2] * kSizeVariance), side * std::exp(loc[3] * kSizeVariance)},
              confidence);
          for (int i = 0; i < kLandmarks; ++i)
            face.landmarks.push_back({x + loc[4 + 2 * i] * shift, y + loc[5 + 2 * i] * shift});
          found.push_back(std::move(face));
        }
        loc.first += 14;
        conf.first += 2;
        iou.first += 1;
      }
    }
  }
}

// What each output must hold at that size, by name.
std::map<std::string, std::size_t> expected_2022(int height, int width) {
  std::size_t anchors = 0;
  for (const AnchorGrid& grid : anchor_grids())
    anchors += static_cast<std::size_t>(height / grid.stride) *
               static_cast<std::size_t>(width / grid.stride) * grid.sides.size();
  return {{"loc", anchors * 14}, {"conf", anchors * 2}, {"iou", anchors}};
}

std::map<std::string, std::size_t> expected_2023(int height, int width) {
  std::map<std::string, std::size_t> sizes;
  for (int stride : {8, 16, 32}) {
    const std::size_t cells =
        static_cast<std::size_t>(height / stride) * static_cast<std::size_t>(width / stride);
    sizes[fmt::format("cls_{}", stride)] = cells;
    sizes[fmt::format("obj_{}", stride)] = cells;
    sizes[fmt::format("bbox_{}", stride)] = cells * 4;
    sizes[fmt::format("kps_{}", stride)] = cells * 2 * kLandmarks;
  }
  return sizes;
}

// The outputs by name, when they are just those that are expected.
Result<Outputs> by_name(const OnnxNet& net, const std::vector<cv::Mat>& found,
                        const std::map<std::string, std::size_t>& expected) {
  Outputs outputs;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto wanted = expected.find(net.outputs()[i]);
    if (wanted == expected.end()) continue;
    if (found[i].total() != wanted->second)
      return fail(ErrorCode::unsupported,
                  fmt::format("output '{}' has {} numbers, expected {} at {} x {}", wanted->first,
                              found[i].total(), wanted->second, net.width(), net.height()));
    outputs[wanted->first] = {found[i].ptr<float>()};
  }
  for (const auto& [name, size] : expected) {
    if (!outputs.contains(name))
      return fail(ErrorCode::unsupported,
                  fmt::format("has no output '{}'; expected the outputs of YuNet 2022 (loc, conf, "
                              "iou) or 2023 (cls_8 to kps_32), found {}",
                              name, fmt::join(net.outputs(), ", ")));
  }
  return outputs;
}

class Yunet final : public FaceDetector {
 public:
  static Result<std::unique_ptr<FaceDetector>> open(const std::string& path) {
    auto opened = std::make_unique<Yunet>();
    opened->file_ = RF_TRY(read_onnx(path));
    opened->name_ = "yunet " + opened->file_.name;
    // Both kinds can run at this size; it decides which one it is and that it works at all.
    RF_TRY(opened->settle(2 * kCell2022, 2 * kCell2022));
    const std::vector<std::string>& names = opened->net_->outputs();
    opened->anchors_ = std::find(names.begin(), names.end(), "loc") != names.end();
    const int shape[] = {1, 3, opened->net_->height(), opened->net_->width()};
    Result<std::vector<FoundFace>> tried = opened->decode(cv::Mat(4, shape, CV_32F, cv::Scalar(0)));
    if (!tried) return std::move(tried).error().with(opened->file_.name);
    return std::unique_ptr<FaceDetector>(std::move(opened));
  }

  std::string_view name() const override { return name_; }
  double rate_hz() const override { return kRateHz; }

  Result<std::vector<FoundFace>> find(const Frame& frame) override {
    RF_CHECK(frame.pixels == Pixels::bgr && frame.width > 0 && frame.height > 0);
    const int cell = anchors_ ? kCell2022 : kCell2023;
    const double scale =
        std::min(1.0, static_cast<double>(kSideMax) / std::max(frame.width, frame.height));
    const int width = std::max(1, static_cast<int>(std::lround(frame.width * scale)));
    const int height = std::max(1, static_cast<int>(std::lround(frame.height * scale)));
    RF_TRY(settle((height + cell - 1) / cell * cell, (width + cell - 1) / cell * cell));
    const cv::Mat blob = RF_TRY(call_opencv(ErrorCode::unsupported, "scaling for YuNet", [&] {
      // OpenCV has no matrix over constant memory; it is only read.
      const cv::Mat whole(frame.height, frame.width, CV_8UC3,
                          // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
                          const_cast<std::uint8_t*>(frame.data.data()));
      cv::Mat canvas(net_->height(), net_->width(), CV_8UC3, cv::Scalar::all(0));
      cv::resize(whole, canvas(cv::Rect(0, 0, width, height)), {width, height}, 0, 0,
                 cv::INTER_AREA);
      return cv::dnn::blobFromImage(canvas);
    }));
    std::vector<FoundFace> faces = RF_TRY(decode(blob));
    return in_frame(std::move(faces), frame, static_cast<double>(frame.width) / width,
                    static_cast<double>(frame.height) / height);
  }

 private:
  Status settle(int height, int width) {
    if (net_ && net_->height() == height && net_->width() == width) return {};
    net_.reset();
    net_ = RF_TRY(OnnxNet::open(file_, height, width));
    return {};
  }

  Result<std::vector<FoundFace>> decode(const cv::Mat& blob) {
    const int height = net_->height();
    const int width = net_->width();
    const std::vector<cv::Mat> raw = RF_TRY(net_->run(blob));
    const Outputs outputs = RF_TRY(by_name(
        *net_, raw, anchors_ ? expected_2022(height, width) : expected_2023(height, width)));
    std::vector<FoundFace> found;
    if (anchors_) {
      decode_anchors(outputs, height, width, found);
    } else {
      for (int stride : {8, 16, 32}) decode_cells(outputs, stride, height, width, found);
    }
    return found;
  }

  static std::vector<FoundFace> in_frame(std::vector<FoundFace> found, const Frame& frame,
                                         double scale_x, double scale_y) {
    std::vector<FoundFace> faces;
    for (FoundFace& face : found) {
      const PixelBox& box = face.box;
      face.box =
          within({box.x * scale_x, box.y * scale_y, box.width * scale_x, box.height * scale_y},
                 frame.width, frame.height);
      // Also drops what is not a number, which a broken network may give.
      if (!(face.box.width > 0 && face.box.height > 0)) continue;
      for (Spot& spot : face.landmarks) spot = {spot.x * scale_x, spot.y * scale_y};
      faces.push_back(std::move(face));
    }
    return keep_best(std::move(faces), kOverlapMax, kFacesMax,
                     [](const FoundFace&, const FoundFace&) { return true; });
  }

  OnnxFile file_;
  std::string name_;
  bool anchors_ = false;
  std::optional<OnnxNet> net_;
};

}  // namespace

Result<std::unique_ptr<FaceDetector>> open_yunet(const std::string& path) {
  return Yunet::open(path);
}

}  // namespace rf::media
