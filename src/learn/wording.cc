#include "learn/wording.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace rf::learn {
namespace {

// The lists were written for this file from what copywriting guides talk about; they are kept short
// because a long list of rare words says what a text is about, not how it speaks.
struct WordList {
  std::string_view name;
  std::string_view words;
};

constexpr auto kLists = std::to_array<WordList>({
    {"you", "you you're you'll you've you'd your yours yourself"},
    {"first_person", "i i'm i've i'll i'd me my mine myself"},
    {"we", "we we're we've we'll us our ours let's"},
    {"he", "he he's him his himself"},
    {"she", "she she's her hers herself"},
    {"they", "they they're them their theirs"},
    {"this", "this these here here's"},
    {"that", "that that's those"},
    {"it", "it it's its"},
    {"why", "why because reason reasons"},
    {"what", "what what's"},
    {"how", "how"},
    {"who", "who who's whose"},
    {"when", "when while"},
    {"if", "if"},
    {"negative",
     "kill killed hate worst bad death dead die dying war rape abuse hurt wrong angry terrible "
     "horrible awful fear afraid sad cry crying pain poor problem fail failed lie lies lying sick "
     "fight violence racist sexist shame ugly stupid disgusting gross cancer victim crime prison "
     "poverty suicide destroyed insane crazy hell broken lost enemy attack evil racism sexism "
     "bully "
     "bullied hated scary damn ridiculous outrageous"},
    {"positive",
     "love beautiful amazing best great happy good awesome wonderful brilliant perfect hope win "
     "won "
     "hero heroes inspiring incredible adorable sweet smile laugh fun hilarious funny cute proud "
     "gorgeous kind powerful nice joy genius"},
    {"curiosity",
     "secret surprising surprise shocking shocked mind-blowing unbelievable weird strange odd "
     "hidden "
     "truth actually really unexpected guess happened happens something thing things turns ever "
     "nobody seen believe know"},
    {"watch", "watch see look listen meet hear check read think imagine learn ask tell"},
    {"turn_of_events", "then until till before after now next just suddenly first last finally"},
    {"people",
     "man woman guy girl boy kid kids mom dad mother father son daughter family wife husband "
     "friend "
     "friends people men women girls boys child children baby teen teacher doctor dude lady "
     "parents"},
    {"politics",
     "congress president government republican republicans democrat senator law laws court fox "
     "obama "
     "politics political vote economy economic tax taxes climate policy corporate corporations "
     "wealth inequality bank banks economics healthcare industry energy gas oil global "
     "environment"},
    {"negation",
     "not don't doesn't isn't aren't can't won't didn't wasn't couldn't shouldn't no never nothing "
     "none without wouldn't haven't"},
    {"absolute",
     "all every everyone everything always nobody only most least more totally completely "
     "absolutely "
     "entire whole exactly so very"},
    {"medium",
     "video photo photos map chart graph infographic song poem movie film pictures picture "
     "animation "
     "cartoon ad commercial speech clip minute minutes seconds image images interview music talk "
     "ted documentary"},
    {"modal", "would should could can might may will must"},
    {"offer", "free new save sale off deal discount today now easy guaranteed"},
});

constexpr auto kMarks = std::to_array<WordingTrait>({
    {"question"},
    {"exclamation"},
    {"several_sentences"},
    {"ellipsis"},
    {"colon"},
    {"comma"},
    {"quotes"},
    {"number"},
    {"starts_with_number"},
    {"money_or_percent"},
    {"capitals"},
    {"starts_with_this"},
    {"starts_with_question_word"},
    {"starts_with_pronoun"},
    {"starts_with_imperative"},
    {"adverb"},
    {"characters", false},
    {"words", false},
    {"word_length", false},
    {"sentences", false},
    {"long_words", false},
    {"repeated_share", false},
});

const std::vector<std::pair<std::string_view, std::size_t>>& listed_words() {
  static const std::vector<std::pair<std::string_view, std::size_t>> sorted = [] {
    std::vector<std::pair<std::string_view, std::size_t>> all;
    for (std::size_t list = 0; list < kLists.size(); ++list) {
      std::string_view rest = kLists[list].words;
      while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        all.emplace_back(rest.substr(0, end), list);
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
    std::ranges::sort(all);
    return all;
  }();
  return sorted;
}

// Adds to `found` for every list that holds the word.
template <typename Found>
void find_lists(std::string_view word, const Found& found) {
  const auto& all = listed_words();
  auto at = std::ranges::lower_bound(all, word, {}, [](const auto& each) { return each.first; });
  for (; at != all.end() && at->first == word; ++at) found(at->second);
}

bool is_list(std::string_view word, std::string_view name) {
  bool found = false;
  find_lists(word, [&](std::size_t list) { found = found || kLists[list].name == name; });
  return found;
}

bool is_letter(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(std::string_view token) { return is_letter(token[0]) || token[0] == '$'; }

bool ends_sentence(std::string_view token) {
  return token == "." || token == "?" || token == "!" || token == "...";
}

// A word of two letters or more with no small one.
bool has_capitals(std::string_view text) {
  std::size_t run = 0;
  bool small = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (c >= 'A' && c <= 'Z') {
      ++run;
    } else if (is_letter(c)) {
      small = true;
    } else if (c != '\'') {
      if (run >= 2 && !small) return true;
      run = 0;
      small = false;
    }
  }
  return false;
}

struct TextShape {
  std::size_t words = 0;
  std::size_t letters = 0;
  std::size_t sentences = 0;
  std::size_t long_words = 0;
  std::size_t distinct = 0;
  bool question = false;
  bool exclamation = false;
  bool ellipsis = false;
  bool colon = false;
  bool comma = false;
  bool quotes = false;
  bool number = false;
  bool money = false;
  bool adverb = false;
};

void add_mark(std::string_view token, TextShape& shape) {
  shape.question = shape.question || token == "?";
  shape.exclamation = shape.exclamation || token == "!";
  shape.ellipsis = shape.ellipsis || token == "...";
  shape.colon = shape.colon || token == ":";
  shape.comma = shape.comma || token == ",";
  shape.quotes = shape.quotes || token == "\"";
}

void add_word(std::string_view token, TextShape& shape) {
  ++shape.words;
  shape.letters += token.size();
  if (token.size() >= 8) ++shape.long_words;
  shape.number = shape.number || std::ranges::any_of(token, is_digit);
  shape.money = shape.money || token.find_first_of("$%") != std::string_view::npos;
  shape.adverb = shape.adverb || (token.size() > 4 && token.ends_with("ly"));
}

TextShape shape_of(const std::vector<std::string>& tokens) {
  TextShape shape;
  bool open = false;  // Words since the last end of a sentence.
  std::vector<std::string_view> seen;
  for (const std::string& token : tokens) {
    if (is_word(token)) {
      add_word(token, shape);
      seen.emplace_back(token);
      open = true;
      continue;
    }
    add_mark(token, shape);
    if (open && ends_sentence(token)) {
      ++shape.sentences;
      open = false;
    }
  }
  shape.sentences += open ? 1 : 0;
  std::ranges::sort(seen);
  shape.distinct = static_cast<std::size_t>(std::unique(seen.begin(), seen.end()) - seen.begin());
  return shape;
}

}  // namespace

std::span<const WordingTrait> wording_traits() {
  static const std::vector<WordingTrait> traits = [] {
    std::vector<WordingTrait> all(kMarks.begin(), kMarks.end());
    for (const WordList& list : kLists) all.push_back({list.name, true});
    return all;
  }();
  return traits;
}

std::string_view topic_of(std::string_view word) {
  constexpr auto topics = std::to_array<std::string_view>(
      {"negative", "positive", "curiosity", "people", "politics", "medium"});
  std::string_view topic;
  find_lists(word, [&](std::size_t list) {
    const bool fits = std::ranges::find(topics, kLists[list].name) != topics.end();
    if (fits && topic.empty()) topic = kLists[list].name;
  });
  return topic;
}

std::string plain_text(std::string_view text) {
  struct Spelling {
    std::string_view from;
    std::string_view to;
  };
  constexpr auto spellings = std::to_array<Spelling>({{"\xE2\x80\x98", "'"},
                                                      {"\xE2\x80\x99", "'"},
                                                      {"\xE2\x80\x9C", "\""},
                                                      {"\xE2\x80\x9D", "\""},
                                                      {"\xE2\x80\xA6", "..."},
                                                      {"\xE2\x80\x93", "-"},
                                                      {"\xE2\x80\x94", " - "},
                                                      {"\xE2\x80\x8B", ""},
                                                      {"\xC2\xA0", " "},
                                                      {"&amp;", "&"},
                                                      {"&quot;", "\""}});
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    if (text[0] == '<') {
      const std::size_t end = text.find('>');
      if (end < 200) {
        plain += ' ';
        text.remove_prefix(end + 1);
        continue;
      }
    }
    const auto* found = std::ranges::find_if(
        spellings, [&](const Spelling& each) { return text.starts_with(each.from); });
    if (found != spellings.end()) {
      plain += found->to;
      text.remove_prefix(found->from.size());
    } else {
      plain += text[0];
      text.remove_prefix(1);
    }
  }
  return plain;
}

