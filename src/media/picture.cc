#include "media/picture.h"

#include <cstring>
#include <vector>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>

#include "base/check.h"
#include "media/opencv_call.h"

namespace rf::media {

Result<std::string> to_jpeg(const Frame& frame, int quality) {
  RF_CHECK(quality >= 1 && quality <= 100);
  const std::string what = fmt::format("a picture of {}x{} as JPEG", frame.width, frame.height);
  std::vector<unsigned char> bytes;
  bool written = RF_TRY(call_opencv(ErrorCode::unsupported, what, [&] {
    cv::Mat picture(frame.height, frame.width, CV_8UC(channels_of(frame.pixels)));
    RF_CHECK(frame.data.size() == picture.total() * picture.elemSize());
    std::memcpy(picture.data, frame.data.data(), frame.data.size());
    return cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
  }));
  if (!written) return fail(ErrorCode::unsupported, what + ": cannot be written");
  return std::string(bytes.begin(), bytes.end());
}

}  // namespace rf::media
