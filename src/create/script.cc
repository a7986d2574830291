#include "create/script.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "base/json.h"
#include "base/sha256.h"
#include "create/captions.h"
#include "create/phrases.h"
#include "create/words.h"

namespace rf::create {
namespace {

constexpr auto kRoleNames = std::to_array<std::string_view>(
    {"hook", "pain", "agitation", "solution", "detail", "proof", "urgency", "ending"});

// What stands between hook and ending, most needed first: a film of five scenes keeps three of
// them.
// Source: the notes' order of triggers (pain, agitation, solution, proof, urgency).
constexpr auto kMiddle =
    std::to_array<Role>({Role::pain, Role::solution, Role::proof, Role::detail, Role::urgency,
                         Role::agitation, Role::detail, Role::detail});

std::int64_t count(std::string_view text) { return std::ssize(words_of(text)); }

// The roles of that many scenes, in the order in which they are told.
std::vector<Role> roles_for(std::size_t scenes) {
  std::vector<Role> roles(kMiddle.begin(), kMiddle.begin() + std::ptrdiff_t(scenes) - 2);
  std::ranges::sort(roles);
  roles.insert(roles.begin(), Role::hook);
  roles.push_back(Role::ending);
  return roles;
}

// Hooks are judged by their first three seconds and calls to action stand two to five (ledger, A4
// and A8); the rest is shared out evenly.
std::vector<double> lengths_for(std::size_t scenes, double duration_s) {
  const double even_s = duration_s / static_cast<double>(scenes);
  std::vector<double> lengths(scenes, even_s);
  lengths.front() = std::min(even_s, 3.0);
  lengths.back() = std::clamp(even_s, std::min(even_s, 2.0), 5.0);
  const double rest_s = duration_s - lengths.front() - lengths.back();
  for (std::size_t i = 1; i + 1 < scenes; ++i) {
    lengths[i] = rest_s / static_cast<double>(scenes - 2);
  }
  return lengths;
}

std::string direction(Role role, const Recipe& recipe) {
  constexpr auto kHooks = std::to_array<std::string_view>(
      {"a face that looks into the lens and asks; the words stand large from the first frame",
       "the product or a face, still and close; the words stand large from the first frame",
       "the strongest movement of the footage, without a lead-in",
       "a person in the middle of something, as if filmed by a friend",
       "both states side by side, or a hard cut from one to the other",
       "a close view that does not yet show what it is"});
  constexpr auto kEndings = std::to_array<std::string_view>(
      {"stop in the middle of the movement", "the product at rest, the name beside it",
       "an end card: the call to action as a button, the product, nothing else moving",
       "the first picture again, so that the film begins anew unnoticed"});
  constexpr auto kOthers = std::to_array<std::string_view>(
      {"", "the moment that bothers, close, little light", "the same again, a faster cut",
       "the product comes into the picture and is used", "one detail of the product, close",
       "people who use it; their words or stars", "a clock, a calendar or the last one of a row",
       ""});
  if (role == Role::hook) return std::string(kHooks.at(std::size_t(recipe.hook_type)));
  if (role == Role::ending) return std::string(kEndings.at(std::size_t(recipe.ending_type)));
  return std::string(kOthers.at(std::size_t(role)));
}

struct Draft {
  Role role = Role::detail;
  double length_s = 0;
  std::vector<std::string> sentences;

  std::int64_t words() const {
    std::int64_t sum = 0;
    for (const std::string& each : sentences) sum += count(each);
    return sum;
  }
};

// Puts a script's words together, sentence by sentence.
class Writer {
 public:
  Writer(const Concept& from, const ScriptWish& wish, const Phrases& phrases)
      : from_(from),
        wish_(wish),
        phrases_(phrases),
        call_(from.cta_text.empty() ? phrases.shop : std::string_view(from.cta_text)) {
    const RateRange rate = words_a_minute(wish.recipe.narration_wpm_bucket);
    least_ = static_cast<std::int64_t>(std::ceil(rate.low * wish.duration_s / 60));
    most_ = static_cast<std::int64_t>(std::floor(rate.high * wish.duration_s / 60));
    while (call_.ends_with('.') || call_.ends_with('!')) call_.remove_suffix(1);
  }

  // Errors: invalid.
  Result<std::vector<Draft>> write();
  std::vector<std::string>& notices() { return notices_; }

 private:
  void lay_out();
  Status say_hook_and_ending();
  void say_own_words();
  void say_leads();
  Status fill_up();
  void add(Draft& draft, std::string sentence);

