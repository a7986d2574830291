// `evaluate ope`: what another policy would have earned, from the log of the one that ran.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/operation.h"

namespace rf::api {

struct EvaluateOffPolicyInput {
  std::string log;
  std::string target;
  std::int64_t seed = 1;
};

struct PolicyValueView {
  std::string name;
  std::optional<double> value;
  std::optional<double> low;
  std::optional<double> high;
};

struct EvaluateOffPolicyOutput {
  std::vector<PolicyValueView> estimators;
  double ess = 0;
  double mean_weight = 0;
  bool refused = false;
  std::string reason;
  std::int64_t rows = 0;
  std::int64_t actions = 0;
  double logged_value = 0;
  std::vector<std::string> context;
  std::vector<std::string> notices;
};

// The formats are in doc/evaluate.md.
// Errors: those of read_data_table(); not_found, for a missing column; corrupt, with the line, for
// a chance outside its range or an action that the target does not name; invalid, when the target
// fits neither form, or its chances do not sum to 1.
Result<EvaluateOffPolicyOutput> evaluate_off_policy(const EvaluateOffPolicyInput& input,
                                                    Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::EvaluateOffPolicyInput> {
  using Self = rf::api::EvaluateOffPolicyInput;
  static constexpr auto fields = std::tuple{
      field("log", &Self::log,
            "one row a decision: action, reward, propensity; further columns are its context",
            {.required = true}),
      field("target", &Self::target,
            "the other policy: action, probability, one row an action; or one row a decision with "
            "probability (of the logged action) or p_ACTION for every action",
            {.required = true}),
      field("seed", &Self::seed, "the same seed gives the same intervals", {.min = 0})};
};

template <>
struct rf::Described<rf::api::PolicyValueView> {
  using Self = rf::api::PolicyValueView;
  static constexpr auto fields = std::tuple{
      field("name", &Self::name, "IPW, SNIPW, DM, DR, SNDR or Switch-DR"),
      field("value", &Self::value, "reward per decision under the target; null when refused"),
      field("low", &Self::low, "lower end of the 95 % bootstrap interval"),
      field("high", &Self::high, "its upper end")};
};

template <>
struct rf::Described<rf::api::EvaluateOffPolicyOutput> {
  using Self = rf::api::EvaluateOffPolicyOutput;
  static constexpr auto fields = std::tuple{
      field("estimators", &Self::estimators,
            "the target's value by each; those with DM or DR only where the target's chance of "
            "every action is known"),
      field("ess", &Self::ess, "effective rows that the weights leave"),
      field("mean_weight", &Self::mean_weight, "1 when propensities are right"),
      field("refused", &Self::refused, "the log cannot carry this question"),
      field("reason", &Self::reason, "why it was refused"),
      field("rows", &Self::rows, "decisions in the log"),
      field("actions", &Self::actions, "different actions in log and target"),
      field("logged_value", &Self::logged_value, "reward per decision under the policy that ran"),
      field("context", &Self::context, "columns that the model of rewards uses"),
      field("notices", &Self::notices, "what was left out, and why")};
};
