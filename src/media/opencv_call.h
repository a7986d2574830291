// Calling OpenCV: its exceptions end here as errors, it keeps quiet, and it computes on the calling
// thread alone.
//
// One thread, because films are analysed side by side in processes of their own: inner threads
// would only wait for each other, and cost processor time for the same pictures.

#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>

#include "base/result.h"

namespace rf::media {

inline void settle_opencv() {
  cv::setNumThreads(1);
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
}

// What `call` gives, a plain value or nothing.
// Errors: `code`, in OpenCV's words.
template <typename Call>
auto call_opencv(ErrorCode code, std::string_view what, Call call)
    -> Result<std::invoke_result_t<Call>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Call>>) {
      call();
      return {};
    } else {
      return call();
    }
  } catch (const cv::Exception& error) {
    return fail(code, std::string(what) + ": " + error.err);
  } catch (const std::exception& error) {
    return fail(code, std::string(what) + ": " + error.what());
  }
}

}  // namespace rf::media
