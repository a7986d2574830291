#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include "base/file.h"
#include "base/sha256.h"
#include "media/face_detector.h"
#include "media/opencv_call.h"

namespace rf::media {
namespace {

// Measured on 22 frames of talking heads and 67 without people, over three cascades, two sizes, two
// steps and two counts of neighbours: the default cascade at these settings found 22 of 22 and
// nothing in the 67, for 7 ms a picture; "alt" found 18, "alt2" 19, for as much or more.
constexpr int kNeighbours = 5;
// Of the short side. Smaller faces are searched by YuNet only: each step down costs as much as all
// steps above it together.
constexpr double kFaceMin = 1.0 / 6;
constexpr double kConfidenceMin = 0.5;
// The weight of the last stage at which confidence is one half. On the frames above the cascade's
// lone false find had 3.1 and all but one in twenty of the true ones more than 3.7.
constexpr double kWeightHalf = 3.0;
// One picture costs about three times YuNet's, so that it is asked less often.
constexpr double kRateHz = 1;
constexpr std::int64_t kBytesMax = std::int64_t{16} << 20;

class Haar final : public FaceDetector {
 public:
  static Result<std::unique_ptr<FaceDetector>> open(const std::string& path,
                                                    const HaarOptions& options) {
    RF_CHECK(options.short_side_px > 0 && options.scale_step > 1);
    settle_opencv();
    const std::string bytes = RF_TRY(read_file(path, kBytesMax));
    const std::string base = path.substr(path.find_last_of('/') + 1);
    auto opened = std::make_unique<Haar>();
    opened->options_ = options;
    opened->name_ = fmt::format("haar {} sha256:{}", base, sha256_hex(bytes).substr(0, 12));
    const bool loaded = RF_TRY(call_opencv(ErrorCode::corrupt, base, [&] {
      const cv::FileStorage storage(bytes, cv::FileStorage::READ | cv::FileStorage::MEMORY);
      return opened->cascade_.read(storage.getFirstTopLevelNode());
    }));
    if (!loaded || opened->cascade_.empty())
      return fail(ErrorCode::corrupt, base + ": is not a cascade of OpenCV's");
    return std::unique_ptr<FaceDetector>(std::move(opened));
  }

  std::string_view name() const override { return name_; }
  double rate_hz() const override { return kRateHz; }

  Result<std::vector<FoundFace>> find(const Frame& frame) override {
    RF_CHECK(frame.pixels == Pixels::bgr && frame.width > 0 && frame.height > 0);
    std::vector<cv::Rect> boxes;
    std::vector<int> levels;
    std::vector<double> weights;
    const double scale = std::min(
        1.0, static_cast<double>(options_.short_side_px) / std::min(frame.width, frame.height));
    const int width = std::max(1, static_cast<int>(std::lround(frame.width * scale)));
    const int height = std::max(1, static_cast<int>(std::lround(frame.height * scale)));
    RF_TRY(call_opencv(ErrorCode::unsupported, "the cascade", [&] {
      // OpenCV has no matrix over constant memory; it is only read.
      const cv::Mat whole(frame.height, frame.width, CV_8UC3,
                          // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
                          const_cast<std::uint8_t*>(frame.data.data()));
      cv::Mat small;
      cv::resize(whole, small, {width, height}, 0, 0, cv::INTER_AREA);
      cv::Mat grey;
      cv::cvtColor(small, grey, cv::COLOR_BGR2GRAY);
      cv::equalizeHist(grey, grey);
      const int side = static_cast<int>(std::min(width, height) * kFaceMin);
      cascade_.detectMultiScale(grey, boxes, levels, weights, options_.scale_step, kNeighbours, 0,
                                {side, side}, {}, true);
    }));
    return in_frame(boxes, weights, static_cast<double>(frame.width) / width,
                    static_cast<double>(frame.height) / height);
  }

 private:
  static std::vector<FoundFace> in_frame(const std::vector<cv::Rect>& boxes,
                                         const std::vector<double>& weights, double scale_x,
                                         double scale_y) {
    std::vector<FoundFace> faces;
    for (std::size_t i = 0; i < boxes.size() && i < weights.size(); ++i) {
      // Not a probability: a weight on [0, 1), for which one half is where false finds end.
      const double weight = std::max(0.0, weights[i]);
      FoundFace face;
      face.confidence = weight / (weight + kWeightHalf);
      if (face.confidence < kConfidenceMin) continue;
      face.box = {boxes[i].x * scale_x, boxes[i].y * scale_y, boxes[i].width * scale_x,
                  boxes[i].height * scale_y};
      faces.push_back(std::move(face));
    }
    std::stable_sort(faces.begin(), faces.end(), [](const FoundFace& a, const FoundFace& b) {
      return a.confidence > b.confidence;
    });
    return faces;
  }

  HaarOptions options_;
  cv::CascadeClassifier cascade_;
  std::string name_;
};

}  // namespace

Result<std::unique_ptr<FaceDetector>> open_haar(const std::string& path,
                                                const HaarOptions& options) {
  return Haar::open(path, options);
}

}  // namespace rf::media
