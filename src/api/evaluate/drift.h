// `evaluate drift`: from when on predictions no longer fit what happened.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "api/operation.h"

namespace rf::api {

struct EvaluateDriftInput {
  std::string reference;
  std::string stream;
  std::string label;
  std::string prediction;
  double alpha = 0.001;
};

struct EvaluateDriftOutput {
  std::optional<std::int64_t> alarm_at;
  double observed = 0;
  double expected = 0;
  double psi = 0;
  std::string direction;
  std::int64_t rows = 0;
  double log_wealth = 0;
  double reference_observed = 0;
  double reference_expected = 0;
};

// Errors: those of read_data_table(); not_found, for a missing column; corrupt, with the line, for
// a label other than 0 or 1 or a prediction outside 0 to 1.
Result<EvaluateDriftOutput> evaluate_drift(const EvaluateDriftInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::EvaluateDriftInput> {
  using Self = rf::api::EvaluateDriftInput;
  static constexpr auto fields = std::tuple{
      field("reference", &Self::reference, "rows from when the predictions were good",
            {.required = true}),
      field("stream", &Self::stream, "rows since, in the order in which they came",
            {.required = true}),
      field("label", &Self::label, "the column with what happened, 0 or 1", {.required = true}),
      field("prediction", &Self::prediction, "the column with the predicted chance",
            {.required = true}),
      field("alpha", &Self::alpha, "the chance of a false alarm, over the whole stream",
            {.min = 1e-9, .max = 0.5})};
};

template <>
struct rf::Described<rf::api::EvaluateDriftOutput> {
  using Self = rf::api::EvaluateDriftOutput;
  static constexpr auto fields = std::tuple{
      field("alarm_at", &Self::alarm_at, "rows of the stream until the alarm; null: none"),
      field("observed", &Self::observed, "successes until then, or in the whole stream"),
      field("expected", &Self::expected, "successes that were predicted for the same rows"),
      field("psi", &Self::psi,
            "population stability index of the predictions, stream against reference"),
      field("direction", &Self::direction, "too high, too low, or empty without an alarm"),
      field("rows", &Self::rows, "rows of the stream"),
      field("log_wealth", &Self::log_wealth,
            "the logarithm of what a bet against the predictions has grown to"),
      field("reference_observed", &Self::reference_observed, "successes in the reference"),
      field("reference_expected", &Self::reference_expected,
            "successes that were predicted for it")};
};
