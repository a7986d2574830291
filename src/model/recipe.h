// A recipe: the few choices by which a video ad is made, so that results can be told apart by them.

#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/described.h"
#include "base/result.h"

namespace rf {

enum class HookStyle : std::uint8_t { question, statement, visual, story, contrast, mystery };
enum class NarrationPace : std::uint8_t { slow, medium, fast };      // Words a minute.
enum class CaptionDensity : std::uint8_t { sparse, medium, dense };  // Captions a second.
enum class Ending : std::uint8_t { cliffhanger, resolve, cta, loop };

template <>
struct EnumNames<HookStyle> {
  using enum HookStyle;
  static constexpr auto names =
      std::to_array<std::pair<HookStyle, std::string_view>>({{question, "question"},
                                                             {statement, "statement"},
                                                             {visual, "visual"},
                                                             {story, "story"},
                                                             {contrast, "contrast"},
                                                             {mystery, "mystery"}});
};

template <>
struct EnumNames<NarrationPace> {
  using enum NarrationPace;
  static constexpr auto names = std::to_array<std::pair<NarrationPace, std::string_view>>(
      {{slow, "slow"}, {medium, "medium"}, {fast, "fast"}});
};

template <>
struct EnumNames<CaptionDensity> {
  using enum CaptionDensity;
  static constexpr auto names = std::to_array<std::pair<CaptionDensity, std::string_view>>(
      {{sparse, "sparse"}, {medium, "medium"}, {dense, "dense"}});
};

template <>
struct EnumNames<Ending> {
  using enum Ending;
  static constexpr auto names = std::to_array<std::pair<Ending, std::string_view>>(
      {{cliffhanger, "cliffhanger"}, {resolve, "resolve"}, {cta, "cta"}, {loop, "loop"}});
};

// The notes' limits on how many scenes a recipe has.
inline constexpr std::int64_t kScenesMin = 5;
inline constexpr std::int64_t kScenesMax = 10;

struct Recipe {
  std::string preset = "clean";  // The visual style, by the name that people gave it.
  HookStyle hook_type = HookStyle::statement;
  std::int64_t scene_count = kScenesMin;
  NarrationPace narration_wpm_bucket = NarrationPace::medium;
  CaptionDensity caption_density_bucket = CaptionDensity::medium;
  Ending ending_type = Ending::cta;

  auto operator<=>(const Recipe&) const = default;
};

template <>
struct Described<Recipe> {
  static constexpr auto fields =
      std::tuple{field("preset", &Recipe::preset, "the visual style"),
                 field("hook_type", &Recipe::hook_type, "how it begins"),
                 field("scene_count", &Recipe::scene_count, "number of scenes",
                       {.min = kScenesMin, .max = kScenesMax}),
                 field("narration_wpm_bucket", &Recipe::narration_wpm_bucket,
                       "words a minute: slow < 120, medium to 160, fast > 160"),
                 field("caption_density_bucket", &Recipe::caption_density_bucket,
                       "captions a second: sparse < .3, medium to .6, dense > .6"),
                 field("ending_type", &Recipe::ending_type, "how it ends")};
};

// A range of rates, both ends included.
struct RateRange {
  double low = 0;
  double high = 0;
};

// Words a minute that a script aims at, well inside its bucket, because voices differ. Source: the
// notes' buckets; the outer ends, 90 and 200, are chosen: people follow no faster and wait no
// longer.
RateRange words_a_minute(NarrationPace pace);

// Captions a second, likewise.
RateRange captions_a_second(CaptionDensity density);

// The same recipe gives the same hash for ever, whatever the case of its preset. 64 hex digits.
std::string hash_of(const Recipe& recipe);

// The same recipe for the same topic: what must not be made twice. Case and spaces of a topic make
// no difference.
std::string hash_of(const Recipe& recipe, std::string_view topic);

// "question, 7 scenes, medium narration, dense captions, ends with cta, preset clean"
std::string to_words(const Recipe& recipe);

}  // namespace rf
