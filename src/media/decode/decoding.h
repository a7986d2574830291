// The whole way through a film: read, decode, scale for each tap, place the sound.
//
// Runs in the decoder's process, and in fuzzers and benchmarks without the fence.

#pragma once

#include <string>
#include <vector>

#include "media/decode/byte_source.h"
#include "media/decode/outlet.h"

namespace rf::media {

struct Ending {
  double duration_s = 0;
  std::int64_t frames = 0;
  bool partial = false;
  bool variable_rate = false;
  double fps = 0;
  std::vector<std::string> problems;
};

// Damage ends in Ending::partial and problems, once anything was decoded at all.
// REQUIRES: at most wire::kTapsMax taps.
// Errors: corrupt, unsupported, over_limit, and the outlet's.
Result<Ending> decode_film(ByteSource& source, const WatchOptions& options, Outlet& outlet);

// Errors: corrupt, unsupported, over_limit.
Result<MediaFacts> describe_film(ByteSource& source, const Limits& limits);

}  // namespace rf::media
