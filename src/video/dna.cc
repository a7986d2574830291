#include "video/dna.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "video/cta.h"
#include "video/seen.h"

namespace rf::video {
namespace {

using Number = std::optional<double>;
using In = const Features&;

constexpr Stretch kOpening{0, 3};

Number when(bool known, double value) { return known ? Number(value) : std::nullopt; }
double share_of_one(bool yes) { return yes ? 1 : 0; }

bool knows(In f, std::string_view analyser) { return was_measured(f, analyser); }
bool hears(In f) { return knows(f, "sound") && f.audio.present; }
bool looks(In f) { return knows(f, "look"); }

double mean_shot_s(In f) {
  return f.shots.empty() ? f.duration_s : f.duration_s / static_cast<double>(f.shots.size());
}

// Standard deviation of the shots' lengths by their mean.
Number shot_variation(In f) {
  if (!knows(f, "shots") || f.shots.size() < 2) return std::nullopt;
  const double mean = mean_shot_s(f);
  double squares = 0;
  for (const Shot& shot : f.shots) squares += std::pow(shot.end_s - shot.start_s - mean, 2);
  return std::sqrt(squares / static_cast<double>(f.shots.size())) / std::max(mean, 1e-9);
}

Number energy_quantile(In f, double share) {
  std::vector<double> values;
  values.reserve(f.motion.timeline.size());
  for (const MotionFrame& step : f.motion.timeline) values.push_back(step.energy);
  if (values.empty()) return std::nullopt;
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, values.begin() + at);
  return values[static_cast<std::size_t>(at)];
}

Number still_share(In f) {
  if (f.motion.timeline.empty()) return std::nullopt;
  auto found = f.motion.distribution.find("static");
  return found == f.motion.distribution.end() ? 0.0 : found->second;
}

// Of all that moves, the share that is the picture's own movement.
Number camera_share(In f) {
  double camera = 0;
  double object = 0;
  for (const MotionFrame& step : f.motion.timeline) {
    camera += step.camera;
    object += step.object;
  }
  return camera + object > 0 ? Number(camera / (camera + object)) : std::nullopt;
}

// The last third's motion by the first third's, as a logarithm to base 2.
Number build_up(In f) {
  auto first = mean_energy(f.motion, {0, f.duration_s / 3});
  auto last = mean_energy(f.motion, {f.duration_s * 2 / 3, f.duration_s});
  if (!first || !last) return std::nullopt;
  // Half a pixel on both sides, so that stillness does not divide by zero.
  return std::log2((*last + 0.5) / (*first + 0.5));
}

Number count_of(In f, std::string_view name) {
  if (f.objects.detector.empty()) return std::nullopt;
  auto found = f.objects.counts.find(std::string(name));
  const double samples = static_cast<double>(std::max<std::size_t>(f.objects.samples.size(), 1));
  return found == f.objects.counts.end() ? 0.0 : static_cast<double>(found->second) / samples;
}

Number cta_number(In f, double (*read)(In, const SeenCta&)) {
  if (!knows(f, "text") || f.duration_s <= 0) return std::nullopt;
  auto seen = find_cta(f);
  return seen ? Number(read(f, *seen)) : std::nullopt;
}

Number is_hook(In f, HookType type) {
  return when(!f.motion.timeline.empty() || knows(f, "faces"), share_of_one(f.hook.type == type));
}

std::vector<DnaDefinition> hook_part() {
  return {{"hook.score", "points", 0, 100, "hook",
           [](In f) { return when(!f.measured.empty(), f.hook.score); },
           "strength of the first three seconds, by rule"},
          {"hook.is_face", "yes", 0, 1, "hook", [](In f) { return is_hook(f, HookType::face); },
           "whether the hook works with a face"},
          {"hook.is_motion", "yes", 0, 1, "hook", [](In f) { return is_hook(f, HookType::motion); },
           "… with movement"},
          {"hook.is_text", "yes", 0, 1, "hook", [](In f) { return is_hook(f, HookType::text); },
           "… with words"},
          {"hook.is_pattern_interrupt", "yes", 0, 1, "hook",
           [](In f) { return is_hook(f, HookType::pattern_interrupt); }, "… with surprise"},
          {"hook.is_transformation", "yes", 0, 1, "hook",
           [](In f) { return is_hook(f, HookType::transformation); }, "… with before and after"},
          {"hook.is_question", "yes", 0, 1, "hook",
           [](In f) { return is_hook(f, HookType::question); }, "… with a question"},
          {"hook.first_face_s", "s", 0, 5, "faces", [](In f) { return f.hook.first_face_s; },
           "when a face is first seen"},
          {"hook.first_motion_peak_s", "s", 0, 5, "motion",
           [](In f) { return f.hook.first_motion_peak_s; }, "when something first moves fast"},
          {"hook.first_text_s", "s", 0, 5, "text", [](In f) { return f.hook.first_text_s; },
           "when something is first written"},
          {"hook.first_cut_s", "s", 0, 5, "shots", [](In f) { return f.hook.first_cut_s; },
           "when it is first cut"},
          {"hook.pattern_interrupt", "share", 0, 1, "hook",
           [](In f) { return when(knows(f, "shots"), f.hook.pattern_interrupt); },
           "how unexpected it begins"},
          {"hook.face_share", "share", 0, 1, "faces",
           [](In f) { return knows(f, "faces") ? face_share(f.faces, kOpening) : Number(); },
           "of the first three seconds with a face"},
          {"hook.text_share", "share", 0, 1, "text",
           [](In f) { return when(knows(f, "text"), text_share(f.text, kOpening)); },
           "of the first three seconds with words"},
          {"hook.motion", "px/step", 0, 15, "motion",
           [](In f) { return mean_energy(f.motion, kOpening); },
           "mean energy of the first three seconds"},
          {"hook.cuts", "cuts", 0, 5, "shots",
           [](In f) {
             return when(knows(f, "shots"), static_cast<double>(cuts_in(f.shots, kOpening)));
           },
           "in the first three seconds"},
          {"hook.attention", "share", 0, 1, "attention",
           [](In f) { return mean_attention(f.attention, kOpening); },
           "predicted by rule, first three seconds"}};
}

std::vector<DnaDefinition> visual_part() {
  return {
      {"visual.brightness", "share", 0, 1, "look",
       [](In f) { return when(looks(f), f.look.brightness); }, "mean"},
      {"visual.contrast", "share", 0, 0.5, "look",
       [](In f) { return when(looks(f), f.look.contrast); }, "mean"},
      {"visual.saturation", "share", 0, 1, "look",
       [](In f) { return when(looks(f), f.look.saturation); }, "mean"},
      {"visual.warmth", "share", -1, 1, "look", [](In f) { return when(looks(f), f.look.warmth); },
       "cold to warm"},
      {"visual.sharpness", "log", 0, 10, "look",
       [](In f) { return when(looks(f), f.look.sharpness); }, "of edges"},
      {"visual.dark_share", "share", 0, 1, "look",
       [](In f) { return when(looks(f), f.look.dark_share); }, "of dark samples"},
      {"visual.thirds", "share", 0, 1, "look", [](In f) { return when(looks(f), f.look.thirds); },
       "how near the weight of the picture is to the thirds"},
      {"visual.symmetry", "share", 0, 1, "look",
       [](In f) { return when(looks(f), f.look.symmetry); }, "left and right alike"},
      {"visual.aspect", "log2", -1, 1, "file",
       [](In f) {
         return when(f.width > 0 && f.height > 0,
                     std::log2(static_cast<double>(f.width) / static_cast<double>(f.height)));
       },
       "width by height: upright below 0"},
      {"visual.face_presence", "share", 0, 1, "faces",
       [](In f) { return when(knows(f, "faces"), f.faces.presence); }, "of samples with a face"},
      {"visual.face_count", "faces", 0, 4, "faces",
       [](In f) { return when(knows(f, "faces"), f.faces.mean_count); }, "mean"},
      {"visual.face_coverage", "share", 0, 0.3, "faces",
       [](In f) { return when(knows(f, "faces"), f.faces.mean_coverage); },
       "of the picture that faces cover"},
      {"visual.people", "people", 0, 4, "objects", [](In f) { return count_of(f, "person"); },
       "mean"},
      {"visual.product_presence", "share", 0, 1, "objects",
       [](In f) {
         return when(!f.objects.detector.empty(), f.objects.product_visibility.presence);
       },
       "of samples with a product"},
      {"visual.product_area", "share", 0, 0.5, "objects",
       [](In f) {
         return when(!f.objects.detector.empty(), f.objects.product_visibility.mean_area);
       },
       "of the picture that it covers"},
      {"visual.text_share", "share", 0, 1, "text",
       [](In f) {
         return when(knows(f, "text"), text_share(f.text, {0, f.duration_s}));
       },
       "of the film with words in the picture"},
      {"visual.text_coverage", "share", 0, 0.3, "text",
       [](In f) { return when(knows(f, "text"), f.look.text_coverage); },
       "of the picture that they cover"},
      {"visual.words_per_second", "words/s", 0, 4, "text",
       [](In f) { return when(knows(f, "text"), f.look.words_per_second); }, "in the picture"}};
}

std::vector<DnaDefinition> audio_part() {
  return {
      {"audio.present", "yes", 0, 1, "sound",
       [](In f) { return when(knows(f, "sound"), share_of_one(f.audio.present)); },
       "whether there is sound"},
      {"audio.tempo", "beats/min", 60, 180, "sound",
       [](In f) { return hears(f) ? f.audio.tempo_bpm : Number(); }, "of the music"},
      {"audio.beat_confidence", "share", 0, 1, "sound",
       [](In f) { return hears(f) ? f.audio.beat_confidence : Number(); }, "how plain the beat is"},
      {"audio.loudness", "LUFS", -40, -5, "sound",
       [](In f) { return hears(f) ? f.audio.loudness_lufs : Number(); }, "integrated"},
      {"audio.loudness_range", "LU", 0, 20, "sound",
       [](In f) { return hears(f) ? f.audio.loudness_range_lu : Number(); }, "quiet to loud"},
      {"audio.speech_share", "share", 0, 1, "sound",
       [](In f) { return when(hears(f), f.audio.speech_share); }, "of the film"},
      {"audio.music_share", "share", 0, 1, "sound",
       [](In f) { return when(hears(f), f.audio.music_share); }, "of the film"},
      {"audio.silence_share", "share", 0, 1, "sound",
       [](In f) { return when(hears(f), f.audio.silence_share); }, "of the film"},
      {"audio.words_per_minute", "words/min", 60, 220, "transcript",
       [](In f) { return f.audio.words_per_minute; }, "spoken"},
      {"audio.sync", "percent", 0, 100, "sync", [](In f) { return f.sync.percent; },
       "of cuts that fall on the sound"}};
}

std::vector<DnaDefinition> pacing_part() {
  return {{"pacing.duration", "s", 0, 60, "file",
           [](In f) { return when(f.duration_s > 0, f.duration_s); }, "of the film"},
          {"pacing.shots_per_minute", "shots/min", 0, 60, "shots",
           [](In f) {
             return when(knows(f, "shots") && f.duration_s > 0,
                         60 * static_cast<double>(f.shots.size()) / f.duration_s);
           },
           "mean"},
          {"pacing.shot_variation", "ratio", 0, 1.5, "shots", shot_variation,
           "how unlike the shots' lengths are"},
          {"pacing.motion", "px/step", 0, 15, "motion",
           [](In f) { return when(!f.motion.timeline.empty(), f.motion.mean); }, "mean energy"},
          {"pacing.motion_p90", "px/step", 0, 30, "motion",
           [](In f) { return energy_quantile(f, 0.9); }, "energy that one step in ten is above"},
          {"pacing.still_share", "share", 0, 1, "motion", still_share, "of steps without movement"},
          {"pacing.camera_share", "share", 0, 1, "motion", camera_share,
           "of the movement that is the camera's"},
          {"pacing.build_up", "log2", -2, 2, "motion", build_up,
           "motion of the last third by that of the first"},
          {"pacing.face_motion", "ratio", 0, 10, "face_motion",
           [](In f) {
             return when(knows(f, "faces") && f.face_motion.background_total > 0,
                         f.face_motion.face_to_background);
           },
           "motion in faces, weighted, by that around them"}};
}

std::vector<DnaDefinition> cta_part() {
  return {
      {"cta.present", "yes", 0, 1, "text",
       [](In f) { return when(knows(f, "text"), share_of_one(find_cta(f).has_value())); },
       "whether a call to action was read"},
      {"cta.start_share", "share", 0, 1, "text",
       [](In f) {
         return cta_number(f, [](In g, const SeenCta& c) { return c.start_s / g.duration_s; });
       },
       "of the film that has passed when it appears"},
      {"cta.length", "s", 0, 8, "text",
       [](In f) { return cta_number(f, [](In, const SeenCta& c) { return c.end_s - c.start_s; }); },
       "how long it stands"},
      {"cta.height", "share", 0, 0.15, "text",
       [](In f) { return cta_number(f, [](In, const SeenCta& c) { return c.box.height; }); },
       "of the picture's height"},
      {"cta.score", "points", 0, 100, "cta", [](In f) { return f.cta.existing_score; },
       "how good it is, by rule"}};
}

std::string maker(const DnaDefinition& each, const Features& features) {
  std::string_view model;
  if (each.analyser == "faces") model = features.faces.detector;
  if (each.analyser == "objects") model = features.objects.detector;
  if (each.analyser == "motion") model = features.motion.method;
  return fmt::format("{}{}{}", each.analyser, model.empty() ? "" : " ", model);
}

struct Spread {
  double mean = 0;
  double variance = 0;
};

Spread spread_of(const std::vector<double>& values) {
  Spread spread;
  const auto n = static_cast<double>(values.size());
  for (double value : values) spread.mean += value / n;
  for (double value : values) spread.variance += std::pow(value - spread.mean, 2) / (n - 1);
  return spread;
}

std::vector<double> known_values(const std::vector<Dna>& all, const std::string& name) {
  std::vector<double> values;
  for (const Dna& each : all) {
    auto found = each.features.find(name);
    if (found != each.features.end() && found->second.value) values.push_back(*found->second.value);
  }
  std::ranges::sort(values);
  return values;
}

std::optional<double> apart(const std::vector<double>& set, const std::vector<double>& others) {
  if (set.size() < 2 || others.size() < 2) return std::nullopt;
  const Spread a = spread_of(set);
  const Spread b = spread_of(others);
  const auto n = static_cast<double>(set.size() - 1);
  const auto m = static_cast<double>(others.size() - 1);
  const double pooled = std::sqrt((n * a.variance + m * b.variance) / (n + m));
  if (pooled <= 0) return std::nullopt;
  return (a.mean - b.mean) / pooled;
}

}  // namespace

