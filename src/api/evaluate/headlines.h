// `evaluate headlines`: learns from pairs of headlines, and says how often it is right on others.

#pragma once

#include <string>

#include "api/operation.h"
#include "model/estimate.h"

namespace rf::api {

struct EvaluateHeadlinesInput {
  std::string train;
  std::string test;
};

struct EvaluateHeadlinesOutput {
  Estimate accuracy;
  std::int64_t trained_on = 0;
  std::int64_t left_out = 0;
};

// Errors: corrupt, naming file and place; those of reading files.
Result<EvaluateHeadlinesOutput> evaluate_headlines(const EvaluateHeadlinesInput& input,
                                                   Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::EvaluateHeadlinesInput> {
  using Self = rf::api::EvaluateHeadlinesInput;
  static constexpr auto fields = std::tuple{
      field("train", &Self::train,
            "JSON with the arrays headline_1, headline_2 and label, \"Headline 1 has more …\"",
            {.required = true}),
      field("test", &Self::test, "the same, with pairs to be judged by", {.required = true})};
};

template <>
struct rf::Described<rf::api::EvaluateHeadlinesOutput> {
  using Self = rf::api::EvaluateHeadlinesOutput;
  static constexpr auto fields = std::tuple{
      field("accuracy", &Self::accuracy, "share of test pairs whose winner was named, 90 %"),
      field("trained_on", &Self::trained_on, "pairs learned from"),
      field("left_out", &Self::left_out, "training pairs that stand in the test too, either way")};
};
