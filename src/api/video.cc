#include "api/video.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "api/video_batch.h"
#include "api/video_page.h"
#include "base/file.h"
#include "video/analyse.h"

namespace rf::api {
namespace {

// As large as a feature film's subtitles ever are.
constexpr std::int64_t kTranscriptBytesMax = std::int64_t{8} << 20;

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    if (end > at) parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

Result<Features> whole_features(const std::string& file, const std::string& models,
                                Services& services) {
  return features_of(file, {.models = models_folder(models, services)}, services);
}

Failure failure_of(const std::string& film, Error&& error) {
  return {.what = film,
          .code = std::string(to_string(error.code)),
          .message = std::move(error.message)};
}

bool names_one_file(const std::vector<std::string>& paths) {
  std::error_code error;
  return paths.size() == 1 && !std::filesystem::is_directory(paths.front(), error);
}

}  // namespace

Result<VideoAnalyzeOutput> video_analyze(const VideoAnalyzeInput& input, Services& services) {
  std::vector<std::string> films = RF_TRY(films_in(input.files));
  if (films.empty()) return fail(ErrorCode::invalid, "input.files: is empty; expected films");
  video::AnalyseOptions options{.only = split(input.only),
                                .models = models_folder(input.models, services),
                                .fast = input.fast};
  if (!input.transcript.empty()) {
    if (films.size() != 1) {
      return fail(ErrorCode::invalid,
                  fmt::format("input.transcript: found {} films; expected the one that it is of",
                              films.size()));
    }
    options.transcript = RF_TRY(read_file(input.transcript, kTranscriptBytesMax));
  }
  std::vector<Result<Json>> all = RF_TRY(features_of(films, options, services));
  VideoAnalyzeOutput output{.several = !names_one_file(input.files)};
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i]) {
      output.videos.push_back(std::move(*all[i]));
    } else {
      Error error = std::move(all[i]).error();
      if (!output.several) return error;
      output.failed.push_back(failure_of(films[i], std::move(error)));
    }
  }
  return output;
}

Result<VideoCutsOutput> video_cuts(const VideoInput& input, Services& services) {
  Features features = RF_TRY(whole_features(input.file, input.models, services));
  return VideoCutsOutput{.file = features.file,
                         .duration_s = features.duration_s,
                         .shots = std::move(features.shots),
                         .cut_points = std::move(features.motion.cut_points),
                         .adjustments = std::move(features.sync.adjustments)};
}

Result<VideoBeatsOutput> video_beats(const VideoInput& input, Services& services) {
  Features features = RF_TRY(whole_features(input.file, input.models, services));
  Sound& sound = features.audio;
  return VideoBeatsOutput{.file = features.file,
                          .duration_s = features.duration_s,
                          .tempo_bpm = sound.tempo_bpm,
                          .beat_confidence = sound.beat_confidence,
                          .beats_s = std::move(sound.beats_s),
                          .drops_s = std::move(sound.drops_s),
                          .onsets_s = std::move(sound.onsets_s),
                          .sync = std::move(features.sync)};
}

Result<VideoHookOutput> video_hook(const VideoHookInput& input, Services& services) {
  Features features = RF_TRY(whole_features(input.file, input.models, services));
  const video::HookTemplate& best = video::best_hook_template(input.industry);
  return VideoHookOutput{.file = features.file,
                         .hook = std::move(features.hook),
                         .best_template = best,
                         .script = video::hook_script(best, input.product, input.pain)};
}

Result<VideoCtaOutput> video_cta(const VideoCtaInput& input, Services& services) {
  Features features = RF_TRY(whole_features(input.file, input.models, services));
  VideoCtaOutput output{.file = features.file,
                        .duration_s = features.duration_s,
                        .cta = std::move(features.cta),
                        .config = input.goal.empty() ? video::cta_for_industry(input.industry)
                                                     : video::cta_for_goal(input.goal)};
  if (features.duration_s > 0) {
    output.sequence = video::cta_sequence(features.duration_s, input.industry);
  }
  const std::string& text =
      output.cta.existing_text.empty() ? output.config.text : output.cta.existing_text;
  output.variations = video::cta_variations(text, static_cast<std::size_t>(input.variations));
  return output;
}

