// `video dna`: what the account's winning films have in common that its losing ones have not.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/film_view.h"
#include "api/operation.h"

namespace rf::api {

struct VideoDnaInput {
  std::optional<std::string> account;
  std::optional<double> ctr_min;
  bool all = false;
};

// One feature, in its unit, between the two sets.
struct DnaContrast {
  std::string feature;
  std::string unit;
  double winners = 0;
  double losers = 0;
  double difference = 0;
  double low = 0;
  double high = 0;
  double effect = 0;
  double p = 1;
  double q = 1;
  std::int64_t n_winners = 0;
  std::int64_t n_losers = 0;
};

struct VideoDnaOutput {
  std::vector<CreativeLine> winners;
  std::vector<CreativeLine> losers;
  std::int64_t unsure = 0;  // Neither: not enough data.
  std::vector<DnaContrast> apart;
  std::int64_t tested = 0;
  std::int64_t not_enough_data = 0;  // Features that too few of either side have.
  std::vector<std::string> notices;
};

// Winners are creatives whose CTR is surely above that of their account's other ads, at the lower
// end of a 90 % interval, and with `ctr_min` at least that at the lower end; losers those surely
// below. Between the two each film counts once, however many accounts show it, and not where one
// account's winner is another's loser. Features are told apart at a false discovery rate of 10 %
// over all that were tested.
// Errors: not_found (the account).
Result<VideoDnaOutput> video_dna(const VideoDnaInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::VideoDnaInput> {
  using Self = rf::api::VideoDnaInput;
  static constexpr auto fields = std::tuple{
      field("account", &Self::account, "only this account"),
      field("ctr_min", &Self::ctr_min,
            "winners have this CTR at least, surely, as a fraction: 0.03 is the plain rule",
            {.min = 0, .max = 1}),
      field("all", &Self::all, "list features that may differ by chance too")};
};

template <>
struct rf::Described<rf::api::DnaContrast> {
  using Self = rf::api::DnaContrast;
  static constexpr auto fields =
      std::tuple{field("feature", &Self::feature, "of the DNA"),
                 field("unit", &Self::unit, "of both means and the difference"),
                 field("winners", &Self::winners, "their mean"),
                 field("losers", &Self::losers, "their mean"),
                 field("difference", &Self::difference, "winners less losers"),
                 field("low", &Self::low, "lower end of its interval, 90 %"),
                 field("high", &Self::high, "upper end"),
                 field("effect", &Self::effect, "in common standard deviations (Hedges' g)"),
                 field("p", &Self::p, "two-sided"),
                 field("q", &Self::q, "the false discovery rate at which it would be one"),
                 field("n_winners", &Self::n_winners, "in which it is known"),
                 field("n_losers", &Self::n_losers, "in which it is known")};
};

template <>
struct rf::Described<rf::api::VideoDnaOutput> {
  using Self = rf::api::VideoDnaOutput;
  static constexpr auto fields =
      std::tuple{field("winners", &Self::winners, "surely above their account's other ads"),
                 field("losers", &Self::losers, "surely below"),
                 field("unsure", &Self::unsure, "creatives that are neither: not enough data"),
                 field("apart", &Self::apart, "features by which the two differ, surest first"),
                 field("tested", &Self::tested, "how many features could be compared"),
                 field("not_enough_data", &Self::not_enough_data, "how many could not"),
                 field("notices", &Self::notices, "what a reader should know first")};
};
