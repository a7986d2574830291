// Films: what is in them, what differs between them, which are the same.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/failure.h"
#include "api/operation.h"
#include "model/features.h"
#include "video/compare.h"
#include "video/cta_templates.h"
#include "video/hook_templates.h"

namespace rf::api {

struct VideoAnalyzeInput {
  std::vector<std::string> files;
  std::string only;
  std::string models;
  std::string transcript;
  bool fast = false;
};

// One film's features stand at the top level; of several films, or a folder, there are `videos` and
// `failed`.
struct VideoAnalyzeOutput {
  bool several = false;
  std::vector<Json> videos;  // Each rf::Features.
  std::vector<Failure> failed;
};

// Errors: as of features_of(), where one film was named and failed, or all did.
Result<VideoAnalyzeOutput> video_analyze(const VideoAnalyzeInput& input, Services& services);

struct VideoInput {
  std::string file;
  std::string models;
};

struct VideoCutsOutput {
  std::string file;
  double duration_s = 0;
  std::vector<Shot> shots;
  std::vector<CutPoint> cut_points;
  std::vector<SyncAdjustment> adjustments;
};

Result<VideoCutsOutput> video_cuts(const VideoInput& input, Services& services);

struct VideoBeatsOutput {
  std::string file;
  double duration_s = 0;
  std::optional<double> tempo_bpm;
  std::optional<double> beat_confidence;
  std::vector<double> beats_s;
  std::vector<double> drops_s;
  std::vector<double> onsets_s;
  Sync sync;
};

Result<VideoBeatsOutput> video_beats(const VideoInput& input, Services& services);

struct VideoHookInput {
  std::string file;
  std::string models;
  std::string industry = "ecommerce";
  std::string product = "your product";
  std::string pain = "the problem it solves";
};

struct VideoHookOutput {
  std::string file;
  Hook hook;
  video::HookTemplate best_template;
  std::vector<video::HookStep> script;
};

Result<VideoHookOutput> video_hook(const VideoHookInput& input, Services& services);

struct VideoCtaInput {
  std::string file;
  std::string models;
  std::string industry = "ecommerce";
  std::string goal;
  std::int64_t variations = 5;
};

struct VideoCtaOutput {
  std::string file;
  double duration_s = 0;
  CallToAction cta;
  video::CtaConfig config;
  std::vector<video::CtaStep> sequence;
  std::vector<std::string> variations;
};

Result<VideoCtaOutput> video_cta(const VideoCtaInput& input, Services& services);

struct VideoCompareInput {
  std::vector<std::string> files;
  std::string models;
};

struct VideoCompareOutput {
  std::string a;
  std::string b;
  double distance = 0;
  std::int64_t features = 0;
  bool twins = false;
  std::vector<video::Difference> differences;
};

// Errors: invalid, when they are not two.
Result<VideoCompareOutput> video_compare(const VideoCompareInput& input, Services& services);

struct VideoTwinsInput {
  std::vector<std::string> files;
  std::string models;
};

struct VideoTwinsOutput {
  std::int64_t films = 0;
  std::vector<video::Twins> twins;
  std::vector<Failure> failed;
};

Result<VideoTwinsOutput> video_find_twins(const VideoTwinsInput& input, Services& services);

struct VideoReportInput {
  std::string file;
  std::string html;
  std::string models;
};

struct VideoReportOutput {
  std::string file;
  std::string html;
  std::int64_t bytes = 0;
};

// Writes one page that needs nothing else: no request, no script.
// Errors: as of features_of(); unavailable, when the page cannot be written.
Result<VideoReportOutput> video_report(const VideoReportInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::JsonCodec<rf::api::VideoAnalyzeOutput> {
  static Json write(const api::VideoAnalyzeOutput& value);
  static Result<api::VideoAnalyzeOutput> read(const Json& json, std::string_view path);
  static JsonObject schema();
};

template <>
struct rf::Described<rf::api::VideoAnalyzeInput> {
  using Self = rf::api::VideoAnalyzeInput;
  static constexpr auto fields = std::tuple{
      field("files", &Self::files, "films, or folders of them",
            {.required = true, .positional = true}),
      field("only", &Self::only, "these analysers alone, by comma: motion,shots,faces,…"),
      field("models", &Self::models, "folder of ONNX models; else 'models' beside the store"),
      field("transcript", &Self::transcript, "subtitles or words of the one film"),
      field("fast", &Self::fast, "skip pictures that no other refers to")};
};

template <>
struct rf::Described<rf::api::VideoInput> {
  using Self = rf::api::VideoInput;
  static constexpr auto fields = std::tuple{
      field("file", &Self::file, "a film", {.required = true, .positional = true}),
      field("models", &Self::models, "folder of ONNX models; else 'models' beside the store")};
};

template <>
struct rf::Described<rf::api::VideoCutsOutput> {
  using Self = rf::api::VideoCutsOutput;
  static constexpr auto fields = std::tuple{
      field("file", &Self::file, "the film"), field("duration_s", &Self::duration_s, "its length"),
      field("shots", &Self::shots, "where it is cut"),
      field("cut_points", &Self::cut_points, "where the motion would bear a cut"),
      field("adjustments", &Self::adjustments, "what would bring cuts onto the sound")};
};

template <>
struct rf::Described<rf::api::VideoBeatsOutput> {
  using Self = rf::api::VideoBeatsOutput;
  static constexpr auto fields =
      std::tuple{field("file", &Self::file, "the film"),
                 field("duration_s", &Self::duration_s, "its length"),
                 field("tempo_bpm", &Self::tempo_bpm, "beats a minute; null: no beat"),
                 field("beat_confidence", &Self::beat_confidence, "how plain the beat is, 0 to 1"),
                 field("beats_s", &Self::beats_s, "each beat"),
                 field("drops_s", &Self::drops_s, "where the music drops"),
                 field("onsets_s", &Self::onsets_s, "where something sounds anew"),
                 field("sync", &Self::sync, "how the picture falls on it")};
};

template <>
struct rf::Described<rf::api::VideoHookInput> {
  using Self = rf::api::VideoHookInput;
  static constexpr auto fields = std::tuple{
      field("file", &Self::file, "a film", {.required = true, .positional = true}),
      field("models", &Self::models, "folder of ONNX models; else 'models' beside the store"),
      field("industry", &Self::industry, "for the template: saas, fitness, beauty, app, …"),
      field("product", &Self::product, "for the script"),
      field("pain", &Self::pain, "what the product ends, for the script")};
};

template <>
struct rf::Described<rf::api::VideoHookOutput> {
  using Self = rf::api::VideoHookOutput;
  static constexpr auto fields = std::tuple{
      field("file", &Self::file, "the film"), field("hook", &Self::hook, "what is there"),
      field("best_template", &Self::best_template, "what suits the industry, by prior"),
      field("script", &Self::script, "the template with the product put in")};
};

template <>
struct rf::Described<rf::api::VideoCtaInput> {
  using Self = rf::api::VideoCtaInput;
  static constexpr auto fields = std::tuple{
      field("file", &Self::file, "a film", {.required = true, .positional = true}),
      field("models", &Self::models, "folder of ONNX models; else 'models' beside the store"),
      field("industry", &Self::industry, "ecommerce, saas, leadgen or app"),
      field("goal", &Self::goal,
            "sales, leads, trials, installs, traffic, calls or followers; else by industry"),
      field("variations", &Self::variations, "how many other wordings", {.min = 0, .max = 50})};
};

template <>
struct rf::Described<rf::api::VideoCtaOutput> {
  using Self = rf::api::VideoCtaOutput;
  static constexpr auto fields =
      std::tuple{field("file", &Self::file, "the film"),
                 field("duration_s", &Self::duration_s, "its length"),
                 field("cta", &Self::cta, "where one fits, and how the one there does"),
                 field("config", &Self::config, "what to ask for, by prior"),
                 field("sequence", &Self::sequence, "the whole film towards it"),
                 field("variations", &Self::variations, "other wordings")};
};

template <>
struct rf::Described<rf::api::VideoCompareInput> {
  using Self = rf::api::VideoCompareInput;
  static constexpr auto fields = std::tuple{
      field("files", &Self::files, "two films", {.required = true, .positional = true}),
      field("models", &Self::models, "folder of ONNX models; else 'models' beside the store")};
};

template <>
struct rf::Described<rf::api::VideoCompareOutput> {
  using Self = rf::api::VideoCompareOutput;
  static constexpr auto fields = std::tuple{
      field("a", &Self::a, "the first"),
      field("b", &Self::b, "the second"),
      field("distance", &Self::distance, "mean difference by each feature's range, 0 to 1"),
      field("features", &Self::features, "known of both"),
      field("twins", &Self::twins, "whether they look like one film"),
      field("differences", &Self::differences, "what differs most first")};
};

template <>
struct rf::Described<rf::api::VideoTwinsInput> {
  using Self = rf::api::VideoTwinsInput;
  static constexpr auto fields = std::tuple{
      field("files", &Self::files, "folders, or films", {.required = true, .positional = true}),
      field("models", &Self::models, "folder of ONNX models; else 'models' beside the store")};
};

template <>
struct rf::Described<rf::api::VideoTwinsOutput> {
  using Self = rf::api::VideoTwinsOutput;
  static constexpr auto fields =
      std::tuple{field("films", &Self::films, "that were looked at"),
                 field("twins", &Self::twins, "pairs that look like one film, nearest first"),
                 field("failed", &Self::failed, "films that could not be watched, and why")};
};

template <>
struct rf::Described<rf::api::VideoReportInput> {
  using Self = rf::api::VideoReportInput;
  static constexpr auto fields = std::tuple{
      field("file", &Self::file, "a film", {.required = true, .positional = true}),
      field("html", &Self::html, "where to write the page", {.required = true}),
      field("models", &Self::models, "folder of ONNX models; else 'models' beside the store")};
};

template <>
struct rf::Described<rf::api::VideoReportOutput> {
  using Self = rf::api::VideoReportOutput;
  static constexpr auto fields =
      std::tuple{field("file", &Self::file, "the film"), field("html", &Self::html, "the page"),
                 field("bytes", &Self::bytes, "its size")};
};
