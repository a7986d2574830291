// A plan becomes a film.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/progress.h"
#include "base/result.h"
#include "create/render_plan.h"

namespace rf::create {

struct Rendered {
  std::int64_t pictures = 0;
  std::optional<double> loudness_lufs;  // Null: silence.
  std::optional<double> true_peak_dbtp;
};

// Writes an MP4 at `path`, or leaves what was there: it appears whole or not at all. The same plan
// gives the same bytes with the same libraries and fonts.
// Errors: invalid, over_limit, as check(); unavailable, when it cannot be written; unsupported,
// without an H.264 encoder; conflict, when cancelled.
Result<Rendered> render(const RenderPlan& plan, const std::string& path, Progress& progress);

}  // namespace rf::create
