// What the film does to its viewer, by rules over what was seen and heard: timing of triggers,
// hook, call to action; and the creative's DNA, the fixed list of numbers that learning compares.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/described.h"
#include "model/features_motion.h"

namespace rf {

enum class Trigger : std::uint8_t {
  pain_point,
  agitation,
  solution,
  social_proof,
  urgency,
  scarcity,
  cta,
  hook,
  transformation
};

template <>
struct EnumNames<Trigger> {
  static constexpr auto names = std::to_array<std::pair<Trigger, std::string_view>>(
      {{Trigger::pain_point, "pain_point"},
       {Trigger::agitation, "agitation"},
       {Trigger::solution, "solution"},
       {Trigger::social_proof, "social_proof"},
       {Trigger::urgency, "urgency"},
       {Trigger::scarcity, "scarcity"},
       {Trigger::cta, "cta"},
       {Trigger::hook, "hook"},
       {Trigger::transformation, "transformation"}});
};

struct TriggerWindow {
  double start_s = 0;
  double end_s = 0;
  double motion = 0;         // Mean energy.
  std::string motion_level;  // low, medium, high.
  bool has_face = false;
  double absorption = 0;  // How well a message is taken in, [0, 1]; by rule.
  std::vector<Trigger> recommended;

  bool operator==(const TriggerWindow&) const = default;
};

struct TriggerPlacement {
  Trigger trigger = Trigger::hook;
  double start_s = 0;
  double end_s = 0;
  double score = 0;  // [0, 1]
  std::string reason;

  bool operator==(const TriggerPlacement&) const = default;
};

struct Timing {
  std::vector<TriggerWindow> windows;
  std::vector<TriggerPlacement> plan;

  bool operator==(const Timing&) const = default;
};

enum class HookType : std::uint8_t {
  face,
  motion,
  text,
  audio,
  pattern_interrupt,
  transformation,
  question
};

template <>
struct EnumNames<HookType> {
  static constexpr auto names = std::to_array<std::pair<HookType, std::string_view>>(
      {{HookType::face, "face"},
       {HookType::motion, "motion"},
       {HookType::text, "text"},
       {HookType::audio, "audio"},
       {HookType::pattern_interrupt, "pattern_interrupt"},
       {HookType::transformation, "transformation"},
       {HookType::question, "question"}});
};

struct Hook {
  HookType type = HookType::motion;
  double score = 0;  // [0, 100], by rule: a prior that data updates.
  std::optional<double> first_face_s;
  std::optional<double> first_motion_peak_s;
  std::optional<double> first_text_s;
  std::optional<double> first_cut_s;
  double pattern_interrupt = 0;  // [0, 1]
  double optimal_first_cut_s = 0;
  Attention attention;  // Of the hook's seconds alone.
  std::vector<std::string> improvements;

  bool operator==(const Hook&) const = default;
};

struct CallToAction {
  double start_s = 0;  // Where one is best placed.
  double end_s = 0;
  double confidence = 0;  // [0, 1]
  std::string reason;
  std::vector<std::string> before;         // What should come before it.
  std::optional<double> existing_start_s;  // Of one that was recognised.
  std::string existing_text;
  std::optional<double> existing_score;  // [0, 100]

  bool operator==(const CallToAction&) const = default;
};

// One number of the DNA, and what made it.
struct DnaFeature {
  std::optional<double> value;  // None: it was not measured, or there is nothing of the kind.
  std::string unit;
  std::string made_by;  // Analyser and model.
  double low = 0;       // At low and below, the vector holds 0.
  double high = 1;      // At high and above, 1.

  bool operator==(const DnaFeature&) const = default;
};

struct Dna {
  std::string version;  // Of the list of features; vectors of one version can be compared.
  std::map<std::string, DnaFeature> features;
  std::vector<double> vector;  // Scaled to [0, 1] each, in the list's order; 0.5 where unknown.
  std::vector<double> mask;    // 1 where the vector's number was measured, 0 where it was not.

  bool operator==(const Dna&) const = default;
};

// The recipe that a film seems to have been made by.
struct RecipeTraits {
  std::string hook_type;  // question, statement, visual, story, contrast, mystery.
  std::int64_t scene_count = 0;
  std::string narration;  // Words a minute: slow, medium, fast; empty without a transcript.
  std::string captions;   // A second: sparse, medium, dense; empty where none were looked for.
  std::string ending;     // cliffhanger, resolve, cta, loop.

