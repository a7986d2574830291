// Pictures for tests: drawn in memory, or read from a film by the ffmpeg program, which is the
// tests' own way to them and not ours.

#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "media/frame.h"

namespace rf::media {

// A frame that owns its memory.
struct OwnFrame {
  double t_s = 0;
  int width = 0;
  int height = 0;
  Pixels pixels = Pixels::bgr;
  std::vector<std::uint8_t> data;

  Frame frame() const {
    return {t_s, static_cast<std::int64_t>(t_s * 30), width, height, pixels, data};
  }
};

inline OwnFrame blank(int width, int height, Pixels pixels, std::uint8_t value) {
  const std::size_t size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                           static_cast<std::size_t>(channels_of(pixels));
  return {0, width, height, pixels, std::vector<std::uint8_t>(size, value)};
}

// The films and pictures that stand beside the repository, where there are any.
inline std::string shared_video(const std::string& name) {
  // Tests do not change their environment. NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* root = std::getenv("RF_SOURCE_DIR");
  return fmt::format("{}/../shared/data/video/{}", root == nullptr ? "." : root, name);
}

inline bool is_there(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

// What a shell command prints.
inline std::string printed(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  std::array<char, 1 << 16> buffer{};
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    out.append(buffer.data(), n);
  pclose(pipe);
  return out;
}

// The first `seconds_max` of a film at `rate_hz`, scaled to a short side; at rate 0 a single
// picture.
inline std::vector<OwnFrame> frames_of(const std::string& path, Pixels pixels, int short_side,
                                       double rate_hz, double seconds_max = 30) {
  std::vector<OwnFrame> frames;
  const std::string scale =
      (rate_hz > 0 ? fmt::format("fps={},", rate_hz) : std::string()) +
      fmt::format("scale='if(gt(iw,ih),-2,{0})':'if(gt(iw,ih),{0},-2)':flags=area", short_side);
  // A PGM or PPM file per picture says its own size.
  const std::string raw =
      printed(fmt::format("ffmpeg -v quiet -i '{}' -t {} -vf \"{}\" -f image2pipe -c:v {} -", path,
                          seconds_max, scale, pixels == Pixels::grey ? "pgm" : "ppm"));
  std::size_t at = 0;
  while (at < raw.size()) {
    OwnFrame next;
    int used = 0;
    if (std::sscanf(raw.c_str() + at, "P%*c %d %d 255%n", &next.width, &next.height, &used) != 2)
      break;
    at += static_cast<std::size_t>(used) + 1;
    next.pixels = pixels;
    next.t_s = rate_hz > 0 ? static_cast<double>(frames.size()) / rate_hz : 0;
    const std::size_t size = static_cast<std::size_t>(next.width) *
                             static_cast<std::size_t>(next.height) *
                             static_cast<std::size_t>(channels_of(pixels));
    if (at + size > raw.size()) break;
    next.data.assign(raw.begin() + static_cast<std::ptrdiff_t>(at),
                     raw.begin() + static_cast<std::ptrdiff_t>(at + size));
    if (pixels == Pixels::bgr) {
      for (std::size_t i = 0; i + 2 < size; i += 3) std::swap(next.data[i], next.data[i + 2]);
    }
    at += size;
    frames.push_back(std::move(next));
  }
  return frames;
}

}  // namespace rf::media
