// What a renderer is told: pictures, words and music of a film, second by second. The same plan
// gives the same film.

#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "base/result.h"
#include "create/concept.h"
#include "create/script.h"

namespace rf::create {

struct RenderScene {
  double start_s = 0;
  double end_s = 0;
  std::string from;       // "#rrggbb", above.
  std::string to;         // Below.
  std::int64_t seed = 0;  // Of the shapes that move.

  bool operator==(const RenderScene&) const = default;
};

struct RenderText {
  double start_s = 0;
  double end_s = 0;
  std::string place = "bottom";  // top, bottom or middle.
  std::string text;
  std::string colour = "#ffffff";
  std::string behind;  // Of a box; empty for an outline only.

  bool operator==(const RenderText&) const = default;
};

struct RenderPlan {
  std::string hash;  // SHA-256 of the plan without this field.
  std::string script_hash;
  std::int64_t width = 1080;
  std::int64_t height = 1920;
  std::int64_t fps = 30;
  double duration_s = 0;
  std::vector<RenderScene> scenes;  // In order, without a gap.
  std::vector<RenderText> texts;
  double music_bpm = 0;  // 0: silence.
  std::int64_t music_seed = 0;

  bool operator==(const RenderPlan&) const = default;
};

// "9x16", "4x5", "1x1", "16x9": pictures with a short side of so many pixels.
struct RenderSize {
  std::int64_t width = 0;
  std::int64_t height = 0;
};
// REQUIRES: 180 <= short_side <= 1080.
// Errors: invalid, naming the shapes there are.
Result<RenderSize> size_called(std::string_view shape, std::int64_t short_side);

// The script's captions as words on the picture, those of the hook large and above, and a card at
// the end with what people are asked to do; cuts fall on the music's beats, as near to the script's
// as they can.
// REQUIRES: a script of the concept.
RenderPlan plan_render(const Script& script, const Concept& from, RenderSize size);

// Errors: invalid, with the place: scenes that overlap or leave gaps, a size no encoder takes, more
// or longer texts than can be read.
Status check(const RenderPlan& plan);

// Chosen: a beat every half second is where most advertising music lies, and cuts on every second
// or fourth beat come as often as scripts ask for.
inline constexpr double kMusicBpm = 120;

}  // namespace rf::create

template <>
struct rf::Described<rf::create::RenderScene> {
  using Self = rf::create::RenderScene;
  static constexpr auto fields = std::tuple{
      field("start_s", &Self::start_s, "from"), field("end_s", &Self::end_s, "to"),
      field("from", &Self::from, "colour above, \"#rrggbb\""),
      field("to", &Self::to, "colour below"), field("seed", &Self::seed, "of what moves in it")};
};

template <>
struct rf::Described<rf::create::RenderText> {
  using Self = rf::create::RenderText;
  static constexpr auto fields =
      std::tuple{field("start_s", &Self::start_s, "from"),
                 field("end_s", &Self::end_s, "to"),
                 field("place", &Self::place, "top, bottom or middle"),
                 field("text", &Self::text, "what is written"),
                 field("colour", &Self::colour, "of the letters"),
                 field("behind", &Self::behind, "of a box behind them; empty: an outline")};
};

template <>
struct rf::Described<rf::create::RenderPlan> {
  using Self = rf::create::RenderPlan;
  static constexpr auto fields =
      std::tuple{field("hash", &Self::hash, "SHA-256 of the plan without this field"),
                 field("script_hash", &Self::script_hash, "whose words"),
                 field("width", &Self::width, "pixels", {.min = 16, .max = 4096}),
                 field("height", &Self::height, "pixels", {.min = 16, .max = 4096}),
                 field("fps", &Self::fps, "pictures a second", {.min = 10, .max = 60}),
                 field("duration_s", &Self::duration_s, "its length", {.min = 1, .max = 60}),
                 field("scenes", &Self::scenes, "in order, without a gap"),
                 field("texts", &Self::texts, "what is written when"),
                 field("music_bpm", &Self::music_bpm, "0: silence", {.min = 0, .max = 200}),
                 field("music_seed", &Self::music_seed, "of the chords")};
};