  bool operator==(const RecipeTraits&) const = default;
};

}  // namespace rf

template <>
struct rf::Described<rf::TriggerWindow> {
  using Self = rf::TriggerWindow;
  static constexpr auto fields =
      std::tuple{field("start_s", &Self::start_s, "where it begins"),
                 field("end_s", &Self::end_s, "where it ends"),
                 field("motion", &Self::motion, "mean energy"),
                 field("motion_level", &Self::motion_level, "low, medium or high"),
                 field("has_face", &Self::has_face, "whether a face is seen"),
                 field("absorption", &Self::absorption, "how well a message is taken in, 0 to 1"),
                 field("recommended", &Self::recommended, "what fits here, best first")};
};

template <>
struct rf::Described<rf::TriggerPlacement> {
  using Self = rf::TriggerPlacement;
  static constexpr auto fields =
      std::tuple{field("trigger", &Self::trigger, "what"), field("start_s", &Self::start_s, "from"),
                 field("end_s", &Self::end_s, "to"), field("score", &Self::score, "fit, 0 to 1"),
                 field("reason", &Self::reason, "why here")};
};

template <>
struct rf::Described<rf::Timing> {
  using Self = rf::Timing;
  static constexpr auto fields = std::tuple{field("windows", &Self::windows, "every window"),
                                            field("plan", &Self::plan, "where to put what")};
};

template <>
struct rf::Described<rf::Hook> {
  using Self = rf::Hook;
  static constexpr auto fields =
      std::tuple{field("type", &Self::type, "what it works with"),
                 field("score", &Self::score, "0 to 100, by rule; a prior, not a measurement"),
                 field("first_face_s", &Self::first_face_s, "null: none"),
                 field("first_motion_peak_s", &Self::first_motion_peak_s, "null: none"),
                 field("first_text_s", &Self::first_text_s, "null: none"),
                 field("first_cut_s", &Self::first_cut_s, "null: none"),
                 field("pattern_interrupt", &Self::pattern_interrupt, "how unexpected, 0 to 1"),
                 field("optimal_first_cut_s", &Self::optimal_first_cut_s, "where to cut first"),
                 field("attention", &Self::attention, "over the hook's seconds"),
                 field("improvements", &Self::improvements, "what to change")};
};

template <>
struct rf::Described<rf::CallToAction> {
  using Self = rf::CallToAction;
  static constexpr auto fields = std::tuple{
      field("start_s", &Self::start_s, "the best place"),
      field("end_s", &Self::end_s, "its end"),
      field("confidence", &Self::confidence, "0 to 1"),
      field("reason", &Self::reason, "why there"),
      field("before", &Self::before, "what should come before it"),
      field("existing_start_s", &Self::existing_start_s, "of one that was recognised"),
      field("existing_text", &Self::existing_text, "its words"),
      field("existing_score", &Self::existing_score, "0 to 100; null: none was recognised")};
};

template <>
struct rf::Described<rf::DnaFeature> {
  using Self = rf::DnaFeature;
  static constexpr auto fields = std::tuple{
      field("value", &Self::value, "in its unit; null: not known"),
      field("unit", &Self::unit, "of the value"),
      field("made_by", &Self::made_by, "analyser and model"),
      field("low", &Self::low, "0 in the vector"), field("high", &Self::high, "1 in the vector")};
};

template <>
struct rf::Described<rf::Dna> {
  using Self = rf::Dna;
  static constexpr auto fields =
      std::tuple{field("version", &Self::version, "of the list of features"),
                 field("features", &Self::features, "by name"),
                 field("vector", &Self::vector, "scaled, in the list's order; 0.5 where unknown"),
                 field("mask", &Self::mask, "1: measured, 0: unknown")};
};

template <>
struct rf::Described<rf::RecipeTraits> {
  using Self = rf::RecipeTraits;
  static constexpr auto fields =
      std::tuple{field("hook_type", &Self::hook_type, "how it begins"),
                 field("scene_count", &Self::scene_count, "shots"),
                 field("narration", &Self::narration, "slow, medium, fast; empty: no transcript"),
                 field("captions", &Self::captions, "sparse, medium, dense; empty: not known"),
                 field("ending", &Self::ending, "how it ends")};
};
