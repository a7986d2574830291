#include "server/metrics.h"

#include <fmt/format.h>

namespace rf::server {

void Metrics::count(std::string_view what, int status, Duration took) {
  const double seconds = static_cast<double>(took.count()) / 1e6;
  const std::lock_guard lock(mutex_);
  ++answers_[{std::string(what), status}];
  auto found = times_.find(what);
  if (found == times_.end()) found = times_.emplace(what, Times{}).first;
  Times& times = found->second;
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    if (seconds <= kBounds[i]) ++times.below[i];
  }
  ++times.count;
  times.seconds += seconds;
}

std::string Metrics::text() const {
  const std::lock_guard lock(mutex_);
  std::string out =
      "# HELP reelforge_http_requests_total Requests answered.\n"
      "# TYPE reelforge_http_requests_total counter\n";
  for (const auto& [key, count] : answers_) {
    out += fmt::format("reelforge_http_requests_total{{operation=\"{}\",status=\"{}\"}} {}\n",
                       key.first, key.second, count);
  }
  out +=
      "# HELP reelforge_http_request_seconds Time to answer.\n"
      "# TYPE reelforge_http_request_seconds histogram\n";
  constexpr std::string_view kName = "reelforge_http_request_seconds";
  for (const auto& [what, times] : times_) {
    for (std::size_t i = 0; i < kBounds.size(); ++i) {
      out += fmt::format("{}_bucket{{operation=\"{}\",le=\"{}\"}} {}\n", kName, what, kBounds[i],
                         times.below[i]);
    }
    out += fmt::format("{}_bucket{{operation=\"{}\",le=\"+Inf\"}} {}\n", kName, what, times.count);
    out += fmt::format("{}_sum{{operation=\"{}\"}} {}\n", kName, what, times.seconds);
    out += fmt::format("{}_count{{operation=\"{}\"}} {}\n", kName, what, times.count);
  }
  return out;
}

}  // namespace rf::server
