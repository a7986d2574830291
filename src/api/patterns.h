// `patterns`: which features of the account's own films go with a better rate, and hold up in films
// of later weeks.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/evaluate/patterns.h"
#include "api/operation.h"

namespace rf::api {

struct PatternsInput {
  std::string outcome = "ctr";
  std::optional<std::string> account;
};

struct PatternsOutput {
  std::vector<PatternRow> patterns;
  std::int64_t tested = 0;
  std::int64_t untestable = 0;
  std::int64_t creatives = 0;
  std::int64_t weeks = 0;  // In which two films or more of an account were first shown.
  std::vector<std::string> notices;
};

// A unit is a film of an account, with what all its ads brought. It is compared with the films that
// the account first showed in the same week; what was found in the earlier weeks is believed when
// the later weeks' films show it by themselves.
// Errors: invalid (the outcome), not_found (the account).
Result<PatternsOutput> patterns(const PatternsInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::PatternsInput> {
  using Self = rf::api::PatternsInput;
  static constexpr auto fields = std::tuple{
      field("outcome", &Self::outcome, "the rate to explain: ctr, cvr, hook_rate or hold_rate"),
      field("account", &Self::account, "only this account")};
};

template <>
struct rf::Described<rf::api::PatternsOutput> {
  using Self = rf::api::PatternsOutput;
  static constexpr auto fields = std::tuple{
      field("patterns", &Self::patterns, "those believed, surest first"),
      field("tested", &Self::tested, "how many effects were tested, pairs included"),
      field("untestable", &Self::untestable, "how many do not vary within enough weeks"),
      field("creatives", &Self::creatives, "films that could be compared"),
      field("weeks", &Self::weeks, "in which an account first showed two films or more"),
      field("notices", &Self::notices, "what a reader should know before trusting them")};
};
