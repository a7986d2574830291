#include "decide/recipes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rf::decide {
namespace {

using testing::Optional;

TEST(Rewards, AreTheWeightedPlacesAmongTheVideos) {
  const auto rewards = rewards_of({{10, 100, 0.1}, {20, 300, 0.1}, {30, 200, 0.1}, {40, 50, 0.1}});
  // By hand: places of the first: 1/8, 3/8, 1/2; of the second: 3/8, 7/8, 1/2.
  EXPECT_NEAR(*rewards[0], 0.5 * 0.125 + 0.3 * 0.375 + 0.2 * 0.5, 1e-12);
  EXPECT_NEAR(*rewards[1], 0.5 * 0.375 + 0.3 * 0.875 + 0.2 * 0.5, 1e-12);
}

TEST(Rewards, LeaveOutWhatWasNotReported) {
  const auto rewards = rewards_of({{10, {}, {}}, {20, {}, {}}, {{}, {}, {}}});
  EXPECT_THAT(rewards[0], Optional(0.25));
  EXPECT_THAT(rewards[1], Optional(0.75));
  EXPECT_FALSE(rewards[2].has_value());
}

std::vector<MadeVideo> history() {
  const Recipe question{.hook_type = HookStyle::question};
  const Recipe story{.hook_type = HookStyle::story};
  std::vector<MadeVideo> videos;
  for (double reward : {0.8, 0.9, 0.7, 0.8}) videos.push_back({question, reward});
  for (double reward : {0.2, 0.3, 0.1}) videos.push_back({story, reward});
  return videos;
}

TEST(RecipeRecords, AreDrawnTowardsTheMeanAndBestFirst) {
  const auto records = recipe_records(history());
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].recipe.hook_type, HookStyle::question);
  EXPECT_EQ(records[0].times_used, 4);
  // By hand: (4 * .8 + 2 * 3.8/7)/6.
  EXPECT_NEAR(records[0].avg_reward_score.value, (3.2 + 2 * 3.8 / 7) / 6, 1e-12);
  EXPECT_LT(records[0].avg_reward_score.low, records[0].avg_reward_score.value);
  EXPECT_DOUBLE_EQ(records[0].best_reward_score, 0.9);
}

std::vector<std::string> topics(int n) {
  std::vector<std::string> all;
  all.reserve(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) all.push_back("topic " + std::to_string(i));
  return all;
}

TEST(NextBatch, KeepsSevenToThreeAndChangesOneThingAtATime) {
  Rng rng(1);
  const auto records = recipe_records(history());
  const Batch batch = next_batch(records, {.topics = topics(20), .count = 10}, rng);
  EXPECT_EQ(batch.videos.size(), 10U);
  int explored = 0;
  for (const NextVideo& each : batch.videos) {
    if (each.type == Generation::exploit) {
      EXPECT_EQ(each.recipe, records[0].recipe);
      continue;
    }
    ++explored;
    const Recipe& base = records[0].recipe;
    const Recipe& made = each.recipe;
    const int changed = int(made.hook_type != base.hook_type) +
                        int(made.scene_count != base.scene_count) +
                        int(made.narration_wpm_bucket != base.narration_wpm_bucket) +
                        int(made.caption_density_bucket != base.caption_density_bucket) +
                        int(made.ending_type != base.ending_type);
    EXPECT_EQ(changed, 1);
    EXPECT_GE(made.scene_count, kScenesMin);
    EXPECT_LE(made.scene_count, kScenesMax);
    EXPECT_NE(each.baseline_value, each.variant_value);
  }
  EXPECT_EQ(explored, 3);
}

TEST(NextBatch, NeverMakesTheSameTwiceButTriesOtherRecipesFirst) {
  Rng rng(2);
  const auto records = recipe_records(history());
  BatchWish wish{.topics = {"samurai"}, .count = 1, .exploit_share = 1};
  std::set<Recipe> seen;
  std::vector<Generation> types;
  while (true) {
    const Batch batch = next_batch(records, wish, rng);
    if (batch.videos.empty()) {
      ASSERT_EQ(batch.skipped.size(), 1U);
      break;
    }
    const NextVideo& video = batch.videos[0];
    EXPECT_TRUE(seen.insert(video.recipe).second);
    EXPECT_TRUE(wish.made.insert(video.topic_hash).second);
    types.push_back(video.type);
  }
  EXPECT_EQ(types[0], Generation::exploit);
  EXPECT_EQ(types[1], Generation::exploit);  // The second best, before anything new.
  EXPECT_EQ(types[2], Generation::explore);
  // Two records, and every single change of each: 5 + 2 + 2 + 3 + 1 (five scenes have no fewer),
  // less the one change that leads from one record to the other, each way, and the shared ones.
  EXPECT_EQ(seen.size(), 2U + 4U + 2U * 8U);
}

TEST(NextBatch, WithoutResultsTriesEachWayToOpen) {
  Rng rng(3);
  const Batch batch = next_batch({}, {.topics = topics(6), .count = 6}, rng);
  std::set<HookStyle> hooks;
  for (const NextVideo& each : batch.videos) hooks.insert(each.recipe.hook_type);
  EXPECT_EQ(hooks.size(), 6U);
}

TEST(NextBatch, BySamplingExploresLessTheSurerItIs) {
  const auto share = [](int copies) {
    std::vector<MadeVideo> videos;
    for (int i = 0; i < copies; ++i) {
      for (const MadeVideo& each : history()) {
        videos.push_back({each.recipe, 0.45 + each.reward / 5});  // Near enough to be in doubt.
      }
    }
    Rng rng(4);
    const Batch batch = next_batch(recipe_records(videos),
                                   {.topics = topics(400), .count = 400, .exploit_share = {}}, rng);
    return static_cast<double>(
               std::ranges::count(batch.videos, Generation::explore, &NextVideo::type)) /
           400;
  };
  EXPECT_GT(share(1), share(40));
  EXPECT_LT(share(40), 0.01);
}

}  // namespace
}  // namespace rf::decide
