// One turn of the loop, and the plan that it left.

#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "model/plan.h"

namespace rf::api {

struct TurnInput {
  std::optional<std::string> account;
};

struct TurnStepView {
  std::string name;
  double ms = 0;
  std::int64_t rows = 0;
};

struct TurnView {
  std::int64_t id = 0;
  std::string account;
  std::string plan_hash;
  Instant started;
  std::vector<TurnStepView> steps;
};

struct TurnOutput {
  TurnView turn;  // Of the first account; all of them are in `turns`.
  std::vector<TurnView> turns;
  Plan plan;
  std::vector<std::string> notices;
};

struct PlanShowInput {
  std::string hash;
  std::optional<std::string> account;
};

// Errors: not_found, when the store holds no numbers yet or not this account.
Result<TurnOutput> turn(const TurnInput& input, Services& services);

// Errors: not_found.
Result<Plan> plan_show(const PlanShowInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::TurnInput> {
  static constexpr auto fields = std::tuple{
      field("account", &rf::api::TurnInput::account, "only this account; all of them if left out")};
};

template <>
struct rf::Described<rf::api::TurnStepView> {
  using Self = rf::api::TurnStepView;
  static constexpr auto fields = std::tuple{
      field("name", &Self::name, "the stage"), field("ms", &Self::ms, "how long it took"),
      field("rows", &Self::rows, "how many things it handled")};
};

template <>
struct rf::Described<rf::api::TurnView> {
  using Self = rf::api::TurnView;
  static constexpr auto fields = std::tuple{
      field("id", &Self::id, "in the account's turn log"),
      field("account", &Self::account, "whose turn it was"),
      field("plan_hash", &Self::plan_hash, "of the account's plan"),
      field("started", &Self::started, "when"), field("steps", &Self::steps, "in order")};
};

template <>
struct rf::Described<rf::api::TurnOutput> {
  using Self = rf::api::TurnOutput;
  static constexpr auto fields =
      std::tuple{field("turn", &Self::turn, "of the first account"),
                 field("turns", &Self::turns, "one for each account"),
                 field("plan", &Self::plan, "what should be done"),
                 field("notices", &Self::notices, "what a reader should know first")};
};

template <>
struct rf::Described<rf::api::PlanShowInput> {
  static constexpr auto fields = std::tuple{
      field("hash", &rf::api::PlanShowInput::hash,
            "the plan's hash; the newest of every account if left out", {.positional = true})};
};
