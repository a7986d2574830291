// One film, watched once by every analyser: frames and samples fan out to those that want them, and
// what each found comes together as the film's features.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "media/watch.h"
#include "model/features.h"

namespace rf::video {

// Grows when the same film would give other features.
inline constexpr std::string_view kAnalysisVersion = "2";

struct AnalyseOptions {
  std::vector<std::string> only;  // Analysers by name; empty: all.
  std::string models;             // Folder of ONNX files; empty: none.
  std::string transcript;         // Subtitles or words, the file's bytes; empty: none.
  bool fast = false;              // Skips pictures that no other refers to.
  int decoder_threads = 0;        // 0: as the decoder likes; does not change what is found.
};

// "motion", "shots", "faces", …; what follows from them (timing, hook, cta, recipe, dna) is always
// worked out from those that ran.
std::span<const std::string_view> analyser_names();

// Errors: invalid, when a name is not one of them.
Status check_only(const std::vector<std::string>& only);

// A fingerprint of everything but the file that decides what is found.
// Errors: not_found, when the models' folder is not there; unavailable.
// Cost: reads the models.
Result<std::string> analysis_method(const AnalyseOptions& options);

// The same file and options give the same features, whatever the number of threads.
// Errors: as of media::watch(); of the models' opening; invalid, corrupt: of the transcript.
Result<Features> analyse(const media::Decoder& decoder, const std::string& path,
                         const AnalyseOptions& options, Progress& progress);

// Fills what follows from the rest: timing, hook, cta, recipe and dna.
void add_story(Features& features, bool ends_as_it_began);

}  // namespace rf::video
