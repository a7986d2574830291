#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "media/object_detector.h"
#include "media/onnx_net.h"
#include "media/opencv_call.h"
#include "media/yolo_output.h"

namespace rf::media {
namespace {

constexpr double kConfidenceMin = 0.4;  // The notes' threshold.
constexpr int kCell = 32;
constexpr int kSideFree =
    416;  // Where the model leaves its size open: what nano models are made for.
// The longest side for YOLOX, whatever square it was exported for: 16 x 9 cells of 32 pixels, in
// all no more pixels than its square of 416. Measured on the five clips of object_detector_test: of
// 30 cups 416 saw 3, 512 saw 8, 640 saw 12; 26, 35 and 60 ms a picture.
constexpr int kSideGrids = 512;
constexpr int kSideMax = 1280;  // Larger inputs cost more than an ad is worth; refused.
// The grey that the family's training pads with. Source: YOLOX and YOLOv5, letterbox.
constexpr int kPadding = 114;

int whole_cells(double side) {
  return std::max(1, static_cast<int>(std::ceil(side / kCell))) * kCell;
}

class Yolo final : public ObjectDetector {
 public:
  static Result<std::unique_ptr<ObjectDetector>> open(const std::string& path) {
    auto opened = std::make_unique<Yolo>();
    opened->file_ = RF_TRY(read_onnx(path));
    const OnnxInput input = RF_TRY(picture_input(opened->file_.bytes));
    RF_TRY(opened->settle_size(input));
    Status known = opened->know_layout();
    if (!known) return std::move(known).error().with(opened->file_.name);
    opened->name_ = fmt::format("{} {}", rf::media::name_of(opened->layout_), opened->file_.name);
    return std::unique_ptr<ObjectDetector>(std::move(opened));
  }

  std::string_view name() const override { return name_; }

  Result<std::vector<FoundObject>> find(const Frame& frame) override {
    RF_CHECK(frame.pixels == Pixels::bgr && frame.width > 0 && frame.height > 0);
    const bool grids = layout_ == YoloLayout::yolox;
    const double scale = std::min(static_cast<double>(grids ? kSideGrids : width_) / frame.width,
                                  static_cast<double>(grids ? kSideGrids : height_) / frame.height);
    const int width = std::max(1, static_cast<int>(std::lround(frame.width * scale)));
    const int height = std::max(1, static_cast<int>(std::lround(frame.height * scale)));
    RF_TRY(fit(height, width));
    const cv::Mat blob = RF_TRY(prepare(frame, height, width));
    const cv::Mat numbers = RF_TRY(run(blob));
    std::vector<FoundObject> found;
    for (FoundObject& each : read_yolo(layout_, {numbers.ptr<float>(), numbers.total()},
                                       net_->height(), net_->width(), kConfidenceMin)) {
      const double back_x = static_cast<double>(frame.width) / width;
      const double back_y = static_cast<double>(frame.height) / height;
      each.box = within({each.box.x * back_x, each.box.y * back_y, each.box.width * back_x,
                         each.box.height * back_y},
                        frame.width, frame.height);
      if (each.box.width > 0 && each.box.height > 0) found.push_back(each);
    }
    return found;
  }

 private:
  Status settle_size(const OnnxInput& input) {
    height_ = input.shape[2] > 0 ? static_cast<int>(std::min<std::int64_t>(input.shape[2], 1 << 20))
                                 : kSideFree;
    width_ = input.shape[3] > 0 ? static_cast<int>(std::min<std::int64_t>(input.shape[3], 1 << 20))
                                : kSideFree;
    const bool sound =
        std::max(height_, width_) <= kSideMax && height_ % kCell == 0 && width_ % kCell == 0;
    if (sound) return {};
    return fail(ErrorCode::unsupported,
                fmt::format("{}: takes pictures of {} x {}; expected multiples of {} up to {}",
                            file_.name, width_, height_, kCell, kSideMax));
  }

  Status know_layout() {
    net_ = RF_TRY(OnnxNet::open(file_, height_, width_));
    const int shape[] = {1, 3, height_, width_};
    const std::vector<cv::Mat> outputs =
        RF_TRY(net_->run(cv::Mat(4, shape, CV_32F, cv::Scalar(0))));
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const cv::Mat& each = outputs[i];
      if (each.dims != 3 || each.size[0] != 1) continue;
      layout_ = RF_TRY(yolo_layout(static_cast<std::size_t>(each.size[1]),
                                   static_cast<std::size_t>(each.size[2]), height_, width_));
      output_ = i;
      return {};
    }
    return fail(ErrorCode::unsupported,
                fmt::format("has no output of three dimensions among {}; expected that of yolox, "
                            "yolov5 or yolov8",
                            fmt::join(net_->outputs(), ", ")));
  }

  // YOLOX runs at any size, so films need no bars to a square and small things get more pixels. The
  // others carry their grids as constants and are padded to the full square.
  Status fit(int height, int width) {
    if (layout_ != YoloLayout::yolox) return {};
    const int rows = whole_cells(height);
    const int columns = whole_cells(width);
    if (net_ && net_->height() == rows && net_->width() == columns) return {};
    net_.reset();
    net_ = RF_TRY(OnnxNet::open(file_, rows, columns));
    return {};
  }

  Result<cv::Mat> prepare(const Frame& frame, int height, int width) const {
    return call_opencv(ErrorCode::unsupported, "scaling for YOLO", [&] {
      // OpenCV has no matrix over constant memory; it is only read.
      const cv::Mat whole(frame.height, frame.width, CV_8UC3,
                          // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
                          const_cast<std::uint8_t*>(frame.data.data()));
      cv::Mat canvas(net_->height(), net_->width(), CV_8UC3, cv::Scalar::all(kPadding));
      cv::resize(whole, canvas(cv::Rect(0, 0, width, height)), {width, height}, 0, 0,
                 width < frame.width ? cv::INTER_AREA : cv::INTER_LINEAR);
      const bool raw = layout_ == YoloLayout::yolox;
      return cv::dnn::blobFromImage(canvas, raw ? 1.0 : 1.0 / 255.0, {}, {}, !raw);
    });
  }

  Result<cv::Mat> run(const cv::Mat& blob) {
    const std::vector<cv::Mat> outputs = RF_TRY(net_->run(blob));
    const std::size_t cells = yolo_cells(net_->height(), net_->width());
    const std::size_t expected = layout_ == YoloLayout::yolov8   ? 84 * cells
                                 : layout_ == YoloLayout::yolov5 ? 85 * 3 * cells
                                                                 : 85 * cells;
    if (output_ >= outputs.size() || outputs[output_].total() != expected)
      return fail(ErrorCode::unsupported,
                  fmt::format("{}: cannot run at {} x {}", name_, net_->width(), net_->height()));
    return outputs[output_];
  }

  OnnxFile file_;
  std::string name_;
  YoloLayout layout_ = YoloLayout::yolox;
  std::size_t output_ = 0;
  int height_ = 0;  // Of the model; the net in use may be smaller.
  int width_ = 0;
  std::optional<OnnxNet> net_;
};

}  // namespace

Result<std::unique_ptr<ObjectDetector>> open_yolo(const std::string& path) {
  return Yolo::open(path);
}

}  // namespace rf::media
