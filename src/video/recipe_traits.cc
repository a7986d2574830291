#include "video/recipe_traits.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "video/cta.h"
#include "video/seen.h"

namespace rf::video {
namespace {

constexpr auto kMysteryWords = std::to_array<std::string_view>(
    {"secret", "nobody tells", "no one tells", "you won t believe", "wait for it", "wait until",
     "hidden", "geheimnis", "niemand", "secreto", "nadie", "segredo", "ninguem", "segreto"});
constexpr auto kStoryWords = std::to_array<std::string_view>(
    {"pov", "story time", "storytime", "my story", "when i", "i was", "so i", "last year",
     "years ago", "meine geschichte", "mi historia", "mon histoire", "minha historia"});
constexpr auto kOpenWords = std::to_array<std::string_view>(
    {"to be continued", "part 2", "part two", "coming soon", "what happens next", "teil 2",
     "fortsetzung folgt", "continuara", "parte 2", "a suivre", "partie 2", "continua"});

template <typename Words>
bool has_any(std::string_view text, const Words& words) {
  return std::ranges::any_of(words, [&](std::string_view each) { return has_words(text, each); });
}

std::string words_in(const Features& features, Stretch stretch) {
  std::string words;
  for (const TextSighting& each : features.text) {
    if (each.start_s < stretch.end_s && each.end_s > stretch.start_s) words += each.text + "\n";
  }
  return folded(words);
}

std::string hook_type_of(const Features& features) {
  const Stretch opening{0, 3};
  const std::string words = words_in(features, opening);
  if (features.hook.type == HookType::question) return "question";
  if (features.hook.type == HookType::transformation) return "contrast";
  if (has_any(words, kMysteryWords)) return "mystery";
  if (has_any(words, kStoryWords)) return "story";
  const bool talks = sound_during(features.audio, opening) == SoundKind::speech;
  const bool says =
      features.hook.type == HookType::text || (features.hook.type == HookType::face && talks);
  return says ? "statement" : "visual";
}

std::string narration_of(const Sound& sound) {
  if (!sound.words_per_minute) return "";
  if (*sound.words_per_minute < 120) return "slow";
  return *sound.words_per_minute <= 160 ? "medium" : "fast";
}

// Captions a second: from a transcript, else what is written in the picture.
std::string captions_of(const Features& features) {
  std::optional<double> rate = features.audio.captions_per_second;
  if (!rate && was_measured(features, "text") && features.duration_s > 0) {
    rate = static_cast<double>(features.text.size()) / features.duration_s;
  }
  if (!rate) return "";
  if (*rate < 0.3) return "sparse";
  return *rate <= 0.6 ? "medium" : "dense";
}

std::string ending_of(const Features& features, bool ends_as_it_began) {
  const double duration = features.duration_s;
  auto seen = find_cta(features);
  // A call that is gone before the last quarter is not how the film ends.
  if (seen && seen->end_s >= 0.75 * duration) return "cta";
  if (has_any(words_in(features, {duration - 3, duration}), kOpenWords)) return "cliffhanger";
  return ends_as_it_began ? "loop" : "resolve";
}

}  // namespace

RecipeTraits recipe_traits(const Features& features, bool ends_as_it_began) {
  return {.hook_type = hook_type_of(features),
          .scene_count = std::ssize(features.shots),
          .narration = narration_of(features.audio),
          .captions = captions_of(features),
          .ending = ending_of(features, ends_as_it_began)};
}

}  // namespace rf::video
