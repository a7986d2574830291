// A network that is ready to run on pictures of one size.

#pragma once

#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/dnn/dnn.hpp>

#include "base/result.h"
#include "media/onnx_file.h"

namespace rf::media {

class OnnxNet {
 public:
  // Errors: unsupported, when the runtime cannot run the graph at that size.
  static Result<OnnxNet> open(const OnnxFile& file, int height, int width);

  int height() const { return height_; }
  int width() const { return width_; }
  // Of the outputs of run(), in the same order.
  const std::vector<std::string>& outputs() const { return outputs_; }

  // Shape: `blob` is 1 x 3 x height() x width() floats.
  // Errors: unsupported.
  Result<std::vector<cv::Mat>> run(const cv::Mat& blob);

 private:
  cv::dnn::Net net_;
  std::vector<std::string> outputs_;
  int height_ = 0;
  int width_ = 0;
};

}  // namespace rf::media
