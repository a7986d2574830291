// A film's features as one page for a browser: pictures, curves, lanes, scores, what to change.
// Nothing is fetched and nothing runs; names and words out of files are escaped.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "media/watch.h"
#include "model/features.h"

namespace rf::api {

struct StripPicture {
  double t_s = 0;
  std::string jpeg;
};

// Pictures of the film at even distances.
// Errors: as of media::watch().
// Cost: decodes the film once more.
Result<std::vector<StripPicture>> frame_strip(const media::Decoder& decoder,
                                              const Features& features, Progress& progress);

// The whole page, UTF-8.
std::string video_page(const Features& features, const std::vector<StripPicture>& strip);

// `text` so that HTML shows it and obeys none of it.
std::string html_escaped(std::string_view text);

}  // namespace rf::api
