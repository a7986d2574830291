// Pictures as files of their own, small enough to stand in a page.

#pragma once

#include <string>

#include "base/result.h"
#include "media/frame.h"

namespace rf::media {

// The frame as JPEG bytes.
// REQUIRES: quality in [1, 100].
// Errors: unsupported, when the picture cannot be written that way.
Result<std::string> to_jpeg(const Frame& frame, int quality);

}  // namespace rf::media
