// Sentences from which a script is put together where nobody else writes it: one table a language.
//
// A sentence says nothing of the product that the brief did not say; "{product}", "{benefit}",
// "{pain}", "{proof}", "{audience}" and "{cta}" stand for the brief's own words, noun phrases but
// for the call. A sentence whose brief has no such word is not used.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "create/concept.h"

namespace rf::create {

// What a scene is for, in the order in which an ad tells it.
enum class Role : std::uint8_t { hook, pain, agitation, solution, detail, proof, urgency, ending };

using Sentences = std::span<const std::string_view>;

struct Phrases {
  std::string_view language;         // ISO 639-1.
  std::array<Sentences, 6> hooks;    // By HookStyle.
  std::array<Sentences, 4> endings;  // By Ending.
  std::array<Sentences, 8> by_role;  // By Role; hook and ending are empty.
  Sentences headlines;               // Beside the film.
  Sentences calls;                   // To action.
  Sentences fillers;                 // One to three words, that fit anywhere.
  std::string_view shop;             // The call to action where the brief has none.
};

// Null for a language without a table.
const Phrases* phrases_in(std::string_view language);

// The sentence with the brief's words and the call in it; none when the brief has no such word.
std::optional<std::string> filled(std::string_view sentence, const Concept& from,
                                  std::string_view call);

}  // namespace rf::create
