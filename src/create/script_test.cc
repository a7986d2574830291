#include "create/script.h"

#include <cmath>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "create/words.h"

namespace rf::create {
namespace {

Concept protein() {
  return checked({.name = "Launch",
                  .target_audience = "people who train",
                  .industry = "fitness",
                  .product = "ProGain",
                  .key_benefit = "faster recovery",
                  .pain_point = "sore legs",
                  .social_proof = "10,000 athletes",
                  .cta_text = "Get 20% off today"})
      .value();
}

Recipe recipe_of(Rng& rng) {
  return {.hook_type = static_cast<HookStyle>(rng.below(6)),
          .scene_count = kScenesMin + static_cast<std::int64_t>(rng.below(6)),
          .narration_wpm_bucket = static_cast<NarrationPace>(rng.below(3)),
          .caption_density_bucket = static_cast<CaptionDensity>(rng.below(3)),
          .ending_type = static_cast<Ending>(rng.below(4))};
}

bool in_bucket(double words_per_minute, NarrationPace pace) {
  if (pace == NarrationPace::slow) return words_per_minute < 120;
  if (pace == NarrationPace::medium) return words_per_minute >= 120 && words_per_minute <= 160;
  return words_per_minute > 160;
}

bool in_bucket(double captions_per_second, CaptionDensity density) {
  if (density == CaptionDensity::sparse) return captions_per_second < 0.3;
  if (density == CaptionDensity::medium) {
    return captions_per_second >= 0.3 && captions_per_second <= 0.6;
  }
  return captions_per_second > 0.6;
}

void expect_a_film_without_gaps(const Script& script) {
  double at_s = 0;
  for (const Scene& scene : script.scenes) {
    EXPECT_DOUBLE_EQ(scene.start_s, at_s);
    EXPECT_GE(scene.end_s - scene.start_s, kSceneSecondsMin - 0.001);
    at_s = scene.end_s;
  }
  EXPECT_NEAR(at_s, script.duration_s, 0.002);
  for (const Caption& each : script.captions) {
    EXPECT_FALSE(each.text.empty());
    EXPECT_LT(each.start_s, each.end_s);
    EXPECT_LE(each.end_s, script.duration_s + 0.002);
  }
}

class ScriptLaws : public testing::TestWithParam<std::string> {};

TEST_P(ScriptLaws, EveryRecipeIsKeptToTheLetterAtEveryLength) {
  Concept from = protein();
  from.language = GetParam();
  Rng rng(7);
  for (int i = 0; i < 3000; ++i) {
    const Recipe recipe = recipe_of(rng);
    const double least_s =
        std::max(kScriptSecondsMin, static_cast<double>(recipe.scene_count) * kSceneSecondsMin);
    const ScriptWish wish{.recipe = recipe,
                          .duration_s = std::round(least_s + rng.uniform() * (45 - least_s)) + 1,
                          .take = static_cast<std::int64_t>(rng.below(9))};
    const auto script = write_script(from, wish);
    ASSERT_TRUE(script.has_value()) << script.error().message << " " << to_words(recipe);
    EXPECT_EQ(std::ssize(script->scenes), recipe.scene_count);
    EXPECT_EQ(script->scenes.front().role, "hook");
    EXPECT_EQ(script->scenes.back().role, "ending");
    EXPECT_FALSE(script->scenes.front().say.empty());
    EXPECT_FALSE(script->scenes.back().say.empty());
    EXPECT_LE(script->scenes.front().end_s, 3.0);
    EXPECT_TRUE(in_bucket(script->words_per_minute, recipe.narration_wpm_bucket))
        << script->words_per_minute << " " << to_words(recipe) << " " << wish.duration_s;
    EXPECT_TRUE(in_bucket(script->captions_per_second, recipe.caption_density_bucket))
        << script->captions_per_second << " " << to_words(recipe) << " " << wish.duration_s;
    expect_a_film_without_gaps(*script);
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, ScriptLaws, testing::Values("en", "de"),
                         [](const auto& each) { return each.param; });

TEST(Script, IsTheSameForTheSameWishAndAnotherForAnotherTake) {
  const Concept from = protein();
  const ScriptWish wish{.duration_s = 15};
  EXPECT_EQ(write_script(from, wish).value(), write_script(from, wish).value());
  EXPECT_NE(write_script(from, wish)->hash,
            write_script(from, {.duration_s = 15, .take = 1})->hash);
}

TEST(Script, SaysTheBriefsOwnWordsInTheirOrderBeforeAnyOther) {
  Concept from = protein();
  from.hook_script = "Sore again?";
  from.main_script = "First this. Then that. At last the other.";
  const Script script = write_script(from, {.duration_s = 15}).value();
  EXPECT_EQ(script.scenes.front().say, "Sore again?");
  std::string all;
  for (const Scene& each : script.scenes) all += each.say + " ";
  const std::size_t first = all.find("First this.");
  const std::size_t second = all.find("Then that.");
  const std::size_t third = all.find("At last the other.");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_NE(third, std::string::npos);
}

TEST(Script, SaysHowManyOfTheBriefsSentencesDidNotFit) {
  Concept from = protein();
  for (int i = 0; i < 30; ++i)
    from.main_script += "This is sentence number " + std::to_string(i) + ". ";
  const Script script = write_script(checked(from).value(), {.duration_s = 10}).value();
  ASSERT_EQ(script.notices.size(), 1U);
  EXPECT_NE(script.notices[0].find("of the brief's 30 sentences did not fit"), std::string::npos);
}

TEST(Script, SaysNothingThatTheBriefDoesNotHaveWordsFor) {
  const Concept bare = checked({.product = "Lamp"}).value();
  const Script script = write_script(bare, {.duration_s = 15}).value();
  for (const Scene& each : script.scenes)
    EXPECT_EQ(each.say.find('{'), std::string::npos) << each.say;
  EXPECT_NE(script.scenes.back().say.find("Learn more"), std::string::npos);
}

TEST(Script, BeginsSentencesWithACapitalAndNamesAsTheyAreWritten) {
  const Concept from =
      checked({.product = "eLamp", .key_benefit = "more light", .pain_point = "dark rooms"})
          .value();
  for (std::int64_t take = 0; take < 20; ++take) {
    const Script script = write_script(from, {.duration_s = 20, .take = take}).value();
    for (const Scene& each : script.scenes) {
      for (std::string_view sentence : sentences_of(each.say)) {
        const bool small = sentence[0] >= 'a' && sentence[0] <= 'z';
        EXPECT_TRUE(!small || sentence.starts_with("eLamp")) << each.say;
      }
    }
  }
}

TEST(Script, RefusesWhatCannotBeSaidInTime) {
  Concept from = protein();
  from.product = "a name that goes on and on and on and on and on and on and on and on and on";
  from.hook_script = "";
  const auto script = write_script(from, {.recipe = {.hook_type = HookStyle::visual,
                                                     .narration_wpm_bucket = NarrationPace::slow,
                                                     .ending_type = Ending::resolve},
                                          .duration_s = 300});
  ASSERT_FALSE(script.has_value());
  EXPECT_NE(script.error().message.find("duration_s: 300"), std::string::npos);
}

TEST(Concept, RefusesWhatCannotBeShownAndNamesTheField) {
  for (const std::string& bad : {std::string("a\x01z"), std::string("a\xE2\x80\xAEz"),
                                 std::string("a\xFFz"), std::string("a\xEF\xBB\xBFz")}) {
    const auto read = checked({.product = "Lamp", .key_benefit = bad});
    ASSERT_FALSE(read.has_value());
    EXPECT_NE(read.error().message.find("concept.key_benefit"), std::string::npos);
  }
  EXPECT_FALSE(checked({.product = std::string(kPhraseBytesMax + 1, 'x')}).has_value());
  EXPECT_FALSE(checked({.product = " \n "}).has_value());
  EXPECT_FALSE(checked({.product = "Lamp", .brand_colors = {"red"}}).has_value());
  EXPECT_FALSE(checked({.language = "tlh", .product = "Lamp"}).has_value());
}

TEST(Concept, KeepsOtherScriptsAndTidiesBlanks) {
  const Concept read = checked({.product = " \u05D0\u05D1  lamp\n "}).value();
  EXPECT_EQ(read.product, "\u05D0\u05D1 lamp");
}

TEST(Words, SplitIntoSentencesWithWhatEndsThem) {
  EXPECT_EQ(sentences_of("One. Two? 3.5 is three!  Four"),
            (std::vector<std::string_view>{"One.", "Two?", "3.5 is three!", "Four"}));
  EXPECT_TRUE(sentences_of("").empty());
  EXPECT_EQ(words_of("  a bb  c ").size(), 3U);
}

TEST(RecipeHash, DoesNotDependOnCaseOrBlanks) {
  Recipe a{.preset = "Dark  Anime"};
  Recipe b{.preset = " dark anime "};
  EXPECT_EQ(hash_of(a), hash_of(b));
  EXPECT_EQ(hash_of(a, "The  Samurai"), hash_of(b, "the samurai "));
  b.scene_count = 6;
  EXPECT_NE(hash_of(a), hash_of(b));
}

}  // namespace
}  // namespace rf::create
