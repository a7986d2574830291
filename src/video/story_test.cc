// The rules over features, on films made by hand: timing, hook, call to action, recipe.

#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "video/cta.h"
#include "video/cta_templates.h"
#include "video/film_for_test.h"
#include "video/hook.h"
#include "video/hook_templates.h"
#include "video/recipe_traits.h"
#include "video/seen.h"
#include "video/timing.h"

namespace rf::video {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Folded, LeavesLettersDigitsAndQuestionMarksInAnyAlphabet) {
  EXPECT_EQ(folded("  ¡Cómpralo—YA!  Größe 42% "), " compralo ya grosse 42 ");
  EXPECT_EQ(folded("Ещё КУПИТЬ"), " ещё купить ");
  EXPECT_EQ(folded("Why？"), " why? ");
  EXPECT_EQ(folded(""), " ");
  EXPECT_EQ(folded("\xC3"), folded("\xC3"));  // A cut-off letter is no reason to read beyond.
}

TEST(Timing, AbsorptionFallsWithMotionAndRisesWithAFace) {
  EXPECT_GT(absorption(0, 1, 3), absorption(5, 1, 3));
  EXPECT_GT(absorption(5, 1, 3), absorption(5, 0, 3));
  EXPECT_DOUBLE_EQ(absorption(0, 1, 3), 1);
  EXPECT_DOUBLE_EQ(absorption(5, 0, 3), 0.6 * 0.5 + 0.15);
}

TEST(Timing, WindowsAreTheFilmsMoodsInOrder) {
  // Four seconds lively with a face, ten calm with one, six fast without.
  Features film = film_of({{4, 12, true}, {10, 1, true}, {6, 20, false}});
  Timing result = timing(film);
  ASSERT_THAT(result.windows, SizeIs(3));
  EXPECT_EQ(result.windows[0].motion_level, "high");
  EXPECT_EQ(result.windows[1].motion_level, "low");
  EXPECT_TRUE(result.windows[1].has_face);
  EXPECT_FALSE(result.windows[2].has_face);
  EXPECT_NEAR(result.windows[1].start_s, 4, 0.5);
  EXPECT_NEAR(result.windows[2].start_s, 14, 0.5);
  EXPECT_EQ(result.windows[2].end_s, 20);
  EXPECT_EQ(result.windows[0].recommended.front(), Trigger::hook);
  EXPECT_THAT(result.windows[2].recommended, Contains(Trigger::urgency));
  EXPECT_GT(result.windows[1].absorption, result.windows[2].absorption);
}

TEST(Timing, ThePlanKeepsThePitchesOrderAndEachTriggersLength) {
  Rng rng(7);
  for (int round = 0; round < 50; ++round) {
    Features film = random_film(rng);
    Timing result = timing(film);
    double until = 0;
    int step = -1;
    for (const TriggerPlacement& each : result.plan) {
      int at = 0;
      while (trigger_needs().at(static_cast<std::size_t>(at)).trigger != each.trigger) ++at;
      const TriggerNeed& need = trigger_needs().at(static_cast<std::size_t>(at));
      EXPECT_GT(at, step);
      EXPECT_GE(each.start_s, until - 1e-9);
      EXPECT_LE(each.end_s - each.start_s, need.max_s + 1e-9);
      EXPECT_GE(each.score, 0);
      EXPECT_LE(each.score, 1);
      step = at;
      until = each.end_s;
    }
    EXPECT_LE(until, film.duration_s + 1e-9);
    double covered = 0;
    for (const TriggerWindow& window : result.windows) {
      EXPECT_NEAR(window.start_s, covered, 1e-9);
      EXPECT_GE(window.absorption, 0);
      EXPECT_LE(window.absorption, 1);
      covered = window.end_s;
    }
    if (!result.windows.empty()) {
      EXPECT_NEAR(covered, film.duration_s, 1e-9);
    }
  }
}

TEST(Timing, WithoutMotionNothingIsSaid) {
  Features film;
  film.duration_s = 10;
  EXPECT_THAT(timing(film).windows, IsEmpty());
}

