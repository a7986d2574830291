// What is known of the film that an ad shows, as far as ads are compared by it: the arrow from
// watching to remembering and learning. The whole of what was seen is rf::Features; this is small
// enough to be read for every ad of an account on each turn.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "base/described.h"
#include "model/features.h"

namespace rf {

struct Creative {
  std::string sha256;  // Of the film's bytes: films of the same bytes are one creative.
  std::string method;  // How it was watched; features of different methods are not compared.
  double duration_s = 0;
  bool partial = false;   // Something of it could not be read.
  std::string hook_type;  // What the first seconds work with, as rf::HookType.
  double hook_score = 0;  // [0, 100], by rule.
  std::optional<double> first_face_s;
  std::optional<double> first_motion_peak_s;
  std::optional<double> first_text_s;
  std::optional<double> first_cut_s;
  std::int64_t shots = 0;
  std::optional<double> tempo_bpm;
  std::string cta_text;  // Of one that was read in the picture; empty: none was.
  std::optional<double> cta_score;
  RecipeTraits recipe;
  Dna dna;

  bool operator==(const Creative&) const = default;
};

// `method`: the fingerprint of how the features were found.
Creative creative_of(const Features& features, const std::string& method);

}  // namespace rf

template <>
struct rf::Described<rf::Creative> {
  using Self = rf::Creative;
  static constexpr auto fields =
      std::tuple{field("sha256", &Self::sha256, "of the film's bytes"),
                 field("method", &Self::method, "how it was watched"),
                 field("duration_s", &Self::duration_s, "its length"),
                 field("partial", &Self::partial, "whether something could not be read"),
                 field("hook_type", &Self::hook_type, "what its first seconds work with"),
                 field("hook_score", &Self::hook_score, "0 to 100, by rule; not a measurement"),
                 field("first_face_s", &Self::first_face_s, "null: none was found"),
                 field("first_motion_peak_s", &Self::first_motion_peak_s, "null: none"),
                 field("first_text_s", &Self::first_text_s, "null: none was read"),
                 field("first_cut_s", &Self::first_cut_s, "null: none"),
                 field("shots", &Self::shots, "how many"),
                 field("tempo_bpm", &Self::tempo_bpm, "of its music; null: no beat"),
                 field("cta_text", &Self::cta_text, "a call to action that was read"),
                 field("cta_score", &Self::cta_score, "0 to 100, by rule; null: none was read"),
                 field("recipe", &Self::recipe, "the recipe it seems to follow"),
                 field("dna", &Self::dna, "what learning compares")};
};
