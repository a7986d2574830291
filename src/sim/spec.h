// What a sandbox world is made from, as a person may write it down.

#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "base/described.h"
#include "model/calendar.h"
#include "model/entity.h"
#include "model/json_codecs.h"

namespace rf::sim {

struct AccountSpec {
  Platform platform = Platform::meta;
  std::string name = "Nordlicht Coffee";
  std::string currency = "USD";
  std::string zone = "America/New_York";
  std::int64_t concepts = 5;
  std::int64_t ads_per_concept = 3;
  double daily_budget = 60;
  double price_level = 1;

  bool operator==(const AccountSpec&) const = default;
};

// The platform counts no conversion that reaches it on these days, for any account.
struct OutageSpec {
  std::int64_t after_days = 30;  // From the first day of the world.
  std::int64_t days = 2;

  bool operator==(const OutageSpec&) const = default;
};

struct WorldSpec {
  std::int64_t seed = 42;
  Day first_day = Day(std::chrono::sys_days(std::chrono::year(2026) / 3 / 2).time_since_epoch());
  std::int64_t days = 28;
  // Source: Var(z) of 453 natural A/A pairs of the Upworthy archive is 1.75.
  double overdispersion = 1.7;
  std::vector<AccountSpec> accounts = {{},
                                       {.platform = Platform::tiktok,
                                        .name = "Nordlicht Coffee UK",
                                        .currency = "GBP",
                                        .zone = "Europe/London",
                                        .concepts = 3},
                                       {.platform = Platform::google,
                                        .name = "Nordlicht Kaffee",
                                        .currency = "EUR",
                                        .zone = "Europe/Berlin",
                                        .concepts = 3}};

  std::vector<OutageSpec> outages;

  double unsettled = 0;
  double learning_cost = 0;
  double rejected_share = 0;

  bool operator==(const WorldSpec&) const = default;
};

}  // namespace rf::sim

namespace rf {

template <>
struct Described<sim::AccountSpec> {
  using A = sim::AccountSpec;
  static constexpr auto fields = std::tuple{
      field("platform", &A::platform, "meta, tiktok or google"),
      field("name", &A::name, "the account's name"),
      field("currency", &A::currency, "ISO 4217 code"),
      field("zone", &A::zone, "IANA time zone"),
      field("concepts", &A::concepts, "ideas, each an ad set of its own", {.min = 1, .max = 10000}),
      field("ads_per_concept", &A::ads_per_concept, "ads that show each idea",
            {.min = 1, .max = 1000}),
      field("daily_budget", &A::daily_budget, "of an ordinary ad, in the currency's unit",
            {.min = 0.01, .max = 1e9}),
      field("price_level", &A::price_level,
            "multiplies prices of media and goods; about 150 for an account in yen",
            {.min = 1e-3, .max = 1e6})};
};

template <>
struct Described<sim::OutageSpec> {
  using O = sim::OutageSpec;
  static constexpr auto fields = std::tuple{
      field("after_days", &O::after_days, "days of the world before it", {.min = 0, .max = 3650}),
      field("days", &O::days, "how long nothing is counted", {.min = 1, .max = 60})};
};

template <>
struct Described<sim::WorldSpec> {
  using W = sim::WorldSpec;
  static constexpr auto fields = std::tuple{
      field("seed", &W::seed, "the same seed makes the same world"),
      field("first_day", &W::first_day, "the first day on which ads run"),
      field("days", &W::days, "the history that the planted ads are made for",
            {.min = 4, .max = 3650}),
      field("overdispersion", &W::overdispersion,
            "variance of counts as a multiple of a binomial's", {.min = 1, .max = 20}),
      field("accounts", &W::accounts, "at most one file for each"),
      field("outages", &W::outages, "when tracking is broken"),
      field("unsettled", &W::unsettled, "share of its newest day that a platform does not show yet",
            {.min = 0, .max = 0.5}),
      field("learning_cost", &W::learning_cost,
            "by how much prices rise while a platform learns anew after a large edit",
            {.min = 0, .max = 1}),
      field("rejected_share", &W::rejected_share,
            "of ads made through an API, by the platform's review", {.min = 0, .max = 1})};
};

}  // namespace rf
