#include "media/onnx_net.h"

#include <utility>

#include "media/opencv_call.h"

namespace rf::media {

Result<OnnxNet> OnnxNet::open(const OnnxFile& file, int height, int width) {
  settle_opencv();
  const std::string bytes = RF_TRY(with_input_size(file.bytes, height, width));
  OnnxNet opened;
  opened.height_ = height;
  opened.width_ = width;
  RF_TRY(call_opencv(ErrorCode::unsupported, file.name, [&] {
    opened.net_ = cv::dnn::readNetFromONNX(bytes.data(), bytes.size());
    opened.net_.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    opened.net_.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
    opened.outputs_ = opened.net_.getUnconnectedOutLayersNames();
  }));
  if (opened.outputs_.empty())
    return fail(ErrorCode::unsupported, file.name + ": the network has no output");
  // A first run on nothing: whatever the runtime cannot do, it says here and not amid a film.
  const int shape[] = {1, 3, height, width};
  Result<std::vector<cv::Mat>> tried = opened.run(cv::Mat(4, shape, CV_32F, cv::Scalar(0)));
  if (!tried) return std::move(tried).error().with(file.name);
  return opened;
}

Result<std::vector<cv::Mat>> OnnxNet::run(const cv::Mat& blob) {
  std::vector<cv::Mat> found;
  RF_TRY(call_opencv(ErrorCode::unsupported, "running the network", [&] {
    net_.setInput(blob);
    net_.forward(found, outputs_);
  }));
  for (const cv::Mat& each : found) {
    if (each.type() != CV_32F || !each.isContinuous())
      return fail(ErrorCode::unsupported, "running the network: an output is not plain floats");
  }
  return found;
}

}  // namespace rf::media