namespace {

// The word that begins at `i`, in small letters and without the apostrophes and hyphens it ends on;
// `i` moves behind it.
std::string take_word(const std::string& plain, std::size_t& i) {
  constexpr std::string_view inside = "'$%*#-";
  std::size_t end = i + 1;
  while (end < plain.size() &&
         (is_letter(plain[end]) || inside.find(plain[end]) != std::string_view::npos)) {
    ++end;
  }
  std::string word = plain.substr(i, end - i);
  i = end;
  while (word.size() > 1 && (word.back() == '\'' || word.back() == '-')) word.pop_back();
  for (char& each : word) {
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
  }
  return word;
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  constexpr std::string_view marks = "?!.,:;\"&";
  const std::string plain = plain_text(text);
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < plain.size();) {
    const char c = plain[i];
    if (is_letter(c) || c == '$') {
      tokens.push_back(take_word(plain, i));
    } else if (plain.compare(i, 3, "...") == 0) {
      tokens.emplace_back("...");
      while (i < plain.size() && plain[i] == '.') ++i;
    } else {
      if (marks.find(c) != std::string_view::npos) tokens.emplace_back(1, c);
      ++i;
    }
  }
  return tokens;
}

std::vector<float> wording_of(std::string_view text) {
  const std::string plain = plain_text(text);
  const std::vector<std::string> tokens = words_of(text);
  const TextShape shape = shape_of(tokens);
  auto first = std::ranges::find_if(tokens, is_word);
  const std::string_view start = first == tokens.end() ? std::string_view() : *first;
  auto starts = [start](std::initializer_list<std::string_view> lists) {
    return std::ranges::any_of(lists, [&](std::string_view name) { return is_list(start, name); });
  };
  auto yes = [](bool is) { return is ? 1.0F : 0.0F; };
  const auto words = static_cast<float>(std::max<std::size_t>(shape.words, 1));
  std::vector<float> values{
      yes(shape.question),
      yes(shape.exclamation),
      yes(shape.sentences > 1),
      yes(shape.ellipsis),
      yes(shape.colon),
      yes(shape.comma),
      yes(shape.quotes),
      yes(shape.number),
      yes(!start.empty() && is_digit(start[0])),
      yes(shape.money),
      yes(has_capitals(plain)),
      yes(starts({"this"})),
      yes(starts({"why", "what", "how", "who", "when"})),
      yes(starts({"he", "she", "they", "first_person", "we"})),
      yes(starts({"watch"})),
      yes(shape.adverb),
      static_cast<float>(plain.size()),
      static_cast<float>(shape.words),
      static_cast<float>(shape.letters) / words,
      static_cast<float>(shape.sentences),
      static_cast<float>(shape.long_words),
      1 - static_cast<float>(shape.distinct) / words,
  };
  const std::size_t marks = values.size();
  values.resize(marks + kLists.size());
  for (const std::string& token : tokens) {
    find_lists(token, [&](std::size_t list) { values[marks + list] = 1; });
  }
  return values;
}

}  // namespace rf::learn
