// The recipe loop: what recipes earned, and which recipe the next videos of a list of topics are
// made by.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/described.h"
#include "base/rng.h"
#include "model/estimate.h"
#include "model/recipe.h"

namespace rf::decide {

// What one video brought, as far as it was reported.
struct VideoResult {
  std::optional<double> view_duration_s;  // Mean over views.
  std::optional<double> views_6h;         // Views in the first six hours.
  std::optional<double> engagement;       // (likes + comments)/views.
};

// One for each video: .5 view duration + .3 early views + .2 engagement, each as its place among
// these videos (the share that is below, ties counted half), so that units do not matter. [0, 1]
// What was not reported is left out and the other weights grow in proportion; none, when nothing
// was.
// Source: notes 004, reward.
std::vector<std::optional<double>> rewards_of(const std::vector<VideoResult>& videos);

struct MadeVideo {
  Recipe recipe;
  double reward = 0;  // [0, 1]
};

// What is known of one recipe.
struct RecipeRecord {
  Recipe recipe;
  std::string recipe_hash;
  std::int64_t times_used = 0;
  double best_reward_score = 0;
  // Of the mean reward, drawn towards that of all recipes as far as it rests on few videos; 90 %.
  Estimate avg_reward_score;

  bool operator==(const RecipeRecord&) const = default;
};

// Best first.
std::vector<RecipeRecord> recipe_records(const std::vector<MadeVideo>& videos);

enum class Generation : std::uint8_t { exploit, explore };

struct NextVideo {
  Generation type = Generation::exploit;
  std::string topic;
  Recipe recipe;
  std::string topic_hash;  // Of recipe and topic: what must not be made twice.
  // Of Generation::explore: the one thing that differs from the recipe it started from.
  std::string variable_tested;
  std::string baseline_value;
  std::string variant_value;
  std::string reason;

  bool operator==(const NextVideo&) const = default;
};

struct SkippedTopic {
  std::string topic;
  std::string reason;

  bool operator==(const SkippedTopic&) const = default;
};

struct BatchWish {
  std::vector<std::string> topics;
  std::int64_t count = 5;
  // Which part uses the best recipes as they are. None: as often as the recipes are still in doubt,
  // by Thompson sampling.
  std::optional<double> exploit_share = 0.7;
  std::set<std::string> made;  // The topic hashes of what exists.
};

struct Batch {
  std::vector<NextVideo> videos;
  std::vector<SkippedTopic> skipped;

  bool operator==(const Batch&) const = default;
};

// The next videos, a topic each in the given order. A recipe that was made for the topic gives way
// to the next best one; a topic for which every recipe was made is skipped. Without any record,
// recipes that differ in their hook are tried in turn.
// REQUIRES: records out of recipe_records(), count >= 0, exploit_share in [0, 1].
Batch next_batch(const std::vector<RecipeRecord>& records, const BatchWish& wish, Rng& rng);

}  // namespace rf::decide

template <>
struct rf::EnumNames<rf::decide::Generation> {
  static constexpr auto names = std::to_array<std::pair<rf::decide::Generation, std::string_view>>(
      {{rf::decide::Generation::exploit, "exploit"}, {rf::decide::Generation::explore, "explore"}});
};

template <>
struct rf::Described<rf::decide::RecipeRecord> {
  using Self = rf::decide::RecipeRecord;
  static constexpr auto fields =
      std::tuple{field("recipe", &Self::recipe, "the recipe"),
                 field("recipe_hash", &Self::recipe_hash, "the same recipe, the same hash"),
                 field("times_used", &Self::times_used, "videos with a reward"),
                 field("best_reward_score", &Self::best_reward_score, "of its best video"),
                 field("avg_reward_score", &Self::avg_reward_score, "of all of them, 90 %")};
};

template <>
struct rf::Described<rf::decide::NextVideo> {
  using Self = rf::decide::NextVideo;
  static constexpr auto fields = std::tuple{
      field("type", &Self::type, "exploit: a recipe as it is; explore: with one thing changed"),
      field("topic", &Self::topic, "what it is about"),
      field("recipe", &Self::recipe, "what it is made by"),
      field("topic_hash", &Self::topic_hash, "of recipe and topic; never made twice"),
      field("variable_tested", &Self::variable_tested, "what differs; empty for exploit"),
      field("baseline_value", &Self::baseline_value, "without the change"),
      field("variant_value", &Self::variant_value, "with it"),
      field("reason", &Self::reason, "why this one")};
};

template <>
struct rf::Described<rf::decide::SkippedTopic> {
  using Self = rf::decide::SkippedTopic;
  static constexpr auto fields = std::tuple{field("topic", &Self::topic, "what it is about"),
                                            field("reason", &Self::reason, "why not")};
};