const std::vector<DnaDefinition>& dna_definitions() {
  static const std::vector<DnaDefinition> all = [] {
    std::vector<DnaDefinition> list;
    for (const auto& part : {hook_part(), visual_part(), audio_part(), pacing_part(), cta_part()}) {
      list.insert(list.end(), part.begin(), part.end());
    }
    return list;
  }();
  return all;
}

double scaled(double value, double low, double high) {
  return std::clamp((value - low) / (high - low), 0.0, 1.0);
}

Dna dna(const Features& features) {
  Dna result;
  result.version = std::string(kDnaVersion);
  for (const DnaDefinition& each : dna_definitions()) {
    DnaFeature feature{.value = each.read(features),
                       .unit = std::string(each.unit),
                       .made_by = maker(each, features),
                       .low = each.low,
                       .high = each.high};
    result.vector.push_back(feature.value ? scaled(*feature.value, each.low, each.high) : 0.5);
    result.mask.push_back(feature.value ? 1 : 0);
    result.features.emplace(each.name, std::move(feature));
  }
  return result;
}

std::vector<CommonFeature> common_dna(const std::vector<Dna>& set, const std::vector<Dna>& others) {
  std::vector<std::pair<double, CommonFeature>> ranked;
  for (const DnaDefinition& each : dna_definitions()) {
    const std::string name(each.name);
    const std::vector<double> values = known_values(set, name);
    if (values.empty()) continue;
    auto quantile = [&](double share) {
      return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
    };
    CommonFeature common{.name = name,
                         .unit = std::string(each.unit),
                         .mean = spread_of(values).mean,
                         .low = quantile(0.25),
                         .high = quantile(0.75),
                         .n = std::ssize(values),
                         .apart = apart(values, known_values(others, name))};
    const double alike = (common.high - common.low) / (each.high - each.low);
    ranked.emplace_back(common.apart ? -std::abs(*common.apart) : alike, std::move(common));
  }
  std::ranges::stable_sort(ranked, {}, &std::pair<double, CommonFeature>::first);
  std::vector<CommonFeature> result;
  result.reserve(ranked.size());
  for (auto& [rank, common] : ranked) result.push_back(std::move(common));
  return result;
}

}  // namespace rf::video
