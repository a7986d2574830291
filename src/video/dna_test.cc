// DNA, comparison and retention, with known answers by hand.

#include "video/dna.h"

#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "video/compare.h"
#include "video/cta.h"
#include "video/film_for_test.h"
#include "video/hook.h"
#include "video/retention.h"

namespace rf::video {
namespace {

using testing::Contains;
using testing::SizeIs;

Dna dna_of(Features film) {
  film.hook = hook(film);
  film.cta = cta(film);
  return dna(film);
}

TEST(Dna, NamesAreUniqueAndEachHasAUnitAndARange) {
  std::set<std::string_view> names;
  for (const DnaDefinition& each : dna_definitions()) {
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_LT(each.low, each.high) << each.name;
    EXPECT_FALSE(each.unit.empty()) << each.name;
    EXPECT_FALSE(each.help.empty()) << each.name;
  }
}

TEST(Dna, TheVectorHasOneLengthAndRangeWhateverTheFilm) {
  Rng rng(5);
  for (int round = 0; round < 200; ++round) {
    Dna dna = dna_of(random_film(rng));
    ASSERT_EQ(dna.vector.size(), dna_definitions().size());
    ASSERT_EQ(dna.mask.size(), dna.vector.size());
    ASSERT_EQ(dna.features.size(), dna.vector.size());
    for (std::size_t i = 0; i < dna.vector.size(); ++i) {
      EXPECT_GE(dna.vector[i], 0);
      EXPECT_LE(dna.vector[i], 1);
      const DnaFeature& feature = dna.features.at(std::string(dna_definitions()[i].name));
      EXPECT_EQ(dna.mask[i] == 1, feature.value.has_value());
      if (!feature.value) {
        EXPECT_EQ(dna.vector[i], 0.5);
      }
    }
  }
}

TEST(Dna, WhatWasNotMeasuredIsNotZero) {
  Features film = film_of({{10, 2, false}});
  EXPECT_DOUBLE_EQ(*dna_of(film).features.at("visual.face_presence").value, 0);
  EXPECT_FALSE(dna_of(film).features.at("hook.first_face_s").value);  // There is none.
  film.measured = {"motion"};
  EXPECT_FALSE(dna_of(film).features.at("visual.face_presence").value);
  EXPECT_FALSE(dna_of(film).features.at("visual.people").value);
}

TEST(Dna, AFreshFilmHasTheNumbersOneCanCount) {
  Features film = film_of({{20, 4, true}});
  film.shots = {
      {0, 2, Transition::start, 0}, {2, 10, Transition::cut, 0}, {10, 20, Transition::cut, 0}};
  say(film, 15, 20, "Buy now");
  Dna dna = dna_of(film);
  EXPECT_DOUBLE_EQ(*dna.features.at("pacing.shots_per_minute").value, 9);
  EXPECT_DOUBLE_EQ(*dna.features.at("hook.cuts").value, 1);
  EXPECT_DOUBLE_EQ(*dna.features.at("cta.start_share").value, 0.75);
  EXPECT_DOUBLE_EQ(*dna.features.at("cta.length").value, 5);
  EXPECT_NEAR(*dna.features.at("visual.text_share").value, 0.25, 1e-9);
  EXPECT_NEAR(*dna.features.at("visual.aspect").value, std::log2(9.0 / 16), 1e-9);
  EXPECT_NEAR(*dna.features.at("pacing.build_up").value, 0, 1e-9);
}

TEST(CommonDna, PutsFirstWhatSetsTheSetApart) {
  std::vector<Dna> winners;
  std::vector<Dna> others;
  for (double wobble : {0.0, 0.1, 0.2, 0.3}) {
    winners.push_back(dna_of(film_of({{20 + wobble, 12 + wobble, true}})));
    others.push_back(dna_of(film_of({{20 + wobble, 2 + wobble, true}})));
  }
  auto common = common_dna(winners, others);
  ASSERT_FALSE(common.empty());
  EXPECT_THAT(common.front().name,
              testing::AnyOf("pacing.motion", "hook.motion", "pacing.motion_p90", "hook.score"));
  EXPECT_GT(std::abs(*common.front().apart), 10);
  EXPECT_EQ(common.front().n, 4);
  for (const CommonFeature& each : common_dna(winners, {})) {
    EXPECT_FALSE(each.apart);
  }
}

TEST(Compare, AFilmDoesNotDifferFromItself) {
  Dna dna = dna_of(film_of({{20, 4, true}}));
  Comparison same = compare(dna, dna);
  EXPECT_EQ(same.distance, 0);
  EXPECT_GT(same.features, 20);
}

TEST(Compare, WhatDiffersMostComesFirst) {
  Comparison result = compare(dna_of(film_of({{20, 2, true}})), dna_of(film_of({{20, 2, false}})));
  EXPECT_DOUBLE_EQ(std::abs(*result.differences.front().apart), 1);
  for (std::size_t i = 1; i < result.differences.size(); ++i) {
    EXPECT_GE(std::abs(result.differences[i - 1].apart.value_or(0)),
              std::abs(result.differences[i].apart.value_or(0)));
  }
}

TEST(Compare, TwinsAreFoundByBytesOrByTheirPictures) {
  std::vector<Features> films(4);
  for (std::size_t i = 0; i < films.size(); ++i) films[i].file = std::string(1, char('a' + i));
  films[0].sha256 = films[1].sha256 = "1";
  films[0].hashes = {{"film", "1s:ffff0000ffff0000f0f0f0f00f0f0f0f"}};
  films[2].hashes = {{"film", "1s:ffff0000ffff0001f0f0f0f00f0f0f0f"}};
  films[3].hashes = {{"film", "1s:0f3c5a96c3a50ff0123456789abcdef0"}};
  auto twins = find_twins(films);
  ASSERT_THAT(twins, SizeIs(2));
  EXPECT_TRUE(twins[0].same_bytes);
  EXPECT_EQ(twins[1].b, "c");
  EXPECT_GT(twins[1].similarity, 0.9);
}

// 1,000 plays of a 20 s film; 800 saw 5 s, 400 saw 10 s.
TEST(Retention, HazardsOfAHandWorkedCurve) {
  Features film = film_of({{20, 2, true}});
  film.shots = {{0, 7, Transition::start, 0}, {7, 20, Transition::cut, 0}};
  say(film, 6, 9, "Only today");
  auto curve = curve_of_counts({.plays = 1000, .p25 = 800, .p50 = 400}, 20).value();
  auto all = leaving(film, curve, nullptr, 0);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_NEAR(all[0].hazard, -std::log(0.8) / 5, 1e-12);
  EXPECT_NEAR(all[1].hazard, std::log(2.0) / 5, 1e-12);
  EXPECT_EQ(*all[1].n, 800);
  EXPECT_LT(*all[1].low, all[1].hazard);
  EXPECT_GT(*all[1].high, all[1].hazard);
  // Wilson, 400 of 800, z 1.645: .4710 to .5290 leave.
  EXPECT_NEAR(*all[1].low, -std::log(1 - 0.47097) / 5, 1e-4);
  EXPECT_THAT(all[1].on_screen, Contains("text: Only today"));
  EXPECT_THAT(all[1].on_screen, Contains("cut"));
  EXPECT_THAT(all[0].on_screen, testing::Not(Contains("cut")));
}

TEST(Retention, AgainstTheUsualOfALongerFilm) {
  Features film = film_of({{10, 2, true}});
  auto curve = curve_of_even({1, 0.5, 0.25}, 10).value();
  auto usual = curve_of_even({1, 0.5, 0.5}, 20).value();
  auto all = leaving(film, curve, &usual, 20);
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_NEAR(*all[0].against_usual, 0, 1e-9);  // Alike, at the same share of the film.
  EXPECT_NEAR(*all[1].usual, 0, 1e-9);
  EXPECT_FALSE(all[1].against_usual);  // Nobody usually leaves there: no ratio.
  EXPECT_FALSE(all[0].low);            // Without plays there is no interval.
}

TEST(Retention, ThePlayCurveBySecondEndsWithTheFilm) {
  std::vector<double> values(22, 50);
  values[0] = 100;
  auto curve = curve_of_seconds(values, 17).value();
  EXPECT_EQ(curve.points.size(), 16U);
  EXPECT_DOUBLE_EQ(curve.points[0].share, 1);
  EXPECT_DOUBLE_EQ(curve.points.back().t_s, 15);
}

TEST(Retention, ImpossibleCurvesAreRefused) {
  EXPECT_FALSE(curve_of_counts({.plays = 10, .p25 = 11}, 20));
  EXPECT_FALSE(curve_of_counts({.plays = 10, .p25 = 5, .p50 = 6}, 20));
  EXPECT_FALSE(curve_of_counts({.plays = 0, .p25 = 0}, 20));
  EXPECT_FALSE(curve_of_counts({.plays = 10}, 20));
  EXPECT_FALSE(curve_of_even({1, -0.1}, 20));
  EXPECT_FALSE(curve_of_even({1, NAN}, 20));
  EXPECT_FALSE(curve_of_seconds({1, 1}, 20));
}

TEST(Retention, AShortFilmsThruPlayIsItsEnd) {
  auto curve = curve_of_counts({.plays = 100, .p50 = 60, .p100 = 30, .thruplay = 31}, 8).value();
  EXPECT_DOUBLE_EQ(curve.points.back().share, 0.31);
  EXPECT_THAT(curve.points, SizeIs(3));
}

}  // namespace
}  // namespace rf::video
