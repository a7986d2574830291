// What a line of ad text is like, as numbers: how it speaks, to whom, about what, with what marks.

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rf::learn {

// A trait that every text has, more or less.
struct WordingTrait {
  std::string_view name;
  bool yes_or_no = true;  // Its value is 0 or 1; else it is an amount.
};

// The same for every text, in this order.
std::span<const WordingTrait> wording_traits();

// The text's value for each of wording_traits(). Tags like <p> and typographic quotes are taken as
// what a reader sees. Meant for English; on other languages the lists of words find nothing.
std::vector<float> wording_of(std::string_view text);

// The text's words and marks in order, lower case: "don't", "37%", "?". Bytes beyond ASCII count as
// letters.
std::vector<std::string> words_of(std::string_view text);

// What a lower-case word is about: "negative", "positive", "curiosity", "people", "politics",
// "medium"; or nothing.
std::string_view topic_of(std::string_view word);

// Typographic quotes and dashes as typewriter ones, no tags, no zero-width spaces.
std::string plain_text(std::string_view text);

}  // namespace rf::learn
