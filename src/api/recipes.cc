#include "api/recipes.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "api/judged.h"
#include "base/file.h"
#include "create/concept.h"
#include "loop/sight.h"

namespace rf::api {
namespace {

constexpr std::int64_t kTopicsBytesMax = 1 << 20;
constexpr std::size_t kTopicsMax = 10'000;
constexpr std::string_view kMadeDocument = "recipes-made";

// The value of that name; the fallback where there is none of it.
template <typename Enum>
Enum value_or(std::string_view name, Enum fallback) {
  for (const auto& [value, each] : EnumNames<Enum>::names) {
    if (each == name) return value;
  }
  return fallback;
}

// A film's recipe as it was read back. What was not measured is taken to be as in the default
// recipe; `guessed` says so.
Recipe recipe_of(const RecipeTraits& traits, bool& guessed) {
  guessed = traits.narration.empty() || traits.captions.empty();
  const Recipe usual;
  return {.hook_type = value_or(traits.hook_type, usual.hook_type),
          .scene_count = std::clamp(traits.scene_count, kScenesMin, kScenesMax),
          .narration_wpm_bucket = value_or(traits.narration, usual.narration_wpm_bucket),
          .caption_density_bucket = value_or(traits.captions, usual.caption_density_bucket),
          .ending_type = value_or(traits.ending, usual.ending_type)};
}

std::optional<double> ratio(std::optional<std::int64_t> part, std::optional<std::int64_t> whole) {
  if (!part || !whole || *whole <= 0) return std::nullopt;
  return static_cast<double>(*part) / static_cast<double>(*whole);
}

std::optional<std::int64_t> sum(std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
  if (!a || !b) return a ? a : b;
  return *a + *b;
}

// Exports are by day, so views of the first six hours are not known from them.
decide::VideoResult result_of(const Counts& counts) {
  const auto views =
      counts.has(Metric::video_plays) ? counts.get(Metric::video_plays) : counts.get(Metric::views);
  decide::VideoResult result{
      .view_duration_s = ratio(counts.get(Metric::watch_time_ms), views),
      .engagement = ratio(sum(counts.get(Metric::reactions), counts.get(Metric::comments)), views)};
  if (result.view_duration_s) *result.view_duration_s /= 1000;
  return result;
}

// Each film's counts of the last days, over all ads that show it.
Result<std::map<std::string, Counts>> counts_by_film(Store& store, const Account& account,
                                                     std::int64_t days, Instant now) {
  RF_TRY(store.remember(account.id));
  std::map<EntityId, std::string> film_of;
  for (const AdFilm& each : RF_TRY(store.ad_films(account.id, std::nullopt))) {
    film_of[each.ad] = each.film.sha256;
  }
  const Day today = account.zone.day_at(now);
  std::map<std::string, Counts> counts;
  RF_TRY(store.each_day(account.id, Level::ad, today - Days(days), today,
                        [&](const EntityDay& each) -> Status {
                          auto film = film_of.find(each.id);
                          if (film != film_of.end()) counts[film->second].add(each.counts);
                          return {};
                        }));
  return counts;
}

struct Films {
  std::vector<decide::MadeVideo> made;
  std::int64_t without_result = 0;
  std::int64_t guessed = 0;
};

// Errors: those of the store.
Status add_films(Films& to, Store& store, const Account& account, std::int64_t days, Instant now) {
  const auto counts = RF_TRY(counts_by_film(store, account, days, now));
  std::vector<Recipe> recipes;
  std::vector<decide::VideoResult> results;
  for (const Creative& film : RF_TRY(store.creatives(account.id, std::nullopt))) {
    bool guessed = false;
    recipes.push_back(recipe_of(film.recipe, guessed));
    to.guessed += guessed ? 1 : 0;
    auto at = counts.find(film.sha256);
    results.push_back(at == counts.end() ? decide::VideoResult() : result_of(at->second));
  }
  // Places are within an account: its viewers are not another's.
  const auto rewards = decide::rewards_of(results);
  for (std::size_t i = 0; i < recipes.size(); ++i) {
    if (rewards[i]) to.made.push_back({recipes[i], *rewards[i]});
    to.without_result += rewards[i] ? 0 : 1;
  }
  return {};
}

// Errors: not_found, over_limit, invalid.
Result<std::vector<std::string>> topics_in(const std::string& path) {
  const std::string text = RF_TRY(read_file(path, kTopicsBytesMax));
  std::vector<std::string> topics;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    // A topic is held to the same limits as a brief's phrases.
    auto tidy = create::checked({.product = line});
    if (!tidy)
      return std::move(tidy).error().with(fmt::format("{}: topic {}", path, topics.size() + 1));
    topics.push_back(tidy->product);
  }
  if (topics.empty()) return fail(ErrorCode::invalid, path + ": no topics; write one a line");
  if (topics.size() > kTopicsMax) {
    return fail(ErrorCode::invalid,
                fmt::format("{}: {} topics; at most {}", path, topics.size(), kTopicsMax));
  }
  return topics;
}

// What was recommended before. Errors: corrupt.
Result<std::set<std::string>> made_before(Store& store) {
  std::set<std::string> made;
  const auto document = RF_TRY(store.document(AccountId{}, kMadeDocument));
  if (!document) return made;
  auto hashes = from_json<std::vector<std::string>>(*document, std::string(kMadeDocument));
  if (!hashes) return fail(ErrorCode::corrupt, hashes.error().message);
  made.insert(hashes->begin(), hashes->end());
  return made;
}

}  // namespace

Result<RecipesOutput> recipes(const RecipesInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  Films films;
  for (const Account& account : RF_TRY(accounts_asked(*store, input.account))) {
    RF_TRY(add_films(films, *store, account, input.days, services.clock().now()));
  }
  RecipesOutput out{.recipes = decide::recipe_records(films.made),
                    .films = std::ssize(films.made) + films.without_result,
                    .without_result = films.without_result};
  if (out.films == 0) {
    out.notices.emplace_back("no films are known yet: import an export with --videos");
  } else {
    out.notices.emplace_back(
        "rewards are places among the account's films by view duration and "
        "engagement; views of the first six hours are not in daily exports");
  }
  if (films.guessed > 0) {
    out.notices.push_back(
        fmt::format("of {} films the narration or captions could not be read; "
                    "both are taken to be medium there",
                    films.guessed));
  }
  return out;
}

Result<PlanNextOutput> plan_next(const PlanNextInput& input, Services& services) {
  decide::BatchWish wish{.topics = RF_TRY(topics_in(input.topics_file)), .count = input.count};
  wish.exploit_share = input.by_evidence ? std::nullopt : std::optional(input.exploit_share);
  RecipesOutput known = RF_TRY(recipes({.account = input.account, .days = input.days}, services));
  Store* store = RF_TRY(services.store());
  wish.made = RF_TRY(made_before(*store));

  Rng rng(static_cast<std::uint64_t>(input.seed));
  decide::Batch batch = decide::next_batch(known.recipes, wish, rng);
  std::vector<std::string> made(wish.made.begin(), wish.made.end());
  for (const decide::NextVideo& each : batch.videos) made.push_back(each.topic_hash);
  RF_TRY(store->put_document(AccountId{}, kMadeDocument, to_json(made)));

  const auto shown = std::min<std::ptrdiff_t>(5, std::ssize(known.recipes));
  return PlanNextOutput{.recommendations = std::move(batch.videos),
                        .skipped = std::move(batch.skipped),
                        .top_recipes = {known.recipes.begin(), known.recipes.begin() + shown},
                        .notices = std::move(known.notices)};
}

}  // namespace rf::api
