// A script: a concept told by a recipe, scene by scene, with the words and captions that fit its
// length. Nothing in it is rendered yet.

#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "base/result.h"
#include "create/concept.h"
#include "model/recipe.h"

namespace rf::create {

struct Scene {
  std::int64_t number = 0;  // From 1.
  double start_s = 0;
  double end_s = 0;
  std::string role;  // hook, pain, agitation, solution, detail, proof, urgency or ending.
  std::string show;  // A direction for whoever makes the picture.
  std::string say;   // The narration; empty for a scene without words.

  bool operator==(const Scene&) const = default;
};

struct Caption {
  double start_s = 0;
  double end_s = 0;
  std::string text;

  bool operator==(const Caption&) const = default;
};

struct Script {
  std::string hash;  // SHA-256 of the script without this field.
  std::string concept_id;
  Recipe recipe;
  std::string language;
  double duration_s = 0;
  std::vector<Scene> scenes;
  std::vector<Caption> captions;
  std::int64_t words = 0;
  double words_per_minute = 0;
  double captions_per_second = 0;
  std::vector<std::string> notices;  // What of the brief was not used, and the like.

  bool operator==(const Script&) const = default;
};

// How long an ad may be, seconds. A scene is never shorter than kSceneSecondsMin: less cannot be
// taken in. Chosen.
inline constexpr double kScriptSecondsMin = 5;
inline constexpr double kScriptSecondsMax = 60;
inline constexpr double kSceneSecondsMin = 0.7;

struct ScriptWish {
  Recipe recipe;
  double duration_s = 15;
  std::int64_t take = 0;  // Another take of the same words differs where a sentence can be chosen.
};

// The script has exactly the recipe's scenes, the first with its hook and the last with its ending;
// words a minute and captions a second lie inside the recipe's buckets. The brief's own words come
// before those of the tables, in their order. The same wish gives the same script.
// REQUIRES: a concept out of checked().
// Errors: invalid, when the wish is outside its limits, or the brief's words cannot fit or fill the
// length (it says which length would).
Result<Script> write_script(const Concept& from, const ScriptWish& wish);

}  // namespace rf::create

template <>
struct rf::Described<rf::create::Scene> {
  using Self = rf::create::Scene;
  static constexpr auto fields =
      std::tuple{field("number", &Self::number, "from 1"),
                 field("start_s", &Self::start_s, "from"),
                 field("end_s", &Self::end_s, "to"),
                 field("role", &Self::role,
                       "hook, pain, agitation, solution, detail, proof, urgency or ending"),
                 field("show", &Self::show, "what should be seen"),
                 field("say", &Self::say, "the narration; empty for none")};
};

template <>
struct rf::Described<rf::create::Caption> {
  using Self = rf::create::Caption;
  static constexpr auto fields =
      std::tuple{field("start_s", &Self::start_s, "from"), field("end_s", &Self::end_s, "to"),
                 field("text", &Self::text, "what is written")};
};

template <>
struct rf::Described<rf::create::Script> {
  using Self = rf::create::Script;
  static constexpr auto fields =
      std::tuple{field("hash", &Self::hash, "SHA-256 of the script without this field"),
                 field("concept_id", &Self::concept_id, "whose words"),
                 field("recipe", &Self::recipe, "what it was made by"),
                 field("language", &Self::language, "of its words"),
                 field("duration_s", &Self::duration_s, "its length"),
                 field("scenes", &Self::scenes, "in order, without a gap"),
                 field("captions", &Self::captions, "in order"),
                 field("words", &Self::words, "of narration"),
                 field("words_per_minute", &Self::words_per_minute, "of narration"),
                 field("captions_per_second", &Self::captions_per_second, "on average"),
                 field("notices", &Self::notices, "what to know of it")};
};
