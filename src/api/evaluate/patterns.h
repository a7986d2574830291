// `evaluate patterns`: which features of a user's own table go with a better rate, believed only
// when they hold up.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/operation.h"
#include "learn/patterns.h"

namespace rf::api {

struct EvaluatePatternsInput {
  std::string units;
  std::string outcome;
  std::string exposure;
  std::optional<std::string> group;
  std::optional<std::string> replicate_by;
  std::vector<std::string> features;
};

struct PatternRow {
  std::string feature;
  double effect = 0;
  double low = 0;
  double high = 0;
  double p = 1;
  double q = 1;
  std::int64_t n = 0;
  learn::Design design = learn::Design::observational;
  bool replicated = false;
  double earlier = 0;
  double later = 0;
  std::string per;
};

struct EvaluatePatternsOutput {
  std::vector<PatternRow> patterns;
  std::int64_t tested = 0;
  std::int64_t untestable = 0;
  std::int64_t units = 0;
  std::int64_t dropped = 0;
  std::vector<std::string> notices;
};

// Errors: invalid, not_found (a column), and those of reading the file.
Result<EvaluatePatternsOutput> evaluate_patterns(const EvaluatePatternsInput& input,
                                                 Services& services);

}  // namespace rf::api

template <>
struct rf::EnumNames<rf::learn::Design> {
  static constexpr auto names = std::to_array<std::pair<rf::learn::Design, std::string_view>>(
      {{rf::learn::Design::randomised, "randomised"},
       {rf::learn::Design::observational, "observational"}});
};

template <>
struct rf::Described<rf::api::EvaluatePatternsInput> {
  using Self = rf::api::EvaluatePatternsInput;
  static constexpr auto fields = std::tuple{
      field("units", &Self::units, "the table, a row for each ad or arm", {.required = true}),
      field("outcome", &Self::outcome, "the column to explain: clicks, conversions",
            {.required = true}),
      field("exposure", &Self::exposure, "the column it is a rate of: impressions, spend",
            {.required = true}),
      field("group", &Self::group,
            "the column of the test in which rows were assigned at random; effects are within it"),
      field("replicate_by", &Self::replicate_by,
            "the column that says what came later; without it, halves by chance"),
      field("features", &Self::features, "the columns to look at; without it, all the others")};
};

template <>
struct rf::Described<rf::api::PatternRow> {
  using Self = rf::api::PatternRow;
  static constexpr auto fields = std::tuple{
      field("feature", &Self::feature, "column, column=value, column:trait, or two with &"),
      field("effect", &Self::effect, "relative change of the rate; 0.02 is 2 % more"),
      field("low", &Self::low, "lower end of the interval: 95 % over all that is believed"),
      field("high", &Self::high, "upper end of the interval"),
      field("p", &Self::p, "two-sided, of the earlier half"),
      field("q", &Self::q, "the smallest false discovery rate at which it is a discovery"),
      field("n", &Self::n, "units compared"),
      field("design", &Self::design, "randomised: by the caller's word; else observational"),
      field("replicated", &Self::replicated, "the later half shows it by itself"),
      field("earlier", &Self::earlier, "the effect in the earlier half"),
      field("later", &Self::later, "the effect in the later half"),
      field("per", &Self::per, "what one more of it is: presence, or one standard deviation")};
};

template <>
struct rf::Described<rf::api::EvaluatePatternsOutput> {
  using Self = rf::api::EvaluatePatternsOutput;
  static constexpr auto fields = std::tuple{
      field("patterns", &Self::patterns, "those believed, surest first"),
      field("tested", &Self::tested, "how many effects were tested, pairs included"),
      field("untestable", &Self::untestable, "how many do not vary within enough groups"),
      field("units", &Self::units, "rows that could be compared"),
      field("dropped", &Self::dropped, "rows without outcome or exposure"),
      field("notices", &Self::notices, "what a reader should know before trusting the patterns")};
};
