// What tests of watching share: the decoder, the real films, and a viewer that keeps count.

#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "media/watch.h"

namespace rf::media {

inline std::string environment_for_test(const char* name) {
  // One thread so far. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

inline Decoder test_decoder() { return {.program = environment_for_test("RF_DECODER")}; }

inline std::string films_folder() {
  return environment_for_test("RF_SOURCE_DIR") + "/../shared/data/video";
}

// In the order of their names; empty where the shared data are absent.
inline std::vector<std::string> all_films() {
  std::vector<std::string> films;
  std::error_code absent;
  for (const auto& each : std::filesystem::recursive_directory_iterator(films_folder(), absent)) {
    const std::string extension = each.path().extension();
    if (extension == ".mp4" || extension == ".mov" || extension == ".webm" || extension == ".mp3") {
      films.push_back(each.path());
    }
  }
  std::sort(films.begin(), films.end());
  return films;
}

// Counts what comes, and folds it into one number for comparison.
class Tally : public Viewer {
 public:
  Status begin(const MediaFacts& given) override {
    facts = given;
    return {};
  }
  Status on_frame(std::size_t tap, const Frame& frame) override {
    times[tap].push_back(frame.t_s);
    for (const std::uint8_t each : frame.data) {
      hash = (hash ^ each) * 1099511628211ULL;
      total += each;
    }
    bytes += static_cast<std::int64_t>(frame.data.size());
    width[tap] = frame.width;
    height[tap] = frame.height;
    return {};
  }
  Status on_samples(const Samples& samples) override {
    if (next_sample < 0) first_sample = samples.first;
    next_sample = samples.first + std::ssize(samples.mono);
    for (const float each : samples.mono) {
      hash = (hash ^ static_cast<std::uint64_t>(static_cast<std::int64_t>(each * 32768))) *
             1099511628211ULL;
    }
    return {};
  }
  std::size_t frames(std::size_t tap) { return times[tap].size(); }
  double mean() const {
    return bytes == 0 ? 0 : static_cast<double>(total) / static_cast<double>(bytes);
  }

  MediaFacts facts;
  std::map<std::size_t, std::vector<double>> times;
  std::map<std::size_t, int> width;
  std::map<std::size_t, int> height;
  std::uint64_t hash = 14695981039346656037ULL;
  std::uint64_t total = 0;
  std::int64_t bytes = 0;
  std::int64_t first_sample = -1;
  std::int64_t next_sample = -1;
};

}  // namespace rf::media
