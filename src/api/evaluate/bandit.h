// `evaluate bandit`: what allocation policies earn on the arms of finished tests.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "api/operation.h"

namespace rf::api {

enum class BanditMode : std::uint8_t { replay, bernoulli };

struct EvaluateBanditInput {
  std::string arms;
  std::string train;
  BanditMode mode = BanditMode::replay;
  std::int64_t batch = 100;
  std::optional<std::int64_t> horizon;
  std::optional<double> reverse_at;
  std::int64_t reps = 20;
  std::int64_t seed = 1;
};

struct BanditPolicyScore {
  std::string name;
  std::string what;
  double capture = 0;
  double capture_se = 0;
  double p_best = 0;
  double simple_regret = 0;
};

struct EvaluateBanditOutput {
  std::int64_t tests = 0;
  std::int64_t left_out = 0;
  std::string prior;
  double strength = 0;
  std::vector<BanditPolicyScore> policies;
};

// Errors: those of read_arms(); invalid, for settings that do not fit the mode, or a file without a
// test of two arms; conflict, when it was asked to stop.
// Cost: 2,000 tests of five arms and 30 batches, 20 times, about a minute on two cores.
Result<EvaluateBanditOutput> evaluate_bandit(const EvaluateBanditInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::EnumNames<rf::api::BanditMode> {
  static constexpr auto names = std::to_array<std::pair<rf::api::BanditMode, std::string_view>>(
      {{rf::api::BanditMode::replay, "replay"}, {rf::api::BanditMode::bernoulli, "bernoulli"}});
};

template <>
struct rf::Described<rf::api::EvaluateBanditInput> {
  using Self = rf::api::EvaluateBanditInput;
  static constexpr auto fields = std::tuple{
      field("arms", &Self::arms, "a table with the columns test, n, c; one row an arm",
            {.required = true}),
      field("train", &Self::train,
            "other finished tests in the same form, for the prior; without it each half of the "
            "tests learns from the other half"),
      field("mode", &Self::mode,
            "replay: an arm is the bag of its own impressions; bernoulli: it clicks at its shrunk "
            "rate"),
      field("batch", &Self::batch, "impressions shared out at once", {.min = 1, .max = 1e9}),
      field("horizon", &Self::horizon,
            "impressions of a test; in replay at most its smallest arm, which is the default; in "
            "bernoulli 10000",
            {.min = 1, .max = 1e9}),
      field("reverse_at", &Self::reverse_at,
            "bernoulli only: the arms' ranks are reversed at this share of the horizon",
            {.min = 0, .max = 1}),
      field("reps", &Self::reps, "repetitions of each test", {.min = 1, .max = 10000}),
      field("seed", &Self::seed, "the same seed gives the same figures", {.min = 0})};
};

template <>
struct rf::Described<rf::api::BanditPolicyScore> {
  using Self = rf::api::BanditPolicyScore;
  static constexpr auto fields = std::tuple{
      field("name", &Self::name, "ours is reelforge"),
      field("what", &Self::what, "in words"),
      field("capture", &Self::capture, "(clicks - uniform)/(oracle - uniform) over all tests"),
      field("capture_se", &Self::capture_se, "its standard error, tests as the units"),
      field("p_best", &Self::p_best, "how often the arm it would keep at the end is the best"),
      field("simple_regret", &Self::simple_regret,
            "the best arm's rate less that of the arm it would keep, on average")};
};

template <>
struct rf::Described<rf::api::EvaluateBanditOutput> {
  using Self = rf::api::EvaluateBanditOutput;
  static constexpr auto fields =
      std::tuple{field("tests", &Self::tests, "tests that were run"),
                 field("left_out", &Self::left_out, "tests of one arm, or with an arm never shown"),
                 field("prior", &Self::prior, "which tests the prior was fitted on"),
                 field("strength", &Self::strength,
                       "trials that a test's mean is worth for the rate of its arm, fitted"),
                 field("policies", &Self::policies, "each policy's score")};
};
