#include "media/libraries.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <ebur128.h>
#include <fmt/format.h>
#include <opencv2/core/utility.hpp>
#include <seccomp.h>
#include <tesseract/baseapi.h>

namespace rf {
namespace {

std::string dotted(unsigned version) {
  return fmt::format("{}.{}.{}", version >> 16, version >> 8 & 255, version & 255);
}

std::string loudness_version() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  ebur128_get_version(&major, &minor, &patch);
  return fmt::format("{}.{}.{}", major, minor, patch);
}

std::string fence_version() {
  const scmp_version* version = seccomp_version();
  return fmt::format("{}.{}.{}", version->major, version->minor, version->micro);
}

}  // namespace

std::vector<LibraryVersion> media_libraries() {
  return {{"ffmpeg", av_version_info()},
          {"libavcodec", dotted(avcodec_version())},
          {"libavformat", dotted(avformat_version())},
          {"libebur128", loudness_version()},
          {"libseccomp", fence_version()},
          {"libswresample", dotted(swresample_version())},
          {"libswscale", dotted(swscale_version())},
          {"opencv", cv::getVersionString()},
          {"tesseract", tesseract::TessBaseAPI::Version()}};
}

}  // namespace rf