  std::int64_t words() const;
  // Words that a scene would have if all spoke alike.
  double share(const Draft& draft) const {
    return static_cast<double>(least_ + most_) / 2 * draft.length_s / wish_.duration_s;
  }
  std::optional<std::string> best(Sentences from, double wanted, std::int64_t room) const;
  std::vector<std::string> choices(Sentences from) const;

  const Concept& from_;
  const ScriptWish& wish_;
  const Phrases& phrases_;
  std::string_view call_;
  std::int64_t least_ = 0;
  std::int64_t most_ = 0;
  std::vector<Draft> drafts_;
  std::set<std::string> used_;
  std::vector<std::string> notices_;
};

std::int64_t Writer::words() const {
  std::int64_t sum = 0;
  for (const Draft& each : drafts_) sum += each.words();
  return sum;
}

void Writer::add(Draft& draft, std::string sentence) {
  used_.insert(sentence);
  draft.sentences.push_back(std::move(sentence));
}

// What can be said and was not yet, turned by the take so that another one begins elsewhere.
std::vector<std::string> Writer::choices(Sentences from) const {
  std::vector<std::string> all;
  all.reserve(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::size_t at = (i + static_cast<std::size_t>(wish_.take)) % from.size();
    auto sentence = filled(from[at], from_, call_);
    if (sentence && !used_.contains(*sentence)) all.push_back(std::move(*sentence));
  }
  return all;
}

// The one whose length is nearest to what is wanted; of equals the first. None fits in `room`
// words: none.
std::optional<std::string> Writer::best(Sentences from, double wanted, std::int64_t room) const {
  std::optional<std::string> found;
  double off = 0;
  for (std::string& each : choices(from)) {
    const std::int64_t words = count(each);
    // Two words more or less are no reason to give up another take's sentence.
    const double distance = std::max(0.0, std::abs(static_cast<double>(words) - wanted) - 2);
    if (words > room || (found && distance >= off)) continue;
    found = std::move(each);
    off = distance;
  }
  return found;
}

void Writer::lay_out() {
  const auto scenes = static_cast<std::size_t>(wish_.recipe.scene_count);
  const std::vector<Role> roles = roles_for(scenes);
  const std::vector<double> lengths = lengths_for(scenes, wish_.duration_s);
  for (std::size_t i = 0; i < scenes; ++i) drafts_.push_back({roles[i], lengths[i], {}});
}

Status Writer::say_hook_and_ending() {
  Draft& hook = drafts_.front();
  Draft& ending = drafts_.back();
  if (!from_.hook_script.empty() && count(from_.hook_script) < most_) {
    add(hook, from_.hook_script);
  } else {
    auto words = best(phrases_.hooks.at(std::size_t(wish_.recipe.hook_type)), share(hook), most_);
    if (words) add(hook, std::move(*words));
  }
  auto words = best(phrases_.endings.at(std::size_t(wish_.recipe.ending_type)), share(ending),
                    most_ - hook.words());
  if (words) add(ending, std::move(*words));
  if (!hook.sentences.empty() && !ending.sentences.empty()) return {};
  return fail(ErrorCode::invalid,
              fmt::format("the hook and the ending do not fit in {:g} s of {} narration, {} words; "
                          "shorten the brief's names, or take a longer film",
                          wish_.duration_s, name_of(wish_.recipe.narration_wpm_bucket), most_));
}

// The brief's own sentences, in their order, as evenly as they can be laid over the middle.
void Writer::say_own_words() {
  const std::string own = from_.main_script.empty() ? from_.description : from_.main_script;
  const std::vector<std::string_view> sentences = sentences_of(own);
  const std::size_t middle = drafts_.size() - 2;
  std::size_t dropped = 0;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const bool said_or_long =
        used_.contains(std::string(sentences[i])) || words() + count(sentences[i]) > most_;
    if (said_or_long) {
      ++dropped;
      continue;
    }
    add(drafts_[1 + i * middle / sentences.size()], std::string(sentences[i]));
  }
  if (dropped == 0) return;
  notices_.push_back(
      fmt::format("{} of the brief's {} sentences did not fit", dropped, sentences.size()));
}

// Middle scenes that say nothing yet, as far as there is room.
void Writer::say_leads() {
  for (std::size_t i = 1; i + 1 < drafts_.size(); ++i) {
    Draft& draft = drafts_[i];
    if (!draft.sentences.empty() || share(draft) < 2) continue;
    const auto room = static_cast<std::int64_t>(std::ceil(1.5 * share(draft)));
    auto words = best(phrases_.by_role.at(std::size_t(draft.role)), share(draft),
                      std::min(room, most_ - this->words()));
    if (words) add(draft, std::move(*words));
  }
}

// Until the narration is long enough, the scene that lacks most is given one sentence more.
Status Writer::fill_up() {
  while (words() < least_) {
    const auto lacks = [&](const Draft& draft) {
      const bool fixed = draft.role == Role::hook || draft.role == Role::ending;
      return fixed ? -1e9 : share(draft) - static_cast<double>(draft.words());
    };
    auto draft = std::ranges::max_element(drafts_, {}, lacks);
    const std::int64_t room = most_ - words();
    const double wanted = std::max(1.0, lacks(*draft));
    std::optional<std::string> more;
    for (Sentences from : {phrases_.by_role.at(std::size_t(draft->role)),
                           phrases_.by_role.at(std::size_t(Role::detail)), phrases_.fillers}) {
      if (!more) more = best(from, wanted, room);
    }
    if (!more) {
      return fail(
          ErrorCode::invalid,
          fmt::format("the brief has words for {:.0f} s of {} narration, not for {:g} s; "
                      "give it a main_script, or take a shorter film or slower narration",
                      static_cast<double>(words()) / static_cast<double>(least_) * wish_.duration_s,
                      name_of(wish_.recipe.narration_wpm_bucket), wish_.duration_s));
    }
    add(*draft, std::move(*more));
  }
  return {};
}

Result<std::vector<Draft>> Writer::write() {
  lay_out();
  RF_TRY(say_hook_and_ending());
  say_own_words();
  say_leads();
  RF_TRY(fill_up());
  return std::move(drafts_);
}

Status check_wish(const ScriptWish& wish) {
  const double shortest_s = static_cast<double>(wish.recipe.scene_count) * kSceneSecondsMin;
  if (wish.recipe.scene_count < kScenesMin || wish.recipe.scene_count > kScenesMax) {
    return fail(ErrorCode::invalid, fmt::format("recipe.scene_count: {} is not {} to {}",
                                                wish.recipe.scene_count, kScenesMin, kScenesMax));
  }
  const double least_s = std::max(kScriptSecondsMin, shortest_s);
  if (wish.duration_s >= least_s && wish.duration_s <= kScriptSecondsMax) return {};
  return fail(ErrorCode::invalid,
              fmt::format("duration_s: {:g} is not {:g} to {:g}, with {} scenes", wish.duration_s,
                          least_s, kScriptSecondsMax, wish.recipe.scene_count));
}

std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& each : sentences) {
    if (!text.empty()) text += ' ';
    text += each;
  }
  return text;
}

