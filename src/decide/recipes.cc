#include "decide/recipes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "base/json.h"

namespace rf::decide {
namespace {

// The share of the others that are below; ties count half. None where nothing was reported.
std::vector<std::optional<double>> places(const std::vector<VideoResult>& videos,
                                          std::optional<double> VideoResult::*part) {
  std::vector<double> reported;
  for (const VideoResult& each : videos) {
    if (each.*part) reported.push_back(*(each.*part));
  }
  std::ranges::sort(reported);
  std::vector<std::optional<double>> out(videos.size());
  for (std::size_t i = 0; i < videos.size(); ++i) {
    if (!(videos[i].*part)) continue;
    const auto [first, last] =
        std::equal_range(reported.begin(), reported.end(), *(videos[i].*part));
    const auto below = static_cast<double>(first - reported.begin());
    const auto alike = static_cast<double>(last - first);
    out[i] = (below + alike / 2) / static_cast<double>(reported.size());
  }
  return out;
}

// Rewards are places among videos, so they spread like a uniform number: a variance of 1/12. Where
// few videos were made, that is a better guess than their own spread; both are weighed, the guess
// as four videos. Chosen.
constexpr double kPlaceVariance = 1.0 / 12;
constexpr double kVarianceWeight = 4;
// What a recipe's mean is drawn towards counts as two of its videos. Chosen: with more, a recipe
// that won three times in a row would not rise above the rest.
constexpr double kMeanWeight = 2;
constexpr double kZ90 = 1.6448536269514722;

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Within the recipes, around each one's own mean.
double pooled_variance(const std::map<Recipe, std::vector<double>>& groups) {
  double squares = kVarianceWeight * kPlaceVariance;
  double freedom = kVarianceWeight;
  for (const auto& [recipe, rewards] : groups) {
    const double mean = mean_of(rewards);
    for (double each : rewards) squares += (each - mean) * (each - mean);
    freedom += static_cast<double>(rewards.size()) - 1;
  }
  return squares / freedom;
}

RecipeRecord record_of(const Recipe& recipe, const std::vector<double>& rewards, double mean_of_all,
                       double variance) {
  const auto n = static_cast<double>(rewards.size());
  const double mean = (n * mean_of(rewards) + kMeanWeight * mean_of_all) / (n + kMeanWeight);
  const double half = kZ90 * std::sqrt(variance / (n + kMeanWeight));
  return {.recipe = recipe,
          .recipe_hash = hash_of(recipe),
          .times_used = std::ssize(rewards),
          .best_reward_score = *std::ranges::max_element(rewards),
          .avg_reward_score = {.value = mean,
                               .low = std::max(0.0, mean - half),
                               .high = std::min(1.0, mean + half),
                               .n = std::ssize(rewards)}};
}

// Recipes to begin with, where there is no record: one for each way to open.
std::vector<Recipe> first_recipes() {
  std::vector<Recipe> all;
  all.reserve(EnumNames<HookStyle>::names.size());
  for (const auto& [hook, name] : EnumNames<HookStyle>::names) all.push_back({.hook_type = hook});
  return all;
}

// One recipe with one thing changed.
struct Mutation {
  Recipe recipe;
  std::string variable;
  std::string baseline;
  std::string variant;
};

template <typename Value>
void mutate_names(std::vector<Mutation>& to, const Recipe& from, std::string_view variable,
                  Value Recipe::*member) {
  for (const auto& [value, name] : EnumNames<Value>::names) {
    if (from.*member == value) continue;
    Mutation next{from, std::string(variable), std::string(name_of(from.*member)),
                  std::string(name)};
    next.recipe.*member = value;
    to.push_back(std::move(next));
  }
}

// All of them; a scene more or less, never outside the notes' five to ten.
std::vector<Mutation> mutations(const Recipe& from) {
  std::vector<Mutation> all;
  mutate_names(all, from, "hook_type", &Recipe::hook_type);
  mutate_names(all, from, "narration_wpm_bucket", &Recipe::narration_wpm_bucket);
  mutate_names(all, from, "caption_density_bucket", &Recipe::caption_density_bucket);
  mutate_names(all, from, "ending_type", &Recipe::ending_type);
  for (std::int64_t scenes : {from.scene_count - 1, from.scene_count + 1}) {
    if (scenes < kScenesMin || scenes > kScenesMax) continue;
    Mutation next{from, "scene_count", std::to_string(from.scene_count), std::to_string(scenes)};
    next.recipe.scene_count = scenes;
    all.push_back(std::move(next));
  }
  return all;
}

template <typename T>
void shuffle(std::vector<T>& values, Rng& rng) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[rng.below(i)]);
}

// Chooses one batch.
class Chooser {
 public:
  Chooser(const std::vector<RecipeRecord>& records, const BatchWish& wish, Rng& rng)
      : records_(records), wish_(wish), rng_(rng), made_(wish.made) {}

  Batch choose();

 private:
  std::optional<NextVideo> next(const std::string& topic, Generation type);
  std::optional<NextVideo> exploit(const std::string& topic);
  std::optional<NextVideo> explore(const std::string& topic);
  std::optional<NextVideo> first(const std::string& topic);
  Generation type_of(std::size_t place);
  bool free(const std::string& topic, const Recipe& recipe) const {
    return !made_.contains(hash_of(recipe, topic));
  }

  const std::vector<RecipeRecord>& records_;
  const BatchWish& wish_;
  Rng& rng_;
  std::set<std::string> made_;
  std::size_t tried_ = 0;  // Of first_recipes().
};

