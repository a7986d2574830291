// Variations of one concept: each differs from it in few things, so that results can be told apart.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/described.h"
#include "base/result.h"
#include "create/concept.h"
#include "model/estimate.h"

namespace rf::create {

enum class Dimension : std::uint8_t {
  hook,
  cta,
  headline,
  color,
  music,
  voice,
  pacing,
  duration,
  format
};

struct Variation {
  std::string id;  // The concept's and the number: "a1b2-07".
  std::string concept_id;
  std::int64_t variation_number = 0;                      // From 1.
  std::map<std::string, std::string> variations_applied;  // Dimension -> its value; what changed.
  std::string hook;
  std::string headline;
  std::string cta;
  std::vector<std::string> color_scheme;  // "#rrggbb": background, text, accent.
  std::string music;
  std::string voice;
  std::string pacing = "medium";  // fast, medium, slow.
  std::int64_t duration = 15;     // Seconds.
  std::string format = "9:16";
  std::string variation_hash;  // Of what is shown and said; two alike are made once.
  // What is expected of it; null: not enough data, and then its rank says only how different it is.
  std::optional<Estimate> predicted_performance;
  std::int64_t rank = 0;  // 1 is first.

  bool operator==(const Variation&) const = default;
};

struct VariationWish {
  std::int64_t count = 50;
  std::uint64_t seed = 1;  // Of what is crossed with what, beyond the notes' fixed shares.
};

// The most that are made of one concept in one go; more than that nobody tests. Chosen.
inline constexpr std::int64_t kVariationsMax = 500;

// What is believed of a value of a dimension on the account, in the metric that ranks: learnt from
// its own ads. None: not enough data.
using DimensionBelief =
    std::function<std::optional<Estimate>(std::string_view dimension, std::string_view value)>;

// Of fifty: 10 hooks, 10 calls to action, 10 headlines, 5 colours, 9 pacings by durations; the rest
// crosses two dimensions, music, voice and format among them (the notes' split, kept in proportion
// for other counts). No two show and say the same, and none is the concept as it is.
// REQUIRES: a concept out of checked().
// Errors: invalid, when the count is not 1 to kVariationsMax.
Result<std::vector<Variation>> variations_of(const Concept& from, const VariationWish& wish);

// Ranks by what is believed of what changed, and keeps near twins from standing together on top: at
// each place stands the one with the best expectation less its likeness to those above. Without a
// belief about any, the order spreads over the dimensions.
void rank(std::vector<Variation>& variations, const DimensionBelief& belief);

}  // namespace rf::create

template <>
struct rf::EnumNames<rf::create::Dimension> {
  using enum rf::create::Dimension;
  static constexpr auto names =
      std::to_array<std::pair<rf::create::Dimension, std::string_view>>({{hook, "hook"},
                                                                         {cta, "cta"},
                                                                         {headline, "headline"},
                                                                         {color, "color"},
                                                                         {music, "music"},
                                                                         {voice, "voice"},
                                                                         {pacing, "pacing"},
                                                                         {duration, "duration"},
                                                                         {format, "format"}});
};

template <>
struct rf::Described<rf::create::Variation> {
  using Self = rf::create::Variation;
  static constexpr auto fields = std::tuple{
      field("id", &Self::id, "the concept's and the number"),
      field("concept_id", &Self::concept_id, "whose variation"),
      field("variation_number", &Self::variation_number, "from 1"),
      field("variations_applied", &Self::variations_applied, "dimension and value: what changed"),
      field("hook", &Self::hook, "the first words"),
      field("headline", &Self::headline, "beside the film"),
      field("cta", &Self::cta, "what people are asked to do"),
      field("color_scheme", &Self::color_scheme, "background, text, accent"),
      field("music", &Self::music, "the music's kind"),
      field("voice", &Self::voice, "the voice's kind"),
      field("pacing", &Self::pacing, "fast, medium or slow"),
      field("duration", &Self::duration, "seconds"),
      field("format", &Self::format, "width to height"),
      field("variation_hash", &Self::variation_hash, "of what is shown and said"),
      field("predicted_performance", &Self::predicted_performance,
            "what is expected of it; null: not enough data"),
      field("rank", &Self::rank, "1 is first")};
};
