// A concept: what an ad is about, as a person briefs it; and its reading from what a stranger may
// have written.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "base/result.h"

namespace rf::create {

struct Concept {
  std::string id;  // The name's hash where none is given.
  std::string name;
  std::string description;
  std::string language = "en";  // Of what is written and said: "en" or "de".
  std::string target_audience;
  std::string industry;
  std::string objective = "conversions";
  std::string product;
  std::string key_benefit;
  std::string pain_point;
  std::string social_proof;
  std::vector<std::string> brand_colors;  // "#rrggbb"
  std::string tone = "energetic";         // energetic, calm, urgent or professional.
  std::string hook_script;
  std::string main_script;
  std::string cta_text;

  bool operator==(const Concept&) const = default;
};

// The limits of a brief: what is longer cannot be said in an ad of a minute, and no text of it may
// grow what is made of it beyond bounds. Chosen.
inline constexpr std::size_t kPhraseBytesMax = 200;   // Names and single phrases.
inline constexpr std::size_t kScriptBytesMax = 5000;  // Descriptions and scripts.
inline constexpr std::size_t kBrandColorsMax = 10;

// The concept with its blanks tidied and what it leaves out filled in from the rest (an id, a
// name).
// Errors: invalid, naming the field: no product, text that is too long or not UTF-8, characters that
// cannot be shown (controls, direction overrides), a colour that is not "#rrggbb", an unknown
// language or tone.
Result<Concept> checked(Concept concept_read);

}  // namespace rf::create

template <>
struct rf::Described<rf::create::Concept> {
  using Self = rf::create::Concept;
  static constexpr auto fields = std::tuple{
      field("id", &Self::id, "its own name for machines; made from the name if left out"),
      field("name", &Self::name, "what people call it"),
      field("description", &Self::description, "in a few sentences"),
      field("language", &Self::language, "of what is written and said: en or de"),
      field("target_audience", &Self::target_audience, "whom it speaks to"),
      field("industry", &Self::industry, "fitness, ecommerce, saas, …"),
      field("objective", &Self::objective, "conversions, leads, traffic, awareness or sales"),
      field("product", &Self::product, "what is advertised", {.required = true}),
      field("key_benefit", &Self::key_benefit, "what it does for people"),
      field("pain_point", &Self::pain_point, "what bothers them without it"),
      field("social_proof", &Self::social_proof, "who says so: \"10,000+ athletes\""),
      field("brand_colors", &Self::brand_colors, "as \"#rrggbb\""),
      field("tone", &Self::tone, "energetic, calm, urgent or professional"),
      field("hook_script", &Self::hook_script, "the first words, where you have them"),
      field("main_script", &Self::main_script, "the rest of the words, where you have them"),
      field("cta_text", &Self::cta_text, "what people are asked to do")};
};