// The share is kept as exactly as whole videos allow, explorations spread over the batch. Without a
// share, a draw from what is believed of each recipe explores when it names another than the best.
Generation Chooser::type_of(std::size_t place) {
  if (wish_.exploit_share) {
    const double explore = 1 - *wish_.exploit_share;
    const double before = std::floor(static_cast<double>(place) * explore + 1e-9);
    const double after = std::floor(static_cast<double>(place + 1) * explore + 1e-9);
    return after > before ? Generation::explore : Generation::exploit;
  }
  const auto draw = [&](const RecipeRecord& record) {
    const double sd = (record.avg_reward_score.high - record.avg_reward_score.low) / (2 * kZ90);
    return record.avg_reward_score.value + sd * rng_.normal();
  };
  std::size_t best = 0;
  double most = -1e9;
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const double value = draw(records_[i]);
    if (value > most) best = i;
    most = std::max(most, value);
  }
  return best == 0 && records_.size() > 1 ? Generation::exploit : Generation::explore;
}

std::optional<NextVideo> Chooser::exploit(const std::string& topic) {
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const RecipeRecord& record = records_[i];
    if (!free(topic, record.recipe)) continue;
    const std::string_view which =
        i == 0 ? "the best recipe so far" : "the best recipe not yet made for this topic";
    return NextVideo{
        .type = Generation::exploit,
        .topic = topic,
        .recipe = record.recipe,
        .reason = fmt::format("{}: reward {:.2f} [{:.2f}–{:.2f}] over {} videos", which,
                              record.avg_reward_score.value, record.avg_reward_score.low,
                              record.avg_reward_score.high, record.times_used)};
  }
  return std::nullopt;
}

std::optional<NextVideo> Chooser::explore(const std::string& topic) {
  for (const RecipeRecord& record : records_) {
    std::vector<Mutation> all = mutations(record.recipe);
    shuffle(all, rng_);
    for (Mutation& each : all) {
      if (!free(topic, each.recipe)) continue;
      return NextVideo{.type = Generation::explore,
                       .topic = topic,
                       .recipe = each.recipe,
                       .variable_tested = each.variable,
                       .baseline_value = each.baseline,
                       .variant_value = each.variant,
                       .reason = fmt::format("tests {} {} against {}, all else as in the recipe "
                                             "with reward {:.2f}",
                                             each.variable, each.variant, each.baseline,
                                             record.avg_reward_score.value)};
    }
  }
  return std::nullopt;
}

std::optional<NextVideo> Chooser::first(const std::string& topic) {
  const std::vector<Recipe> all = first_recipes();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Recipe& recipe = all[(tried_ + i) % all.size()];
    if (!free(topic, recipe)) continue;
    tried_ = tried_ + i + 1;
    return NextVideo{.type = Generation::explore,
                     .topic = topic,
                     .recipe = recipe,
                     .variable_tested = "hook_type",
                     .variant_value = std::string(name_of(recipe.hook_type)),
                     .reason = "no video has a result yet: each way to open is tried in turn"};
  }
  return std::nullopt;
}

std::optional<NextVideo> Chooser::next(const std::string& topic, Generation type) {
  if (records_.empty()) return first(topic);
  auto video = type == Generation::exploit ? exploit(topic) : explore(topic);
  return video ? video : explore(topic);
}

Batch Chooser::choose() {
  Batch batch;
  for (const std::string& topic : wish_.topics) {
    if (std::ssize(batch.videos) >= wish_.count) break;
    auto video = next(topic, type_of(batch.videos.size()));
    if (!video) {
      batch.skipped.push_back({topic, "every recipe was already made for this topic"});
      continue;
    }
    video->topic_hash = hash_of(video->recipe, topic);
    made_.insert(video->topic_hash);
    batch.videos.push_back(std::move(*video));
  }
  return batch;
}

}  // namespace

std::vector<std::optional<double>> rewards_of(const std::vector<VideoResult>& videos) {
  struct Part {
    std::optional<double> VideoResult::*member;
    double weight;
  };
  std::vector<double> sums(videos.size(), 0);
  std::vector<double> weights(videos.size(), 0);
  for (const Part& part :
       {Part{&VideoResult::view_duration_s, 0.5}, Part{&VideoResult::views_6h, 0.3},
        Part{&VideoResult::engagement, 0.2}}) {
    const auto place = places(videos, part.member);
    for (std::size_t i = 0; i < videos.size(); ++i) {
      if (!place[i]) continue;
      sums[i] += part.weight * *place[i];
      weights[i] += part.weight;
    }
  }
  std::vector<std::optional<double>> rewards(videos.size());
  for (std::size_t i = 0; i < videos.size(); ++i) {
    if (weights[i] > 0) rewards[i] = sums[i] / weights[i];
  }
  return rewards;
}

std::vector<RecipeRecord> recipe_records(const std::vector<MadeVideo>& videos) {
  std::map<Recipe, std::vector<double>> groups;
  double sum = 0;
  for (const MadeVideo& each : videos) {
    groups[each.recipe].push_back(each.reward);
    sum += each.reward;
  }
  std::vector<RecipeRecord> records;
  if (videos.empty()) return records;
  const double variance = pooled_variance(groups);
  records.reserve(groups.size());
  for (const auto& [recipe, rewards] : groups) {
    records.push_back(
        record_of(recipe, rewards, sum / static_cast<double>(videos.size()), variance));
  }
  std::ranges::stable_sort(records, std::ranges::greater(),
                           [](const RecipeRecord& each) { return each.avg_reward_score.value; });
  return records;
}

Batch next_batch(const std::vector<RecipeRecord>& records, const BatchWish& wish, Rng& rng) {
  return Chooser(records, wish, rng).choose();
}

}  // namespace rf::decide