TEST(Hook, AQuestionOnTheScreenMakesAQuestionHook) {
  Features film = film_of({{10, 2, true}});
  say(film, 0.4, 2.5, "Tired of dull hair?");
  EXPECT_EQ(hook(film).type, HookType::question);
  EXPECT_DOUBLE_EQ(*hook(film).first_text_s, 0.4);
}

TEST(Hook, AQuestionAfterTheHookDoesNot) {
  Features film = film_of({{10, 2, true}});
  say(film, 5, 7, "Still tired?");
  EXPECT_EQ(hook(film).type, HookType::face);
}

TEST(Hook, BeforeAndAfterMakeATransformation) {
  Features film = film_of({{10, 2, true}});
  say(film, 0.2, 1.5, "VORHER");
  EXPECT_EQ(hook(film).type, HookType::transformation);
}

TEST(Hook, FirstTimesAreFoundAndMissingOnesSayWhatToDo) {
  Features film = film_of({{2, 1, false}, {8, 8, true}});
  film.shots = {{0, 4, Transition::start, 0}, {4, 10, Transition::cut, 0}};
  Hook result = hook(film);
  EXPECT_NEAR(*result.first_face_s, 2, 0.3);
  EXPECT_NEAR(*result.first_motion_peak_s, 2, 0.1);
  EXPECT_DOUBLE_EQ(*result.first_cut_s, 4);
  EXPECT_FALSE(result.first_text_s);
  EXPECT_THAT(result.improvements, Contains(HasSubstr("face earlier")));
  EXPECT_THAT(result.improvements, Contains(HasSubstr("cut once within 3 s")));
  EXPECT_THAT(result.improvements, Contains(HasSubstr("nothing is written")));
}

TEST(Hook, WhatWasNotMeasuredIsNeitherScoredNorBlamed) {
  Features film = film_of({{10, 12, false}});
  film.measured = {"motion"};
  Hook result = hook(film);
  // Motion 20 at full strength, pattern 15 at none (nothing sticks out of the film).
  EXPECT_NEAR(result.score, 100 * 20.0 / 35.0, 0.5);
  EXPECT_THAT(result.improvements, IsEmpty());
}

TEST(Hook, AllThatCountsAtOnceScoresHigherThanNone) {
  Features strong = film_of({{3, 14, true}, {9, 2, true}});
  say(strong, 0, 3, "New");
  strong.shots = {{0, 1.5, Transition::start, 0}, {1.5, 12, Transition::cut, 0}};
  strong.audio.present = true;
  strong.audio.vocals_s = {0.1};
  strong.audio.beats_s = {0.5, 1, 1.5, 2};
  Features weak = film_of({{12, 0.2, false}});
  EXPECT_GT(hook(strong).score, 75);
  EXPECT_LT(hook(weak).score, 10);
}

TEST(Hook, ScoresStayInRangeWhateverTheFilm) {
  Rng rng(11);
  for (int round = 0; round < 200; ++round) {
    Features film = random_film(rng);
    Hook result = hook(film);
    EXPECT_GE(result.score, 0);
    EXPECT_LE(result.score, 100);
    EXPECT_GE(result.pattern_interrupt, 0);
    EXPECT_LE(result.pattern_interrupt, 1);
    EXPECT_GE(result.optimal_first_cut_s, 0);
    EXPECT_LE(result.optimal_first_cut_s, 3);
  }
}

TEST(Hook, APriorMovesTowardsResults) {
  EXPECT_DOUBLE_EQ(updated_score(80, 10, 40, 0), 80);
  EXPECT_DOUBLE_EQ(updated_score(80, 10, 40, 10), 60);
}

TEST(HookTemplates, HaveTheProjectsPriorsAndFitIndustries) {
  std::vector<double> priors;
  for (const HookTemplate& each : hook_templates()) {
    priors.push_back(each.prior);
    EXPECT_DOUBLE_EQ(each.steps.front().start_s, 0);
    EXPECT_DOUBLE_EQ(each.steps.back().end_s, 3);
  }
  EXPECT_THAT(priors, ElementsAre(85, 78, 82, 91, 87));
  EXPECT_EQ(best_hook_template("fitness").name, "transformation");
  EXPECT_EQ(best_hook_template("saas").name, "direct address");
  EXPECT_EQ(best_hook_template("no such trade").name, "transformation");
}

