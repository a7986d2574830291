#include "create/words.h"

#include <algorithm>

namespace rf::create {

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) return words;
    const std::string_view word = text.substr(0, text.find(' '));
    words.push_back(word);
    text.remove_prefix(word.size());
  }
}

std::vector<std::string_view> sentences_of(std::string_view text) {
  std::vector<std::string_view> sentences;
  std::size_t began = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool marks = text[at] == '.' || text[at] == '!' || text[at] == '?';
    const bool ends = at + 1 == text.size() || (marks && text[at + 1] == ' ');
    if (!ends) continue;
    sentences.push_back(text.substr(began, at + 1 - began));
    began = std::min(text.find_first_not_of(' ', at + 1), text.size());
    at = std::max(at, began - 1);
  }
  return sentences;
}

}  // namespace rf::create
