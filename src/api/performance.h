// One ad's numbers by day, as its platform reported them.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/operation.h"
#include "model/json_codecs.h"

namespace rf::api {

struct PerformanceInput {
  std::string ad_id;
  std::string date_range;
  std::string platform;
  std::optional<std::string> account;
};

struct PerformanceDay {
  Day day;
  std::string attribution;
  std::string conversion_event;
  std::map<std::string, double> counts;
};

struct PerformanceOutput {
  std::string ad;
  std::string name;
  std::string account;
  std::string platform;
  std::string currency;
  std::optional<Day> from;
  std::optional<Day> to;
  std::vector<PerformanceDay> days;
  std::map<std::string, double> totals;
  std::vector<std::string> notices;
};

// Errors: not_found, when no ad has that id; invalid, when several do, or the range is none.
Result<PerformanceOutput> performance(const PerformanceInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::PerformanceInput> {
  using Self = rf::api::PerformanceInput;
  static constexpr auto fields =
      std::tuple{field("ad_id", &Self::ad_id, "the platform's id of the ad, its key or its name",
                       {.required = true, .positional = true}),
                 field("date_range", &Self::date_range,
                       "2026-03-01..2026-03-07, one day, or last_7d; all days if left out"),
                 field("platform", &Self::platform, "only on this platform: meta, tiktok, google"),
                 field("account", &Self::account, "only in this account")};
};

template <>
struct rf::Described<rf::api::PerformanceDay> {
  using Self = rf::api::PerformanceDay;
  static constexpr auto fields =
      std::tuple{field("day", &Self::day, "the account's own day"),
                 field("attribution", &Self::attribution, "the setting of these numbers"),
                 field("conversion_event", &Self::conversion_event, "what counts as a conversion"),
                 field("counts", &Self::counts, "what was reported; what is missing was not")};
};

template <>
struct rf::Described<rf::api::PerformanceOutput> {
  using Self = rf::api::PerformanceOutput;
  static constexpr auto fields =
      std::tuple{field("ad", &Self::ad, "the key under which it is remembered"),
                 field("name", &Self::name, "as people know it"),
                 field("account", &Self::account, "whose it is"),
                 field("platform", &Self::platform, "where it runs"),
                 field("currency", &Self::currency, "of every amount, ISO 4217"),
                 field("from", &Self::from, "the first day with numbers"),
                 field("to", &Self::to, "the last day with numbers"),
                 field("days", &Self::days, "oldest first; no line for a day without numbers"),
                 field("totals", &Self::totals,
                       "sums over these days; empty where they were measured in different ways"),
                 field("notices", &Self::notices, "what a reader should know first")};
};
