// The analysers as parts of one watching: which pictures and sounds each wants, and what each puts
// into the features.

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/watch.h"
#include "model/features.h"
#include "video/analyse.h"

namespace rf::video {

class Part {
 public:
  virtual ~Part() = default;
  virtual std::vector<media::Tap> taps() const { return {}; }
  virtual int audio_rate_hz() const { return 0; }
  virtual bool wants_channels() const { return false; }
  virtual Status begin(const media::MediaFacts&) { return {}; }
  // `tap` counts from 0 in this part's own taps().
  virtual Status on_frame(std::size_t, const media::Frame&) { return {}; }
  virtual Status on_samples(const media::Samples&) { return {}; }
  virtual Status on_channels(const media::ChannelSamples&) { return {}; }
  // Once, after everything; parts finish in the order in which they stand, each seeing what those
  // before it found.
  virtual Status finish(Features& features) = 0;
};

// The parts of one watching, with what they share.
class Parts {
 public:
  virtual ~Parts() = default;
  std::vector<std::unique_ptr<Part>> parts;
  virtual bool ends_as_it_began() const = 0;
};

// The parts that the options ask for. What a model could not do is said in `problems`.
// Errors: invalid or corrupt: the transcript; of the models' opening.
Result<std::unique_ptr<Parts>> parts_for(const AnalyseOptions& options,
                                         std::vector<std::string>& problems);

}  // namespace rf::video