TEST(HookTemplates, AScriptNamesTheProductAndThePain) {
  auto steps = hook_script(best_hook_template("saas"), "{pain}", "late invoices");
  std::string all;
  for (const HookStep& step : steps) all += step.show + step.say;
  EXPECT_THAT(all, HasSubstr("late invoices"));
  EXPECT_THAT(all, HasSubstr("{pain}"));  // The product's own name is left as it is.
}

struct Phrase {
  std::string text;
  CtaType type;
  std::string language;
};

TEST(CtaPhrases, AreFoundInManyWordingsAndLanguages) {
  using enum CtaType;
  const std::vector<Phrase> seen{{"SHOP NOW!", shop_now, "en"},
                                 {"Get yours today →", shop_now, "en"},
                                 {"Start your FREE trial", sign_up, "en"},
                                 {"Link in bio ↓", link_bio, "en"},
                                 {"Jetzt kaufen & sparen", shop_now, "de"},
                                 {"Mehr erfahren", learn_more, "de"},
                                 {"¡Pídelo ya!", shop_now, "es"},
                                 {"Más información", learn_more, "es"},
                                 {"Téléchargez l'appli", download, "fr"},
                                 {"J’en profite", shop_now, "fr"},
                                 {"Peça já o seu", shop_now, "pt"},
                                 {"Saiba mais", learn_more, "pt"},
                                 {"Scopri di più", learn_more, "it"},
                                 {"Meld je aan", sign_up, "nl"},
                                 {"СКАЧАТЬ", download, "ru"}};
  for (const Phrase& each : seen) {
    const CtaPhrase* found = find_cta_phrase(each.text);
    ASSERT_NE(found, nullptr) << each.text;
    EXPECT_EQ(found->type, each.type) << each.text;
    EXPECT_EQ(found->language, each.language) << each.text;
  }
  for (std::string_view other : {"nowhere to shop", "Our story", "", "50 %", "workshop now"}) {
    EXPECT_EQ(find_cta_phrase(other), nullptr) << other;
  }
}

TEST(Cta, IsPlacedAtACalmUncutEndAfterALivelyStretch) {
  Features film = film_of({{22, 4, true}, {4, 18, false}, {4, 0.5, false}});
  CallToAction result = cta(film);
  EXPECT_NEAR(result.start_s, 26, 0.01);
  EXPECT_DOUBLE_EQ(result.end_s, 30);
  EXPECT_GT(result.confidence, 0.9);
  EXPECT_THAT(result.reason, HasSubstr("last seconds"));
  EXPECT_FALSE(result.existing_score);
}

TEST(Cta, OneThatIsThereIsRecognisedAndScored) {
  Features film = film_of({{16, 3, true}, {4, 0.5, false}});
  say(film, 16, 18, "Shop now");
  say(film, 18.2, 20, "SHOP NOW");
  CallToAction result = cta(film);
  ASSERT_TRUE(result.existing_score);
  EXPECT_DOUBLE_EQ(*result.existing_start_s, 16);  // Two sightings in a row are one.
  EXPECT_GT(*result.existing_score, 95);
}

TEST(Cta, ABriefHiddenEarlyOneScoresLow) {
  Features film = film_of({{20, 18, false}});
  say(film, 2, 2.5, "Learn more");
  film.text.back().in_safe_zone = false;
  film.text.back().box.height = 0.01;
  EXPECT_LT(*cta(film).existing_score, 35);
}

TEST(Cta, ConfidenceAndScoreStayInRange) {
  Rng rng(3);
  for (int round = 0; round < 200; ++round) {
    Features film = random_film(rng);
    CallToAction result = cta(film);
    EXPECT_GE(result.confidence, 0);
    EXPECT_LE(result.confidence, 1);
    EXPECT_LE(result.start_s, result.end_s);
    EXPECT_LE(result.end_s, film.duration_s + 1e-9);
    if (result.existing_score) {
      EXPECT_GE(*result.existing_score, 0);
      EXPECT_LE(*result.existing_score, 100);
    }
  }
}