Result<VideoCompareOutput> video_compare(const VideoCompareInput& input, Services& services) {
  const std::vector<std::string>& films = input.files;
  if (films.size() != 2) {
    return fail(ErrorCode::invalid,
                fmt::format("input.files: found {}; expected two films", films.size()));
  }
  std::vector<Result<Json>> all =
      RF_TRY(features_of(films, {.models = models_folder(input.models, services)}, services));
  std::vector<Features> both;
  for (std::size_t i = 0; i < films.size(); ++i) {
    if (!all[i]) return std::move(all[i]).error();
    both.push_back(RF_TRY(from_json<Features>(*all[i], films[i])));
  }
  video::Comparison comparison = video::compare(both[0].dna, both[1].dna);
  return VideoCompareOutput{.a = films[0],
                            .b = films[1],
                            .distance = comparison.distance,
                            .features = comparison.features,
                            .twins = !video::find_twins(both).empty(),
                            .differences = std::move(comparison.differences)};
}

Result<VideoTwinsOutput> video_find_twins(const VideoTwinsInput& input, Services& services) {
  std::vector<std::string> films = RF_TRY(films_in(input.files));
  std::vector<Result<Json>> all =
      RF_TRY(features_of(films, {.models = models_folder(input.models, services)}, services));
  VideoTwinsOutput output;
  std::vector<Features> known;
  for (std::size_t i = 0; i < films.size(); ++i) {
    if (!all[i]) {
      output.failed.push_back(failure_of(films[i], std::move(all[i]).error()));
      continue;
    }
    known.push_back(RF_TRY(from_json<Features>(*all[i], films[i])));
    all[i] = Json();  // A folder's reports are large; each is dropped once it is read.
  }
  output.films = std::ssize(known);
  output.twins = video::find_twins(known);
  return output;
}

Result<VideoReportOutput> video_report(const VideoReportInput& input, Services& services) {
  Features features = RF_TRY(whole_features(input.file, input.models, services));
  std::vector<StripPicture> strip =
      RF_TRY(frame_strip({services.decoder()}, features, services.progress()));
  const std::string page = video_page(features, strip);
  std::ofstream out(input.html, std::ios::binary | std::ios::trunc);
  out.write(page.data(), std::ssize(page));
  out.close();
  if (!out) {
    return fail(ErrorCode::unavailable,
                fmt::format("'{}': cannot be written; check its folder and the disk", input.html));
  }
  return VideoReportOutput{.file = input.file, .html = input.html, .bytes = std::ssize(page)};
}

}  // namespace rf::api

namespace rf {

Json JsonCodec<api::VideoAnalyzeOutput>::write(const api::VideoAnalyzeOutput& value) {
  if (!value.several && value.videos.size() == 1) return value.videos.front();
  return JsonObject{{"videos", JsonArray(value.videos.begin(), value.videos.end())},
                    {"failed", to_json(value.failed)}};
}

Result<api::VideoAnalyzeOutput> JsonCodec<api::VideoAnalyzeOutput>::read(const Json& json,
                                                                         std::string_view path) {
  const JsonObject* object = json.if_object();
  if (object == nullptr) return described::wrong_kind(json, path, "an object");
  api::VideoAnalyzeOutput output;
  const Json* videos = object->if_contains("videos");
  if (videos == nullptr) {
    output.videos.push_back(json);
    return output;
  }
  output.several = true;
  output.videos =
      RF_TRY(from_json<std::vector<Json>>(*videos, described::at_field(path, "videos")));
  const Json* failed = object->if_contains("failed");
  if (failed != nullptr) {
    output.failed =
        RF_TRY(from_json<std::vector<api::Failure>>(*failed, described::at_field(path, "failed")));
  }
  return output;
}

JsonObject JsonCodec<api::VideoAnalyzeOutput>::schema() {
  JsonObject several{
      {"type", "object"},
      {"properties",
       JsonObject{{"videos", JsonObject{{"type", "array"}, {"items", schema_of<Features>()}}},
                  {"failed", schema_of<std::vector<api::Failure>>()}}},
      {"required", JsonArray{"videos", "failed"}},
      {"additionalProperties", false}};
  return {{"anyOf", JsonArray{schema_of<Features>(), std::move(several)}}};
}

}  // namespace rf
