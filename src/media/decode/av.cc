#include "media/decode/av.h"

#include <array>

extern "C" {
#include <libavutil/error.h>
}

#include <fmt/format.h>

namespace rf::media {

Error av_error(std::string_view what, int code) {
  if (code == AVERROR(ENOMEM)) {
    return fail(ErrorCode::over_limit,
                fmt::format("{}: needs more memory than a film may take", what));
  }
  std::array<char, AV_ERROR_MAX_STRING_SIZE> words{};
  if (av_strerror(code, words.data(), words.size()) < 0) {
    return fail(ErrorCode::corrupt, fmt::format("{}: error {}", what, code));
  }
  return fail(ErrorCode::corrupt, fmt::format("{}: {}", what, words.data()));
}

}  // namespace rf::media
