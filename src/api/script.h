// From a brief to what can be made of it: a script by a recipe, and variations to test.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "create/concept.h"
#include "create/script.h"
#include "create/variations.h"

namespace rf::api {

struct ScriptInput {
  std::string brief;
  std::string hook = "question";
  std::int64_t scenes = kScenesMin;
  std::string narration = "medium";
  std::string captions = "medium";
  std::string ending = "cta";
  std::string preset = "clean";
  double duration_s = 15;
  std::int64_t take = 0;
};

struct VariationsInput {
  std::string brief;
  std::int64_t count = 50;
  std::int64_t seed = 1;
  std::optional<std::string> account;
};

struct VariationsOutput {
  std::vector<create::Variation> variations;  // Best first.
  std::string ranked_by;                      // What the order rests on, in words.
  std::vector<std::string> notices;
};

// A brief told by a recipe, as it was asked for.
struct Written {
  create::Concept brief;
  create::Script script;
};

// Errors: not_found (the brief), invalid with the field's path.
Result<Written> write_asked(const ScriptInput& input);
Result<create::Script> script(const ScriptInput& input, Services& services);

// Ranked by what ads whose names say the same have done on the account, where any have.
// Errors: as script(); not_found (the account).
Result<VariationsOutput> variations(const VariationsInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::ScriptInput> {
  using Self = rf::api::ScriptInput;
  static constexpr auto fields = std::tuple{
      field("brief", &Self::brief, "TOML or JSON: what the ad is about",
            {.required = true, .positional = true}),
      field("hook", &Self::hook, "question, statement, visual, story, contrast or mystery"),
      field("scenes", &Self::scenes, "how many", {.min = kScenesMin, .max = kScenesMax}),
      field("narration", &Self::narration, "slow, medium or fast"),
      field("captions", &Self::captions, "sparse, medium or dense"),
      field("ending", &Self::ending, "cliffhanger, resolve, cta or loop"),
      field("preset", &Self::preset, "the visual style's name"),
      field("duration_s", &Self::duration_s, "its length",
            {.min = create::kScriptSecondsMin, .max = create::kScriptSecondsMax}),
      field("take", &Self::take, "another take says it in other words", {.min = 0, .max = 1000})};
};

template <>
struct rf::Described<rf::api::VariationsInput> {
  using Self = rf::api::VariationsInput;
  static constexpr auto fields = std::tuple{
      field("brief", &Self::brief, "TOML or JSON: the concept",
            {.required = true, .positional = true}),
      field("count", &Self::count, "how many", {.min = 1, .max = create::kVariationsMax}),
      field("seed", &Self::seed, "of what is crossed with what", {.min = 0, .max = 1e15}),
      field("account", &Self::account, "whose results rank them")};
};

template <>
struct rf::Described<rf::api::VariationsOutput> {
  using Self = rf::api::VariationsOutput;
  static constexpr auto fields =
      std::tuple{field("variations", &Self::variations, "best first"),
                 field("ranked_by", &Self::ranked_by, "what the order rests on"),
                 field("notices", &Self::notices, "what to know before trusting it")};
};
