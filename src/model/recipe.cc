#include "model/recipe.h"

#include <cctype>

#include <fmt/format.h>

#include "base/check.h"
#include "base/json.h"
#include "base/sha256.h"

namespace rf {
namespace {

// ASCII letters in lower case, runs of blanks as one, none at the ends.
std::string plain(std::string_view text) {
  std::string out;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isspace(byte) != 0) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += static_cast<char>(byte < 0x80 ? std::tolower(byte) : byte);
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

RateRange words_a_minute(NarrationPace pace) {
  switch (pace) {
    case NarrationPace::slow: return {90, 118};
    case NarrationPace::medium: return {122, 158};
    case NarrationPace::fast: return {163, 200};
  }
  check_failed(__FILE__, __LINE__, "enum in range");
}

RateRange captions_a_second(CaptionDensity density) {
  switch (density) {
    case CaptionDensity::sparse: return {0.1, 0.29};
    case CaptionDensity::medium: return {0.31, 0.59};
    case CaptionDensity::dense: return {0.61, 0.9};
  }
  check_failed(__FILE__, __LINE__, "enum in range");
}

std::string hash_of(const Recipe& recipe) {
  Recipe same = recipe;
  same.preset = plain(recipe.preset);
  return sha256_hex(to_text(to_json(same)));
}

std::string hash_of(const Recipe& recipe, std::string_view topic) {
  return sha256_hex(hash_of(recipe) + '\n' + plain(topic));
}

std::string to_words(const Recipe& recipe) {
  return fmt::format("{}, {} scenes, {} narration, {} captions, ends with {}, preset {}",
                     name_of(recipe.hook_type), recipe.scene_count,
                     name_of(recipe.narration_wpm_bucket), name_of(recipe.caption_density_bucket),
                     name_of(recipe.ending_type), recipe.preset);
}

}  // namespace rf
