// Everything behind one ad's verdict, back to file and line.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/film_view.h"
#include "api/operation.h"
#include "model/json_codecs.h"
#include "model/plan.h"

namespace rf::api {

struct ExplainInput {
  std::string ad;
  std::optional<std::string> account;
  std::int64_t days = 28;
};

// One version of one row, as a platform reported it.
struct SourceRow {
  Day day;
  std::string breakdown;
  Instant as_of;
  bool current = true;  // False: restated since.
  std::string file;
  std::int64_t line = 0;
  std::map<std::string, double> counts;  // Only what was reported.
};

struct ExplainOutput {
  PlanItem item;
  std::string group;  // What it is compared with.
  std::int64_t group_ads = 0;
  std::map<std::string, double> closed;   // Sums over every closed day.
  std::map<std::string, double> settled;  // Over days old enough for their conversions.
  std::string attribution;
  std::string conversion_event;
  std::string currency;
  std::vector<SourceRow> sources;
  std::int64_t sources_in_all = 0;
  std::optional<FilmView> film;
  // The creatives most like its own among those whose CTR is surely above, or below, that of their
  // account's other ads. That they look alike and did well or badly is no cause.
  std::vector<CreativeLine> nearest_winners;
  std::vector<CreativeLine> nearest_losers;
  std::string likeness;  // What these rest on, or why there are none.
};

// Errors: not_found; invalid, when several ads answer to the name.
Result<ExplainOutput> explain(const ExplainInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::ExplainInput> {
  using Self = rf::api::ExplainInput;
  static constexpr auto fields =
      std::tuple{field("ad", &Self::ad, "its name, a part of it, its id or its key",
                       {.required = true, .positional = true}),
                 field("account", &Self::account, "only in this account"),
                 field("days", &Self::days, "sources of the last days with numbers",
                       {.min = 1, .max = 10'000})};
};

template <>
struct rf::Described<rf::api::SourceRow> {
  using Self = rf::api::SourceRow;
  static constexpr auto fields =
      std::tuple{field("day", &Self::day, "the account's own day; 1970-01-01 for an undated total"),
                 field("breakdown", &Self::breakdown, "the part, empty for the whole"),
                 field("as_of", &Self::as_of, "when the platform said so"),
                 field("current", &Self::current, "false: restated since"),
                 field("file", &Self::file, "the file"),
                 field("line", &Self::line, "its line"),
                 field("counts", &Self::counts, "what was reported")};
};

template <>
struct rf::Described<rf::api::ExplainOutput> {
  using Self = rf::api::ExplainOutput;
  static constexpr auto fields = std::tuple{
      field("item", &Self::item, "the judgement with its evidence"),
      field("group", &Self::group, "the ads it is compared with"),
      field("group_ads", &Self::group_ads, "how many they are"),
      field("closed", &Self::closed, "sums over every closed day"),
      field("settled", &Self::settled, "sums over days whose conversions have mostly arrived"),
      field("attribution", &Self::attribution, "the setting of its numbers"),
      field("conversion_event", &Self::conversion_event, "what counts as a conversion"),
      field("currency", &Self::currency, "of every amount"),
      field("sources", &Self::sources, "each number's file and line, newest day first"),
      field("sources_in_all", &Self::sources_in_all, "rows and versions in all"),
      field("film", &Self::film, "what it shows; null: not known"),
      field("nearest_winners", &Self::nearest_winners, "the like of it that did surely better"),
      field("nearest_losers", &Self::nearest_losers, "the like of it that did surely worse"),
      field("likeness", &Self::likeness, "what these rest on, or why there are none")};
};
