// Watching a file once: every analyser gets the small pictures and the sound it asks for, from one
// pass of the decoder, which runs in a fenced process of its own.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "media/frame.h"

namespace rf::media {

// A stream of pictures that is wanted. A picture is scaled once for all taps of equal size and
// pixels; equal taps share memory.
struct Tap {
  Pixels pixels = Pixels::grey;
  int short_side_px = 180;  // The frame's short side; never scaled up beyond the source.
  double rate_hz = 0;       // At most this many a second, evenly spread; 0 is every picture.

  bool operator==(const Tap&) const = default;
};

// What the file says of itself, and what was found to be true of it.
struct MediaFacts {
  std::string container;
  std::string video_codec;  // Empty: there is no picture.
  std::string audio_codec;  // Empty: there is no sound.
  std::string pixel_format;
  int width = 0;  // As shown: after rotation and pixel aspect.
  int height = 0;
  int rotation_degrees = 0;
  bool hdr = false;
  bool variable_rate = false;
  double fps = 0;         // Pictures by seconds, over the whole stream where known.
  double duration_s = 0;  // As the container says; Watched has what was really there.
  int audio_rate_hz = 0;
  int audio_channels = 0;
  std::int64_t bytes = 0;
};

// What a file may cost before it is refused or cut off. Chosen for ads; a caller may raise them.
struct Limits {
  int side_px_max = 4320;  // Larger pictures are refused: a decompression bomb.
  int streams_max = 64;
  double duration_s_max = 4 * 3600;
  double wall_s = 600;
  double cpu_s = 1200;
  std::int64_t memory_bytes = std::int64_t{1} << 30;  // Address space of the decoder's process.
};

enum class Pace : std::uint8_t {
  every_frame,
  triage,  // Pictures that no other refers to are skipped where the codec marks them.
};

struct WatchOptions {
  std::vector<Tap> taps;
  int audio_rate_hz = 0;  // 0: no sound is wanted.
  bool channels = false;  // The sound's own channels are wanted as well; needs an audio_rate_hz.
  Pace pace = Pace::every_frame;
  bool vectors = false;  // The codec's motion vectors are wanted, where it has them.
  int threads = 0;       // Of the decoder; 0: as many as there are cores, at most 8.
  Limits limits;
};

// The side that watches. Calls come in order of time within each tap, from the caller's thread; an
// error that is returned ends the watching and is returned by it.
class Viewer {
 public:
  virtual ~Viewer() = default;
  // Once, before anything else.
  virtual Status begin(const MediaFacts& facts) = 0;
  // `tap` counts from 0 in WatchOptions::taps.
  virtual Status on_frame(std::size_t tap, const Frame& frame) = 0;
  virtual Status on_samples(const Samples& samples) = 0;
  // Only with WatchOptions::channels, and sound of which they can be given.
  virtual Status on_channels(const ChannelSamples&) { return {}; }
  // Only with WatchOptions::vectors.
  virtual Status on_vectors(const MotionVectors&) { return {}; }
};

// How the watching went.
struct Watched {
  MediaFacts facts;
  double duration_s = 0;    // Up to the end of the last picture or sample that was decoded.
  std::int64_t frames = 0;  // Decoded pictures.
  bool partial = false;     // Something was lost, cut off or skipped because of damage.
  std::vector<std::string> problems;  // In words, each once, with where it was found.
};

// Where the decoder's own program lies. Set once in app/, and by the tests' environment.
struct Decoder {
  std::string program;  // Path of the executable that decodes behind the fence.
};

// Watches the whole file. A file that breaks in the middle gives what was readable and
// Watched::partial; one of which nothing can be read is an error.
// Errors: not_found, corrupt, unsupported (no decoder, or nothing to see or hear), over_limit,
// conflict (cancelled), unavailable (the fence cannot be built).
// Cost: blocks for the length of the work; memory is bounded whatever the file.
Result<Watched> watch(const Decoder& decoder, const std::string& path, const WatchOptions& options,
                      Viewer& viewer, Progress& progress);

// Only the facts, without decoding more than is needed for them.
// Errors: as watch().
Result<MediaFacts> probe(const Decoder& decoder, const std::string& path, const Limits& limits);

}  // namespace rf::media
