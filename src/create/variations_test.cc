#include "create/variations.h"

#include <set>

#include <gtest/gtest.h>

#include "create/colors.h"

namespace rf::create {
namespace {

Concept protein() {
  return checked({.name = "Launch",
                  .target_audience = "people who train",
                  .product = "ProGain",
                  .key_benefit = "faster recovery",
                  .pain_point = "sore legs",
                  .social_proof = "10,000 athletes",
                  .brand_colors = {"#ff6b6b", "#4ecdc4"},
                  .hook_script = "Tired of slow recovery?",
                  .cta_text = "Get 20% off today"})
      .value();
}

std::int64_t only(const std::vector<Variation>& all, const std::set<std::string>& dimensions) {
  return std::ranges::count_if(all, [&](const Variation& each) {
    std::set<std::string> changed;
    for (const auto& [dimension, value] : each.variations_applied) changed.insert(dimension);
    return changed == dimensions;
  });
}

TEST(Variations, FiftyAreSplitAsTheNotesSplitThem) {
  const auto all = variations_of(protein(), {}).value();
  EXPECT_EQ(all.size(), 50U);
  EXPECT_EQ(only(all, {"hook"}), 10);
  EXPECT_EQ(only(all, {"cta"}), 10);
  EXPECT_EQ(only(all, {"headline"}), 10);
  EXPECT_EQ(only(all, {"color"}), 5);
  EXPECT_EQ(only(all, {"pacing", "duration"}), 8);  // The ninth is the concept as it is.
}

TEST(Variations, NoTwoShowAndSayTheSameForAnyCountAndBrief) {
  for (const Concept& from : {protein(), checked({.product = "Lamp"}).value()}) {
    for (std::int64_t count : {1, 2, 7, 50, 133, 500}) {
      const auto all = variations_of(from, {.count = count, .seed = 3}).value();
      EXPECT_EQ(std::ssize(all), count) << from.product;
      std::set<std::string> hashes;
      std::set<std::string> ids;
      for (const Variation& each : all) {
        hashes.insert(each.variation_hash);
        ids.insert(each.id);
        EXPECT_FALSE(each.variations_applied.empty());
        EXPECT_LE(each.variations_applied.size(), 3U);  // Two, and a length with its pace.
        EXPECT_EQ(each.hook.find('{'), std::string::npos);
      }
      EXPECT_EQ(std::ssize(hashes), count);
      EXPECT_EQ(std::ssize(ids), count);
    }
  }
}

TEST(Variations, AreTheSameForTheSameSeed) {
  EXPECT_EQ(variations_of(protein(), {.seed = 5}).value(),
            variations_of(protein(), {.seed = 5}).value());
}

TEST(Variations, RefuseCountsThatNobodyCanTest) {
  EXPECT_FALSE(variations_of(protein(), {.count = 0}).has_value());
  EXPECT_FALSE(variations_of(protein(), {.count = kVariationsMax + 1}).has_value());
}

TEST(Ranking, PutsWhatIsExpectedToDoBetterFirstAndSaysHowSureItIs) {
  auto all = variations_of(protein(), {}).value();
  rank(all, [](std::string_view dimension, std::string_view value) -> std::optional<Estimate> {
    if (dimension != "cta") return std::nullopt;
    if (value == "Shop now") return Estimate{1.5, 1.2, 1.8, 400};
    return Estimate{0.9, 0.8, 1.0, 300};
  });
  EXPECT_EQ(all[0].rank, 1);
  EXPECT_EQ(all[0].cta, "Shop now");
  ASSERT_TRUE(all[0].predicted_performance.has_value());
  EXPECT_NEAR(all[0].predicted_performance->low, 1.2, 1e-12);
  EXPECT_NEAR(all[0].predicted_performance->high, 1.8, 1e-12);
  EXPECT_EQ(all[0].predicted_performance->n, 400);
  EXPECT_EQ(all.back().predicted_performance->n, 300);
}

TEST(Ranking, TwoChangesMultiplyAndTheirDoubtsAddUp) {
  Variation both{.variation_number = 1, .variations_applied = {{"cta", "a"}, {"hook", "b"}}};
  std::vector<Variation> all{both};
  rank(all, [](std::string_view, std::string_view) { return Estimate{2, 1, 4, 9}; });
  // log 4 - sqrt(2) log 2 = 0.40606 by hand.
  EXPECT_NEAR(all[0].predicted_performance->value, 4, 1e-12);
  EXPECT_NEAR(all[0].predicted_performance->low, 1.50086, 1e-5);
}

TEST(Ranking, WithoutDataSaysSoAndSpreadsOverTheDimensions) {
  auto all = variations_of(protein(), {}).value();
  rank(all, [](std::string_view, std::string_view) { return std::nullopt; });
  std::set<std::string> first;
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_FALSE(all[i].predicted_performance.has_value());
    first.insert(all[i].variations_applied.begin()->first);
  }
  EXPECT_GE(first.size(), 4U);
}

TEST(ColorSchemes, CanAlwaysBeRead) {
  for (const auto& brand : {std::vector<std::string>{},
                            {"#777777"},
                            {"#ff6b6b", "#4ecdc4"},
                            {"#000000", "#ffffff", "#808000"}}) {
    const auto schemes = color_schemes(brand, 6);
    EXPECT_EQ(schemes.size(), 6U);
    for (const ColorScheme& each : schemes) EXPECT_GE(contrast(each[0], each[1]), 4.5);
  }
  EXPECT_NEAR(contrast("#000000", "#ffffff"), 21, 1e-9);
  EXPECT_NEAR(contrast("#777777", "#ffffff"), 4.48, 0.005);  // WebAIM's checker says 4.48.
}

}  // namespace
}  // namespace rf::create
