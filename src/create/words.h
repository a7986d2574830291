// Words and sentences of a text.

#pragma once

#include <string_view>
#include <vector>

namespace rf::create {

// What stands between blanks.
std::vector<std::string_view> words_of(std::string_view text);

// Each with what ends it; the last one ends with the text.
std::vector<std::string_view> sentences_of(std::string_view text);

}  // namespace rf::create
