// How fast somebody talks and how often captions change, from subtitles or a transcript.

#pragma once

#include <optional>
#include <string_view>

#include "video/subtitles.h"

namespace rf::video {

struct SpeechPace {
  std::optional<double> words_per_minute;     // Null: no words, or no time to say them in.
  std::optional<double> captions_per_second;  // Null: a transcript, or a film without length.

  bool operator==(const SpeechPace&) const = default;
};

// Words are counted against the time captions stand, for silence between them is not slow speech; a
// transcript's against `spoken_s`, or the whole film where that is null. Captions are counted
// against the whole film.
// REQUIRES: film_s >= 0.
SpeechPace speech_pace(const Subtitles& subtitles, double film_s, std::optional<double> spoken_s);

// Words between blanks that hold a letter or digit. Scripts without blanks (Han, kana) count half a
// word for each character: chosen, about what translators charge by.
// REQUIRES: UTF-8.
double count_words(std::string_view text);

// The recipes' buckets. Below 120 slow, above 160 fast; below .3 low, above .6 high.
// Source: the recipes' own definition; the bounds belong to the middle.
std::string_view narration_bucket(double words_per_minute);
std::string_view captions_bucket(double captions_per_second);

}  // namespace rf::video
