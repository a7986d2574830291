// What the server counts of itself, for Prometheus.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"

namespace rf::server {

// Thread: any.
class Metrics {
 public:
  // One answered request. `what` is an operation's name or one of a few fixed words, never what a
  // caller wrote: each makes a series that stays.
  void count(std::string_view what, int status, Duration took);

  // Prometheus' text format 0.0.4.
  std::string text() const;

 private:
  // Upper bounds in seconds. Chosen: reads take milliseconds, films minutes.
  static constexpr std::array<double, 8> kBounds{0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60};

  struct Times {
    std::array<std::int64_t, kBounds.size()> below{};
    std::int64_t count = 0;
    double seconds = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, std::int64_t> answers_;
  std::map<std::string, Times, std::less<>> times_;
};

}  // namespace rf::server
