#include "media/picture.h"

#include <cstring>
#include <vector>

#include <fmt/format.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "base/check.h"

namespace rf::media {

Result<std::string> to_jpeg(const Frame& frame, int quality) {
  RF_CHECK(quality >= 1 && quality <= 100);
  const int channels = channels_of(frame.pixels);
  // OpenCV may throw for any reason of its own; none may pass from here.
  try {
    cv::Mat picture(frame.height, frame.width, CV_8UC(channels));
    RF_CHECK(frame.data.size() == picture.total() * picture.elemSize());
    std::memcpy(picture.data, frame.data.data(), frame.data.size());
    std::vector<unsigned char> bytes;
    if (cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, quality})) {
      return std::string(bytes.begin(), bytes.end());
    }
  } catch (const cv::Exception& exception) {
    return fail(ErrorCode::unsupported, fmt::format("a picture of {}x{} as JPEG: {}", frame.width,
                                                    frame.height, exception.err));
  }
  return fail(ErrorCode::unsupported, fmt::format("a picture of {}x{} cannot be written as JPEG",
                                                  frame.width, frame.height));
}

}  // namespace rf::media
