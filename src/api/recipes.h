// The recipe loop: what the account's films earned by recipe, and the next batch of them.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "decide/recipes.h"

namespace rf::api {

struct RecipesInput {
  std::optional<std::string> account;
  std::int64_t days = 30;
};

struct RecipesOutput {
  std::vector<decide::RecipeRecord> recipes;  // Best first.
  std::int64_t films = 0;                     // Behind them.
  std::int64_t without_result = 0;            // Films of which no part of the reward was reported.
  std::vector<std::string> notices;
};

struct PlanNextInput {
  std::string topics_file;
  std::int64_t count = 5;
  double exploit_share = 0.7;
  bool by_evidence = false;
  std::optional<std::string> account;
  std::int64_t days = 30;
  std::int64_t seed = 1;
};

struct PlanNextOutput {
  std::vector<decide::NextVideo> recommendations;
  std::vector<decide::SkippedTopic> skipped;
  std::vector<decide::RecipeRecord> top_recipes;  // The first five.
  std::vector<std::string> notices;
};

// Errors: not_found (the account).
Result<RecipesOutput> recipes(const RecipesInput& input, Services& services);

// Remembers what it recommends, so that the next batch does not repeat it.
// Errors: not_found (the file, the account), invalid (no topics, too many, too long).
Result<PlanNextOutput> plan_next(const PlanNextInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::RecipesInput> {
  using Self = rf::api::RecipesInput;
  static constexpr auto fields =
      std::tuple{field("account", &Self::account, "only this account"),
                 field("days", &Self::days, "of results that count", {.min = 1, .max = 3650})};
};

template <>
struct rf::Described<rf::api::RecipesOutput> {
  using Self = rf::api::RecipesOutput;
  static constexpr auto fields = std::tuple{
      field("recipes", &Self::recipes, "best first"), field("films", &Self::films, "behind them"),
      field("without_result", &Self::without_result, "films without any result"),
      field("notices", &Self::notices, "what to know before trusting them")};
};

template <>
struct rf::Described<rf::api::PlanNextInput> {
  using Self = rf::api::PlanNextInput;
  static constexpr auto fields =
      std::tuple{field("topics_file", &Self::topics_file, "a topic a line", {.required = true}),
                 field("count", &Self::count, "how many videos", {.min = 1, .max = 500}),
                 field("exploit_share", &Self::exploit_share,
                       "the part made by the best recipes as they are", {.min = 0, .max = 1}),
                 field("by_evidence", &Self::by_evidence,
                       "instead of a share, explore as often as the recipes are still in doubt"),
                 field("account", &Self::account, "whose results count"),
                 field("days", &Self::days, "of results that count", {.min = 1, .max = 3650}),
                 field("seed", &Self::seed, "of what is drawn", {.min = 0, .max = 1e15})};
};

template <>
struct rf::Described<rf::api::PlanNextOutput> {
  using Self = rf::api::PlanNextOutput;
  static constexpr auto fields =
      std::tuple{field("recommendations", &Self::recommendations, "the next videos"),
                 field("skipped", &Self::skipped, "topics without one, and why"),
                 field("top_recipes", &Self::top_recipes, "the best so far"),
                 field("notices", &Self::notices, "what to know before trusting it")};
};
