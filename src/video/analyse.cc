#include "video/analyse.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "base/sha256.h"
#include "video/analyse_parts.h"
#include "video/cta.h"
#include "video/dna.h"
#include "video/hook.h"
#include "video/recipe_traits.h"
#include "video/seen.h"
#include "video/timing.h"

namespace rf::video {
namespace {

// Hands each picture to the parts that asked for it.
class FanOut final : public media::Viewer {
 public:
  explicit FanOut(std::vector<std::unique_ptr<Part>>& parts) : parts_(parts) {}

  media::WatchOptions wanted() {
    media::WatchOptions options;
    for (const auto& part : parts_) {
      std::size_t own = 0;
      for (const media::Tap& tap : part->taps()) {
        options.taps.push_back(tap);
        routes_.push_back({part.get(), own++});
      }
      options.audio_rate_hz = std::max(options.audio_rate_hz, part->audio_rate_hz());
      options.channels = options.channels || part->wants_channels();
    }
    return options;
  }

  Status begin(const media::MediaFacts& facts) override {
    for (const auto& part : parts_) RF_TRY(part->begin(facts));
    return {};
  }
  Status on_frame(std::size_t tap, const media::Frame& frame) override {
    return routes_[tap].part->on_frame(routes_[tap].own_tap, frame);
  }
  Status on_samples(const media::Samples& samples) override {
    for (const auto& part : parts_) {
      if (part->audio_rate_hz() > 0) RF_TRY(part->on_samples(samples));
    }
    return {};
  }
  Status on_channels(const media::ChannelSamples& samples) override {
    for (const auto& part : parts_) {
      if (part->wants_channels()) RF_TRY(part->on_channels(samples));
    }
    return {};
  }

 private:
  struct Route {
    Part* part = nullptr;
    std::size_t own_tap = 0;
  };

  std::vector<std::unique_ptr<Part>>& parts_;
  std::vector<Route> routes_;
};

void take_facts(Features& features, media::Watched&& watched) {
  features.duration_s = watched.duration_s;
  features.width = watched.facts.width;
  features.height = watched.facts.height;
  features.fps = watched.facts.fps;
  features.partial = watched.partial;
  for (std::string& problem : watched.problems) features.problems.push_back(std::move(problem));
}

}  // namespace

Status check_only(const std::vector<std::string>& only) {
  for (const std::string& name : only) {
    if (std::ranges::find(analyser_names(), name) != analyser_names().end()) continue;
    return fail(ErrorCode::invalid, fmt::format("found analyser '{}'; expected any of {}", name,
                                                fmt::join(analyser_names(), ", ")));
  }
  return {};
}

Result<std::string> analysis_method(const AnalyseOptions& options) {
  Sha256 hash;
  hash.add(kAnalysisVersion);
  std::vector<std::string> only = options.only;
  std::ranges::sort(only);
  hash.add(fmt::format("|{}|{}|", fmt::join(only, ","), options.fast));
  hash.add(sha256_hex(options.transcript));
  if (!options.models.empty()) {
    std::error_code error;
    std::vector<std::string> files;
    for (const auto& each : std::filesystem::directory_iterator(options.models, error)) {
      if (each.path().extension() == ".onnx") files.push_back(each.path().string());
    }
    if (error) {
      return fail(ErrorCode::not_found,
                  fmt::format("folder of models '{}': {}", options.models, error.message()));
    }
    std::ranges::sort(files);
    for (const std::string& file : files) {
      hash.add(std::filesystem::path(file).filename().string());
      std::string bytes = RF_TRY(file_sha256(file));
      hash.add(bytes);
    }
  }
  return hash.finish();
}

Result<Features> analyse(const media::Decoder& decoder, const std::string& path,
                         const AnalyseOptions& options, Progress& progress) {
  RF_TRY(check_only(options.only));
  Features features;
  features.file = path;
  std::unique_ptr<Parts> parts = RF_TRY(parts_for(options, features.problems));
  FanOut viewer(parts->parts);
  media::WatchOptions watching = viewer.wanted();
  watching.pace = options.fast ? media::Pace::triage : media::Pace::every_frame;
  watching.threads = options.decoder_threads;
  media::Watched watched = RF_TRY(media::watch(decoder, path, watching, viewer, progress));
  take_facts(features, std::move(watched));
  for (const auto& part : parts->parts) RF_TRY(part->finish(features));
  add_story(features, parts->ends_as_it_began());
  return features;
}

void add_story(Features& features, bool ends_as_it_began) {
  features.timing = timing(features);
  features.hook = hook(features);
  features.cta = cta(features);
  features.recipe = recipe_traits(features, ends_as_it_began);
  features.dna = dna(features);
}

}  // namespace rf::video
