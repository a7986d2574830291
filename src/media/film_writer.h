// Pictures and sound in, a film out: MP4 with H.264 and AAC. The same pictures and samples give the
// same bytes on the same libraries.

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"

namespace rf::media {

struct FilmFormat {
  int width = 360;  // Even, as 4:2:0 wants it; the height too.
  int height = 640;
  int fps = 12;
  int audio_rate_hz = 44100;  // 0: a silent film.
  int audio_channels = 1;     // 2: the same samples on both sides.
  // Constant rate factor of H.264: 23 is the encoder's own, less is larger and better.
  int quality = 26;
};

// Pictures and samples may come in any order within about a second of each other; the file keeps
// them in step. Destroyed without finish(), it leaves a file that cannot be read.
// Thread: one at a time.
class FilmWriter {
 public:
  // Replaces what is at `path`.
  // Errors: invalid, for a format that cannot be; unsupported, when FFmpeg has no H.264 encoder;
  // unavailable, when the file cannot be written.
  static Result<FilmWriter> open(const std::string& path, const FilmFormat& format);

  FilmWriter(FilmWriter&&) noexcept;
  FilmWriter& operator=(FilmWriter&&) noexcept;
  ~FilmWriter();

  // The next picture.
  // Shape: height x width x 3, blue green red, row-major, no padding.
  // Errors: invalid, for another size; unavailable, when the disk is full.
  Status add_picture(std::span<const std::uint8_t> bgr);

  // The next samples, [-1, 1], one channel.
  // Errors: invalid, when the film is silent; unavailable.
  Status add_samples(std::span<const float> mono);

  // Ends the film: the file is whole when it returns.
  // Errors: unavailable.
  Status finish();

 private:
  struct Parts;
  explicit FilmWriter(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace rf::media
