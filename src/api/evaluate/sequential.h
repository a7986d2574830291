// `evaluate sequential`: how often stopping rules err, and what they find, on the arms of finished
// tests.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "api/operation.h"

namespace rf::api {

enum class SequentialKind : std::uint8_t { aa, ab };

struct EvaluateSequentialInput {
  std::string arms;
  SequentialKind kind = SequentialKind::aa;
  std::int64_t looks = 14;
  std::int64_t per_look = 100;
  std::int64_t min_clicks = 0;
  std::int64_t reps = 5;
  double alpha = 0.05;
  std::int64_t seed = 1;
};

struct StoppingRuleScore {
  std::string name;
  double reject = 0;
  double reject_se = 0;
  double mean_n_to_stop = 0;
};

struct EvaluateSequentialOutput {
  std::int64_t comparisons = 0;
  std::int64_t runs = 0;
  std::string drawn;
  std::vector<StoppingRuleScore> rules;
};

// Errors: those of read_arms(); invalid, when no arm or test fits; conflict, when asked to stop.
// Cost: 13,000 arms five times, 14 looks, about 2 s; 200 looks of 500 about 20 s.
Result<EvaluateSequentialOutput> evaluate_sequential(const EvaluateSequentialInput& input,
                                                     Services& services);

}  // namespace rf::api

template <>
struct rf::EnumNames<rf::api::SequentialKind> {
  static constexpr auto names = std::to_array<std::pair<rf::api::SequentialKind, std::string_view>>(
      {{rf::api::SequentialKind::aa, "aa"}, {rf::api::SequentialKind::ab, "ab"}});
};

template <>
struct rf::Described<rf::api::EvaluateSequentialInput> {
  using Self = rf::api::EvaluateSequentialInput;
  static constexpr auto fields = std::tuple{
      field("arms", &Self::arms, "a table with the columns test, n, c; one row an arm",
            {.required = true}),
      field("kind", &Self::kind,
            "aa: each arm is split at random in two, so every rejection is wrong; ab: the best "
            "against the worst arm of each test"),
      field("looks", &Self::looks, "how often the test is looked at", {.min = 1, .max = 2000}),
      field("per_look", &Self::per_look, "impressions of each side between looks",
            {.min = 1, .max = 1e7}),
      field("min_clicks", &Self::min_clicks, "leave out arms with fewer clicks", {.min = 0}),
      field("reps", &Self::reps, "random orders of each arm", {.min = 1, .max = 10000}),
      field("alpha", &Self::alpha, "the chance of a false alarm that is allowed",
            {.min = 0.0001, .max = 0.5}),
      field("seed", &Self::seed, "the same seed gives the same figures", {.min = 0})};
};

template <>
struct rf::Described<rf::api::StoppingRuleScore> {
  using Self = rf::api::StoppingRuleScore;
  static constexpr auto fields = std::tuple{
      field("name", &Self::name, "ours is reelforge"),
      field("reject", &Self::reject, "share of runs in which it declares a difference"),
      field("reject_se", &Self::reject_se, "its standard error, as if runs were independent"),
      field("mean_n_to_stop", &Self::mean_n_to_stop,
            "impressions of a side until it stops; in full where it never does")};
};

template <>
struct rf::Described<rf::api::EvaluateSequentialOutput> {
  using Self = rf::api::EvaluateSequentialOutput;
  static constexpr auto fields =
      std::tuple{field("comparisons", &Self::comparisons, "arms (aa) or tests (ab) used"),
                 field("runs", &Self::runs, "each of them in every repetition"),
                 field("drawn", &Self::drawn, "how the sides' clicks were drawn"),
                 field("rules", &Self::rules, "each stopping rule's score")};
};