// Times to the millisecond, so that they are the same text everywhere.
double to_ms(double seconds) { return std::round(seconds * 1000) / 1000; }

std::vector<Scene> scenes_of(const std::vector<Draft>& drafts, const Recipe& recipe) {
  std::vector<Scene> scenes;
  scenes.reserve(drafts.size());
  double at_s = 0;
  for (const Draft& draft : drafts) {
    scenes.push_back({.number = std::ssize(scenes) + 1,
                      .start_s = to_ms(at_s),
                      .end_s = to_ms(at_s + draft.length_s),
                      .role = std::string(kRoleNames.at(std::size_t(draft.role))),
                      .show = direction(draft.role, recipe),
                      .say = joined(draft.sentences)});
    at_s += draft.length_s;
  }
  return scenes;
}

}  // namespace

Result<Script> write_script(const Concept& from, const ScriptWish& wish) {
  RF_TRY(check_wish(wish));
  const Phrases* phrases = phrases_in(from.language);
  RF_CHECK(phrases != nullptr);
  Writer writer(from, wish, *phrases);
  const std::vector<Draft> drafts = RF_TRY(writer.write());

  Script script{.concept_id = from.id,
                .recipe = wish.recipe,
                .language = from.language,
                .duration_s = wish.duration_s,
                .scenes = scenes_of(drafts, wish.recipe),
                .notices = std::move(writer.notices())};
  for (const Scene& each : script.scenes) script.words += count(each.say);
  script.captions = captions_of(script.scenes, wish.recipe.caption_density_bucket);
  for (Caption& each : script.captions) {
    each.start_s = to_ms(each.start_s);
    each.end_s = to_ms(each.end_s);
  }
  script.words_per_minute = static_cast<double>(script.words) * 60 / script.duration_s;
  script.captions_per_second = static_cast<double>(script.captions.size()) / script.duration_s;
  Json json = to_json(script);
  json.as_object().erase("hash");
  script.hash = sha256_hex(to_text(json));
  return script;
}

}  // namespace rf::create
