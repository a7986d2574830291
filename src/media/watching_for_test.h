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

// Defined by the program that asks.
std::string environment_for_test(const char* name);

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

inline WatchOptions usual_options() {
  return {.taps = {{Pixels::grey, 180, 0}, {Pixels::bgr, 360, 5}, {Pixels::bgr, 416, 1}},
          .audio_rate_hz = 22050};
}

// A folder for one test, gone with it.
class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "rf_media_XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A film made by the ffmpeg command line with those arguments; the path of its file.
inline std::string film_from(const std::filesystem::path& folder, const std::string& name,
                             const std::string& arguments) {
  const std::string path = (folder / name).string();
  const std::string command = "ffmpeg -nostdin -v error -y " + arguments + " " + path;
  // One thread so far. NOLINTNEXTLINE(concurrency-mt-unsafe)
  return std::system(command.c_str()) == 0 ? path : "";
}

// A moving test card of 320 x 240 with a tone.
inline std::string composed_film(const std::filesystem::path& folder, const std::string& name,
                                 const std::string& arguments) {
  return film_from(folder, name,
                   "-f lavfi -i testsrc2=s=320x240:r=30 -f lavfi -i sine=440:sample_rate=44100 "
                   "-c:v libx264 -preset ultrafast -bf 2 -g 15 -pix_fmt yuv420p -c:a aac " +
                       arguments);
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
      hash = (hash ^ each) * kPrime;
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
      sound_hash =
          (sound_hash ^ static_cast<std::uint64_t>(static_cast<std::int64_t>(each * 32768))) *
          kPrime;
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
  // Sound and pictures each for itself: how they are interleaved depends on the threads.
  static constexpr std::uint64_t kPrime = 1099511628211ULL;
  std::uint64_t hash = 14695981039346656037ULL;
  std::uint64_t sound_hash = 14695981039346656037ULL;
  std::uint64_t total = 0;
  std::int64_t bytes = 0;
  std::int64_t first_sample = -1;
  std::int64_t next_sample = -1;
};

}  // namespace rf::media
