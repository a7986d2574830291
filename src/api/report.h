// The scoreboard of creatives, and the opening of one line of it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "api/film_view.h"
#include "api/operation.h"
#include "model/estimate.h"
#include "model/json_codecs.h"
#include "model/plan.h"

namespace rf::api {

struct ReportInput {
  std::string by = "ad";
  std::optional<std::string> account;
  std::optional<Day> from;
  std::optional<Day> to;
  std::optional<Instant> as_of;
  std::string sort = "spend";
  std::int64_t limit = 50;
};

struct ReportRow {
  std::string key;
  std::string name;
  std::string account;
  std::int64_t ads = 1;
  std::string spend;  // Decimal, in `currency`.
  std::string currency;
  std::optional<std::int64_t> impressions;
  std::optional<std::int64_t> clicks;
  std::optional<double> conversions;
  std::optional<Estimate> hook_rate;
  std::optional<Estimate> hold_rate;
  std::optional<Estimate> ctr;
  std::optional<Estimate> cvr;
  std::optional<Estimate> cpa;
  std::optional<Estimate> roas;
  std::string verdict;
  std::string reason;
  std::optional<Need> need;
  std::optional<bool> fatigued;  // Null: not enough data to say.
  std::string attribution;
  std::string conversion_event;
  std::vector<std::optional<double>> spend_by_day;  // The last fourteen days with numbers.
  std::optional<FilmView> film;  // Of an ad whose film is known; of a group, where it is one film.
};

struct ReportOutput {
  std::vector<ReportRow> rows;
  std::int64_t rows_in_all = 0;
  std::optional<double> unnamed_spend_share;  // When grouped by a dimension of names.
  std::vector<std::string> notices;
};

// Errors: invalid, not_found (the account, the dimension).
Result<ReportOutput> report(const ReportInput& input, Services& services);

}  // namespace rf::api

template <>
struct rf::Described<rf::api::ReportInput> {
  using Self = rf::api::ReportInput;
  static constexpr auto fields = std::tuple{
      field("by", &Self::by,
            "what a row is: ad, adset, campaign, a dimension of names (concept, …), or of films: "
            "creative, hook_type, opening, ending, captions, first_face, cta"),
      field("account", &Self::account, "only this account"),
      field("from", &Self::from, "only days from this one on, 2026-03-01"),
      field("to", &Self::to, "only days up to this one"),
      field("as_of", &Self::as_of, "as it was known then, 2026-03-01 or 2026-03-01T14:00:00Z"),
      field("sort", &Self::sort, "spend, ctr, cvr, cpa, roas, hook_rate, hold_rate or conversions"),
      field("limit", &Self::limit, "at most this many rows", {.min = 1, .max = 1'000'000})};
};

template <>
struct rf::Described<rf::api::ReportRow> {
  using Self = rf::api::ReportRow;
  static constexpr auto fields = std::tuple{
      field("key", &Self::key, "under which it is remembered, or the dimension's value"),
      field("name", &Self::name, "as people know it"),
      field("account", &Self::account, "whose it is"),
      field("ads", &Self::ads, "how many ads are in this row"),
      field("spend", &Self::spend, "decimal, in the currency"),
      field("currency", &Self::currency, "ISO 4217 code"),
      field("impressions", &Self::impressions, "null: not reported"),
      field("clicks", &Self::clicks, "link clicks; all clicks where links are not reported"),
      field("conversions", &Self::conversions, "that have arrived; null: not reported"),
      field("hook_rate", &Self::hook_rate, "of impressions, watched 3 s (TikTok: 2 s)"),
      field("hold_rate", &Self::hold_rate, "of those, watched to the end or 15 s (TikTok: 6 s)"),
      field("ctr", &Self::ctr, "clicks per impression"),
      field("cvr", &Self::cvr, "conversions per click"),
      field("cpa", &Self::cpa, "spend per conversion, in the currency"),
      field("roas", &Self::roas, "conversion value per spend"),
      field("verdict", &Self::verdict,
            "kill, promote, increase_budget, decrease_budget, keep or wait"),
      field("reason", &Self::reason, "why, in words"),
      field("need", &Self::need, "what is still missing before it can be judged"),
      field("fatigued", &Self::fatigued, "performance is falling; null: not enough data"),
      field("attribution", &Self::attribution, "the setting of its numbers"),
      field("conversion_event", &Self::conversion_event, "what counts as a conversion"),
      field("spend_by_day", &Self::spend_by_day, "the last fourteen days"),
      field("film", &Self::film, "what the ad shows; null: not known, or several")};
};

template <>
struct rf::Described<rf::api::ReportOutput> {
  using Self = rf::api::ReportOutput;
  static constexpr auto fields = std::tuple{
      field("rows", &Self::rows, "the first `limit` of them"),
      field("rows_in_all", &Self::rows_in_all, "how many there are"),
      field("unnamed_spend_share", &Self::unnamed_spend_share,
            "share of spend whose names do not fit the taxonomy"),
      field("notices", &Self::notices, "what a reader should know before trusting the numbers")};
};
