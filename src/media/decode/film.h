// One opened film: its container, the picture and the sound that are worth decoding, what it says
// of itself.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "media/decode/av.h"
#include "media/decode/byte_source.h"
#include "media/decode/orientation.h"
#include "media/watch.h"

namespace rf::media {

// Where FFmpeg stands in the bytes.
struct FilmReader {
  ByteSource* source = nullptr;
  std::int64_t position = 0;
};

// Which stream is watched and its decoder; without a stream there is neither.
struct Track {
  AVStream* stream = nullptr;
  Av<AVCodecContext> codec;
};

struct Film {
  std::unique_ptr<FilmReader> reader;
  Av<AVIOContext> io;
  Av<AVFormatContext> format;
  Track picture;
  Track sound;
  Orientation orientation;
  MediaFacts facts;
  std::vector<std::string> problems;  // Found on the way; the film can be watched all the same.
};

struct FilmOptions {
  Limits limits;
  bool sound = true;
  bool triage = false;
  bool vectors = false;
  int threads = 1;
};

// Errors: corrupt, unsupported (nothing to see or hear, or no decoder for it), over_limit.
// Thread: one film at a time in a process; FFmpeg has one log.
Result<Film> open_film(ByteSource& source, const FilmOptions& options);

// A decoder has complained of pictures since the film was opened, perhaps before it gave the
// damaged ones.
bool heard_of_damage();

// False where the container marks the length of the stream as unknown.
bool states_duration(const AVStream& stream);

}  // namespace rf::media