TEST(CtaTemplates, IndustriesHaveTheProjectsSecondsAndColours) {
  EXPECT_EQ(cta_for_industry("ecommerce").duration_s, 4);
  EXPECT_EQ(cta_for_industry("saas").duration_s, 5);
  EXPECT_EQ(cta_for_industry("leadgen").duration_s, 4);
  EXPECT_EQ(cta_for_industry("app").text, "Download Free");
  EXPECT_EQ(cta_for_industry("anything else"), cta_for_industry("ecommerce"));
  EXPECT_EQ(cta_for_goal("leads"), cta_for_industry("leadgen"));
  EXPECT_EQ(cta_for_goal("calls").type, CtaType::call_now);
}

TEST(CtaTemplates, PositionsLieWhereTheirNamesSay) {
  using Span = std::pair<double, double>;
  EXPECT_THAT(cta_spans(CtaPosition::end, 30, 4), ElementsAre(Span{26, 30}));
  EXPECT_THAT(cta_spans(CtaPosition::mid_end, 20, 4), ElementsAre(Span{14, 17}));
  EXPECT_THAT(cta_spans(CtaPosition::early_end, 30, 4), ElementsAre(Span{15, 19}, Span{26, 30}));
  EXPECT_THAT(cta_spans(CtaPosition::repeated, 30, 4), SizeIs(3));
  EXPECT_THAT(cta_spans(CtaPosition::repeated, 6, 4), ElementsAre(Span{2, 6}));
}

TEST(CtaTemplates, ASequenceFillsTheWholeFilmWithoutGaps) {
  for (double duration : {1.0, 6.0, 15.0, 30.0, 61.5}) {
    for (std::string_view industry : {"ecommerce", "saas", "leadgen", "app", ""}) {
      double at = 0;
      for (const CtaStep& step : cta_sequence(duration, industry)) {
        EXPECT_NEAR(step.start_s, at, 1e-9);
        EXPECT_GT(step.end_s, step.start_s);
        at = step.end_s;
      }
      EXPECT_DOUBLE_EQ(at, duration);
    }
  }
}

TEST(CtaTemplates, VariationsAreAllDifferentAndNoneIsTheBase) {
  auto all = cta_variations("Shop Now", 12);
  ASSERT_THAT(all, SizeIs(12));
  std::vector<std::string> plain{folded("Shop Now")};
  for (const std::string& each : all) {
    EXPECT_THAT(plain, testing::Not(Contains(folded(each))));
    plain.push_back(folded(each));
  }
  EXPECT_THAT(cta_variations("Shop Now", 0), IsEmpty());
}

TEST(RecipeTraits, AreReadBackFromWhatIsSeenAndSaid) {
  Features film = film_of({{10, 2, true}});
  say(film, 0, 2, "Tired of this?");
  say(film, 7, 10, "Jetzt bestellen");
  film.shots = {{0, 5, Transition::start, 0}, {5, 10, Transition::cut, 0}};
  film.audio.words_per_minute = 160.5;
  film.audio.captions_per_second = 0.6;
  film.hook = hook(film);
  film.cta = cta(film);
  RecipeTraits traits = recipe_traits(film, true);
  EXPECT_EQ(traits.hook_type, "question");
  EXPECT_EQ(traits.scene_count, 2);
  EXPECT_EQ(traits.narration, "fast");
  EXPECT_EQ(traits.captions, "medium");
  EXPECT_EQ(traits.ending, "cta");
  film.text.clear();
  film.audio = {};
  film.measured = {"motion", "faces", "shots"};
  film.hook = hook(film);
  traits = recipe_traits(film, true);
  EXPECT_EQ(traits.hook_type, "visual");
  EXPECT_EQ(traits.narration, "");
  EXPECT_EQ(traits.captions, "");
  EXPECT_EQ(traits.ending, "loop");
}

}  // namespace
}  // namespace rf::video
